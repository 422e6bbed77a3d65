package state_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"kiraform/state"
)

// Wherever a change of keys is cut off, the state finds the key that it names.
func TestRenew(t *testing.T) {
	path := filepath.Join(t.TempDir(), ".kiraform", "key")
	keys := state.Keys{Paths: []string{path}}
	old, err := keys.Find("")
	if err != nil {
		t.Fatal(err)
	}
	finds := func(when string, want ...state.Key) {
		t.Helper()
		for _, k := range want {
			if got, err := keys.Have(k.ID()); err != nil || got.ID() != k.ID() {
				t.Errorf("%s: %s is not found: %v", when, k.ID(), err)
			}
		}
	}
	r, err := keys.Renew(old.ID())
	if err != nil || r.Lost() || r.Old.ID() != old.ID() || r.New.ID() == old.ID() {
		t.Fatalf("%+v, %v", r, err)
	}
	finds("before the state is saved", old, r.New)
	if err := r.Finish(); err != nil {
		t.Fatal(err)
	}
	finds("at the end", old, r.New)
	if at, err := state.ReadKey(path, ""); err != nil || at.ID() != r.New.ID() {
		t.Errorf("the file has %v", err)
	}
	if kept, err := state.ReadKey(r.Kept, ""); err != nil || kept.ID() != old.ID() {
		t.Errorf("the old key is not kept: %v", err)
	}

	again, err := keys.Renew(r.New.ID())
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Abandon(); err != nil {
		t.Fatal(err)
	}
	if files, err := os.ReadDir(filepath.Dir(path)); err != nil || len(files) != 3 { // .gitignore, key, key.ID
		t.Errorf("a key that is not used is left: %v, %v", files, err)
	}

	lost, err := keys.Renew("0badcafe")
	if err != nil || !lost.Lost() || lost.New.ID() != r.New.ID() {
		t.Errorf("another key at hand: %v", err)
	}
	env := state.Keys{Env: "a passphrase of some length", Paths: keys.Paths}
	fresh, err := env.Renew(r.New.ID())
	if err != nil || fresh.Lost() || fresh.New.ID() == r.New.ID() {
		t.Errorf("from a file to the variable: %v", err)
	}
	if _, err := env.Renew(fresh.New.ID()); err == nil {
		t.Error("the key of the state is taken for another one")
	}
}

// A change of keys that died after the state was saved is brought to its end by the
// next one, which never goes back to the key of before.
func TestRenewGoesOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), ".kiraform", "key")
	keys := state.Keys{Paths: []string{path}}
	old, err := keys.Find("")
	if err != nil {
		t.Fatal(err)
	}
	died, err := keys.Renew(old.ID())
	if err != nil {
		t.Fatal(err)
	}
	next, err := keys.Renew(died.New.ID())
	if err != nil || next.Lost() || next.New.ID() == old.ID() || next.New.ID() == died.New.ID() {
		t.Fatalf("the next key is %s, after %s and %s: %v", next.New.ID(), old.ID(), died.New.ID(), err)
	}
	if err := next.Finish(); err != nil {
		t.Fatal(err)
	}
	for _, k := range []state.Key{old, died.New, next.New} {
		if _, err := keys.Have(k.ID()); err != nil {
			t.Errorf("%s is lost: %v", k.ID(), err)
		}
	}

	// Two states that share a key can be given another one at the same time.
	one, err := keys.Renew(next.New.ID())
	if err != nil {
		t.Fatal(err)
	}
	two, err := keys.Renew(next.New.ID())
	if err := errors.Join(err, one.Finish(), two.Finish()); err != nil {
		t.Fatal(err)
	}
	for _, k := range []state.Key{next.New, one.New, two.New} {
		if _, err := keys.Have(k.ID()); err != nil {
			t.Errorf("%s is lost: %v", k.ID(), err)
		}
	}
}
