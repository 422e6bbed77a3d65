package archtest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	unraced = regexp.MustCompile(`norace\.Main\(\w`)
	beside  = regexp.MustCompile(`(?m)^\s*go (func\(|[\w.]+\()|\.Go\(|\berrgroup\b|\.Parallel\(\)`)
)

// A package whose tests run without the race detector starts no goroutines, and its
// tests do not run beside each other.
func TestPackagesWithoutTheRaceDetector(t *testing.T) {
	mains, err := filepath.Glob(filepath.Join(root, "*", "*_test.go"))
	for _, deeper := range []string{"*/*", "*/*/*"} {
		more, err2 := filepath.Glob(filepath.Join(root, deeper, "*_test.go"))
		if mains = append(mains, more...); err == nil {
			err = err2
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, path := range mains {
		if src, err := os.ReadFile(path); err != nil || !unraced.Match(src) {
			continue
		}
		found++
		all, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range all {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if at := beside.Find(src); at != nil && !strings.HasSuffix(file, "archtest/norace_test.go") {
				t.Errorf("%s has %q, and the tests of its package run without the race detector", file, at)
			}
		}
	}
	if found < 10 {
		t.Errorf("%d packages run their tests without the race detector; want more, or another search", found)
	}
}
