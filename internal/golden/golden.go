// Package golden compares the output of a test with a file under testdata.
//
// It is for tests only. "go test ./internal/ui/... -update" writes the files
// instead, and the difference is then read in version control.
package golden

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"kiraform/internal/textdiff"
)

var update = flag.Bool("update", false, "write golden files instead of comparing with them")

// Equal fails the test, showing the difference, unless got is the content of
// testdata/name.
func Equal(t testing.TB, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", filepath.FromSlash(name))
	if *update {
		write(t, path, got)
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run with -update to write it)", err)
	}
	if d := textdiff.Lines(string(want), got); d != "" {
		t.Errorf("%s is not what the test produced (- file, + test):\n%s", path, d)
	}
}

func write(t testing.TB, path, got string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
		t.Fatal(err)
	}
}
