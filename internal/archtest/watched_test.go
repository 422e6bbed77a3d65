package archtest

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	simulated = regexp.MustCompile(`\bsimulator\.Server\{`)
	watched   = regexp.MustCompile(`\bsimtest\.(Behave|Watch)\b|\.serve\(sim\b|\.Misbehaviour\(\)`)
)

// A test that makes a simulator watches its clients: nobody sees a request that
// Kira refuses and the program shrugs off.
func TestSimulatorsAreWatched(t *testing.T) {
	found := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") || strings.Contains(filepath.ToSlash(path), "internal/simulator/") {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if !simulated.Match(src) {
			return nil
		}
		found++
		if !watched.Match(src) {
			t.Errorf("%s makes a simulator that nothing watches: call simtest.Behave", path)
		}
		if bytes.Contains(src, []byte("Transport: sim}")) {
			t.Errorf("%s calls a simulator that cannot tell its clients apart: use Dial", path)
		}
		return nil
	})
	if err != nil || found < 5 {
		t.Errorf("%d tests make simulators, %v; want more", found, err)
	}
}
