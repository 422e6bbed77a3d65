package state_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"kiraform/state"
)

// A key is found by its id, wherever it is, and one that does not fit is never
// taken for it.
func TestKeysFind(t *testing.T) {
	dir := t.TempDir()
	near, far := filepath.Join(dir, "near", "key"), filepath.Join(dir, "far", "key")
	keys := state.Keys{Paths: []string{near, far}}
	if _, err := keys.Have(""); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("there is a key already: %v", err)
	}
	other, err := state.LoadKey(far, "")
	if err != nil {
		t.Fatal(err)
	}
	if k, err := keys.Find(other.ID()); err != nil || k.ID() != other.ID() {
		t.Errorf("in the second file: %v", err)
	}
	missing := func(when, id string, k state.Keys) *state.OtherKeyError {
		t.Helper()
		_, err := k.Find(id)
		e, ok := errors.AsType[*state.OtherKeyError](err)
		if !ok {
			t.Fatalf("%s: %v", when, err)
		}
		return e
	}
	if e := missing("none", "0badcafe", keys); e.Env != "" || len(e.Files) != 2 || e.Has[0] != "" || e.Has[1] != other.ID() {
		t.Errorf("none fits: %+v", e)
	}
	if _, err := os.Stat(near); err == nil {
		t.Fatal("looking for a key made one")
	}
	made, err := keys.Find("")
	if err != nil || !made.Fresh() || made.ID() == other.ID() {
		t.Errorf("a state without a key: %v", err)
	}
	env := state.Keys{Env: "a passphrase of some length", Paths: keys.Paths}
	if e := missing("the variable", made.ID(), env); e.Env == "" || len(e.Files) != 1 || e.Files[0] != near {
		t.Errorf("a file has the key: %+v", e)
	}
	if e := missing("the variable", "0badcafe", env); len(e.Files) != 0 {
		t.Errorf("no file has the key: %+v", e)
	}
}

// Where a state that shares the key names one, no second key is made.
func TestKeysAreMadeOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	keys := state.Keys{Paths: []string{path}, Others: func() ([]state.Sharer, error) {
		return []state.Sharer{{Name: "other.json", KeyID: func() (string, error) { return "0badcafe", nil }}}, nil
	}}
	_, err := keys.Find("")
	if e, ok := errors.AsType[*state.OtherKeyError](err); !ok || e.Want != "0badcafe" || e.Of != "other.json" {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a second key was made")
	}
}
