package archtest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	quirk = regexp.MustCompile(`(?m)^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$`)
	named = regexp.MustCompile("`([^`]+)`")
)

// docs/kira.md names files and tests; they must be there, or it misleads.
func TestQuirksAreWhereTheyAreSaidToBe(t *testing.T) {
	page := read(t, "docs/kira.md")
	rows := quirk.FindAllStringSubmatch(page, -1)
	if len(rows) < 20 {
		t.Fatalf("docs/kira.md has %d rows; is it still a table?", len(rows))
	}
	for _, row := range rows {
		what, handled, simulated, held := row[1], row[2], row[3], row[4]
		if what == "quirk" || strings.HasPrefix(what, "---") {
			continue
		}
		if handled == "-" && simulated == "-" {
			t.Errorf("%q is neither handled nor simulated", what)
		}
		for _, m := range named.FindAllStringSubmatch(handled+simulated, -1) {
			if _, err := os.Stat(filepath.Join(root, m[1])); err != nil {
				t.Errorf("%q: there is no %s", what, m[1])
			}
		}
		for _, m := range named.FindAllStringSubmatch(simulated, -1) {
			if !strings.HasPrefix(m[1], "internal/simulator/") {
				t.Errorf("%q: %s is not of the simulator", what, m[1])
			}
		}
		tests := named.FindAllStringSubmatch(held, -1)
		if len(tests) == 0 {
			t.Errorf("no test holds %q", what)
		}
		for _, m := range tests {
			file, name, _ := strings.Cut(m[1], ":")
			src, err := os.ReadFile(filepath.Join(root, file))
			if err != nil || !strings.Contains(string(src), "\nfunc "+name+"(") {
				t.Errorf("%q: there is no test %s in %s", what, name, file)
			}
		}
	}
}
