package archtest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	fact    = regexp.MustCompile(`(?m)^\| (\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$`)
	verdict = regexp.MustCompile(`^(right|partly|absent)(: .+)?$`)
)

// docs/kira.md has one row for each fact of Kira's documents. Where it says that
// a fact is handled, there has to be a file that does it and a test that holds it.
func TestFactsAreHeld(t *testing.T) {
	page := read(t, "docs/kira.md")
	counts := make(map[string]int)
	for i, row := range fact.FindAllStringSubmatch(page, -1) {
		n, what, handled, held, judged := row[1], row[2], row[3], row[4], row[5]
		if n != strconv.Itoa(i+1) {
			t.Fatalf("row %d has the number %s", i+1, n)
		}
		m := verdict.FindStringSubmatch(judged)
		if m == nil {
			t.Errorf("%s, %s: %q is no verdict", n, what, judged)
			continue
		}
		counts[m[1]]++
		if m[1] != "right" && m[2] == "" {
			t.Errorf("%s, %s: %s, but not what is not done", n, what, judged)
		}
		files, tests := named.FindAllStringSubmatch(handled, -1), named.FindAllStringSubmatch(held, -1)
		if m[1] != "absent" && (len(files) == 0 || len(tests) == 0) {
			t.Errorf("%s, %s: no file or no test is named", n, what)
		}
		for _, f := range files {
			if _, err := os.Stat(filepath.Join(root, f[1])); err != nil {
				t.Errorf("%s, %s: there is no %s", n, what, f[1])
			}
		}
		for _, f := range tests {
			file, name, isTest := strings.Cut(f[1], ":")
			src, err := os.ReadFile(filepath.Join(root, file))
			if isTest == strings.HasSuffix(file, ".txtar") || err != nil || isTest && !strings.Contains(string(src), "\nfunc "+name+"(") {
				t.Errorf("%s, %s: there is no %s", n, what, f[1])
			}
		}
	}
	sum := counts["right"] + counts["partly"] + counts["absent"]
	want := fmt.Sprintf("Of %d facts %d are right, %d partly, %d absent and 0 wrong.", sum, counts["right"], counts["partly"], counts["absent"])
	if sum < 200 || !strings.Contains(page, want) {
		t.Errorf("docs/kira.md does not say %q", want)
	}
}
