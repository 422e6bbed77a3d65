package file_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"kiraform/state"
	"kiraform/state/statetest"
)

func TestRestoreOfAnEncryptedState(t *testing.T) {
	id := newIdentity(t)
	f, s := encrypted(t, id)
	s.Apply(object("canary"))
	save(t, f, s)
	if err := os.Truncate(f.Path, 200); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Load(t.Context()); err == nil || !strings.Contains(err.Error(), "state restore") {
		t.Fatalf("Load = %v", err)
	}
	if _, err := f.Restore(t.Context(), s.Serial, admitted); err != nil {
		t.Fatal(err)
	}
	statetest.Same(t, load(t, f), s)
	if text := filesOf(t, f); strings.Contains(text, "canary") {
		t.Errorf("in clear after a restore:\n%s", text)
	}
}

func TestADamagedGenerationOfAnEncryptedState(t *testing.T) {
	f, s := encrypted(t, newIdentity(t))
	save(t, f, s)
	for _, path := range []string{f.Path, generation(f, int(s.Serial))} {
		if err := os.Truncate(path, 200); err != nil {
			t.Fatal(err)
		}
	}
	_, err := f.Load(t.Context())
	if _, ok := errors.AsType[*state.DamagedError](err); !ok {
		t.Errorf("Load = %v", err)
	}
	all, err := f.History(t.Context())
	if err != nil || len(all) < 2 {
		t.Fatalf("History = %v, %v", all, err)
	}
	damaged := 0
	for _, g := range all {
		if g.Damaged != nil {
			damaged++
		}
	}
	if damaged != 1 {
		t.Errorf("%d generations are damaged, want one", damaged)
	}
}
