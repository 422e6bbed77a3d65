package lang_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kiraform/internal/lang"
)

// TestFunctionsAreDocumented holds that docs/functions.md names every function,
// those that are left out too, and no other.
func TestFunctionsAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/functions.md")
	if err != nil {
		t.Fatal(err)
	}
	table, _, _ := strings.Cut(string(page), "\n## ")
	var listed []string
	for _, m := range regexp.MustCompile("`([a-z0-9]+)`").FindAllStringSubmatch(table[strings.Index(table, "| of |"):], -1) {
		listed = append(listed, m[1])
	}
	var there []string
	for name := range lang.Functions(nil) {
		if !strings.Contains(name, "::") {
			there = append(there, name)
		}
	}
	slices.Sort(listed)
	slices.Sort(there)
	if !slices.Equal(listed, there) {
		t.Errorf("docs/functions.md lists\n%v\nand there are\n%v", listed, there)
	}
	for name := range lang.LeftOut {
		if !strings.Contains(string(page), "| `"+name+"` |") {
			t.Errorf("docs/functions.md does not say why %s is left out", name)
		}
	}
}
