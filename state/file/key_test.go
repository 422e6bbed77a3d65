package file_test

import (
	"path/filepath"
	"testing"

	"kiraform/state"
	"kiraform/state/file"
)

// A state says which key it has, and a folder which states were saved there.
func TestStatesThatShareAKeyAreFound(t *testing.T) {
	f := newFile(t)
	if id, err := f.KeyID(); err != nil || id != "" {
		t.Errorf("no state has the key %q, %v", id, err)
	}
	st := state.New("lineage")
	st.KeyID = "0badcafe"
	save(t, f, st)
	if id, err := f.KeyID(); err != nil || id != "0badcafe" {
		t.Errorf("the key is %q, %v", id, err)
	}
	beside, err := file.Beside(filepath.Dir(f.Path))
	if err != nil || len(beside) != 1 || beside[0] != f.Path {
		t.Errorf("beside are %q, %v", beside, err)
	}
}
