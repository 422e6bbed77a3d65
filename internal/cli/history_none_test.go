package cli_test

import (
	"strings"
	"testing"
)

// A person is told that nothing is kept; a program reads an empty list.
func TestNoGenerationIsKept(t *testing.T) {
	f := newFolder(t, map[string]string{"main.kira.hcl": pin})
	says(t, f.must(0, "state", "history"), "it was never saved")
	if said := f.must(0, "state", "history", "-json"); strings.Contains(said, "never saved") {
		t.Errorf("a program is told %s", said)
	}
}
