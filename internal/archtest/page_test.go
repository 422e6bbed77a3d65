package archtest

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	floorRow = regexp.MustCompile(`(?m)^\| (\d+) \| (.+) \|$`)
	inBraces = regexp.MustCompile(`(?:internal/|state/)?\{[^}]*\}|[a-z][a-z0-9/]*`)
	goFile   = regexp.MustCompile(`^[a-z0-9_/]+\.go$`)
	testName = regexp.MustCompile(`^(?:([a-z]+)\.)?(Test[A-Za-z0-9]+)$`)
)

// The floors of docs/architecture.md are those of [floors].
func TestThePageHasTheFloors(t *testing.T) {
	rows := floorRow.FindAllStringSubmatch(read(t, "docs/architecture.md"), -1)
	if len(rows) != len(floors) {
		t.Fatalf("docs/architecture.md has %d floors, want %d", len(rows), len(floors))
	}
	for i, row := range rows[:len(rows)-1] { // the last one is in words
		said, want := listedPackages(row[2]), slices.Clone(floors[i])
		slices.Sort(said)
		slices.Sort(want)
		if !slices.Equal(said, want) {
			t.Errorf("floor %d of docs/architecture.md has\n%v\nwant\n%v", i, said, want)
		}
	}
}

// listedPackages spells out internal/{a, b} and plain names.
func listedPackages(text string) (all []string) {
	for _, part := range inBraces.FindAllString(text, -1) {
		before, list, braces := strings.Cut(strings.TrimSuffix(part, "}"), "{")
		if !braces {
			all = append(all, part)
			continue
		}
		for name := range strings.SplitSeq(list, ", ") {
			all = append(all, before+name)
		}
	}
	return all
}

// Each Go file and test that docs/architecture.md names is there.
func TestThePageNamesFilesThatExist(t *testing.T) {
	files, tests := map[string]bool{}, map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") {
			return err
		}
		at := "/" + strings.TrimPrefix(filepath.ToSlash(path), root+"/")
		for i := range at { // by each end of its path
			if at[i] == '/' {
				files[at[i+1:]] = true
			}
		}
		src, err := os.ReadFile(path)
		for _, m := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllSubmatch(src, -1) {
			tests[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range named.FindAllStringSubmatch(read(t, "docs/architecture.md"), -1) {
		if name := m[1]; goFile.MatchString(name) && !files[name] {
			t.Errorf("docs/architecture.md names %s, which is not there", name)
		} else if m := testName.FindStringSubmatch(name); m != nil && !tests[m[2]] {
			t.Errorf("docs/architecture.md names the test %s, which is not there", name)
		}
	}
}
