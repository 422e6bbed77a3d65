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
	goFile   = regexp.MustCompile(`^[A-Za-z0-9_/.-]+\.go$`)
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

var (
	link  = regexp.MustCompile(`\]\(([^)#\s]+)`)
	anyOf = regexp.MustCompile(`[A-Z]{4}`) // KIND.go is any of them
)

// Each Go file, test and page that a page names is there.
func TestPagesNameFilesThatExist(t *testing.T) {
	files, tests := namesOf(t)
	pages := []string{"README.md"}
	for _, pattern := range []string{"docs/*.md", ".github/*.md"} {
		found, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, path := range found {
			pages = append(pages, strings.TrimPrefix(filepath.ToSlash(path), root+"/"))
		}
	}
	for _, page := range pages {
		text := read(t, page)
		for _, m := range named.FindAllStringSubmatch(text, -1) {
			for name := range strings.FieldsFuncSeq(m[1], func(r rune) bool { return r == ':' }) { // file:test
				if goFile.MatchString(name) && !anyOf.MatchString(name) && !files[name] {
					t.Errorf("%s names %s, which is not there", page, name)
				} else if m := testName.FindStringSubmatch(name); m != nil && !tests[m[2]] {
					t.Errorf("%s names the test %s, which is not there", page, name)
				}
			}
		}
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(root, filepath.Dir(page), m[1])); err != nil {
				t.Errorf("%s leads to %s, which is not there", page, m[1])
			}
		}
	}
}

var testFunc = regexp.MustCompile(`(?m)^func (Test\w+)\(`)

// namesOf returns the Go files, by each end of their paths, and the tests in them.
func namesOf(t *testing.T) (files, tests map[string]bool) {
	t.Helper()
	files, tests = make(map[string]bool), make(map[string]bool)
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") {
			return err
		}
		at := "/" + strings.TrimPrefix(filepath.ToSlash(path), root+"/")
		for i := range at {
			if at[i] == '/' {
				files[at[i+1:]] = true
			}
		}
		src, err := os.ReadFile(path)
		for _, m := range testFunc.FindAllSubmatch(src, -1) {
			tests[string(m[1])] = true
		}
		return err
	})
	if err != nil || len(tests) < 500 {
		t.Fatalf("%d tests, %v", len(tests), err)
	}
	return files, tests
}
