package file_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kiraform/internal/disk"
	"kiraform/state"
	"kiraform/state/file"
	"kiraform/state/statetest"
)

func TestTheLastGenerationsAreKept(t *testing.T) {
	f := newFile(t)
	s := state.New("lineage")
	for i := range 13 {
		s.Apply(object(fmt.Sprint("n", i)))
		save(t, f, s)
	}
	all, err := f.History(t.Context())
	if err != nil || len(all) != 10 {
		t.Fatalf("%d generations are kept, %v; want 10", len(all), err)
	}
	for i, g := range all {
		if want := uint64(13 - i); g.Serial != want || g.Resources != int(want) || g.Lineage != "lineage" || g.Damaged != nil {
			t.Errorf("generation %d is %+v", i, g)
		}
	}
	again := state.New("another")
	if err := os.Remove(f.Path); err != nil {
		t.Fatal(err)
	}
	save(t, f, again)
	if all, err = f.History(t.Context()); err != nil || len(all) != 11 || all[0].Lineage != "another" {
		t.Errorf("a state that was begun anew leaves %d generations, the first %+v", len(all), all[0])
	}
}

func TestRestore(t *testing.T) {
	f := newFile(t)
	s := state.New("lineage")
	s.Apply(object("a"))
	save(t, f, s) // 1
	s.Apply(object("b"))
	s.Apply(state.Record{Addr: user("a"), Left: &state.LeftBehind{Addr: user("a"), ID: "a", Why: "forgotten", At: noon}})
	save(t, f, s) // 2

	r, err := f.Restore(t.Context(), 1, admitted)
	if err != nil || r.Serial != 3 || len(r.Left) != 1 || r.Left[0].ID != "b" {
		t.Fatalf("Restore = %+v, %v", r, err)
	}
	found := load(t, f)
	if fmt.Sprint(found.Addrs()) != "[kira_user.a]" || found.Serial != 3 {
		t.Errorf("the state has %v and serial %d", found.Addrs(), found.Serial)
	}
	if len(found.Left) != 1 || found.Left[0].ID != "b" {
		t.Errorf("the ledger is %+v; want b, which nothing manages now, and not a, which is managed again", found.Left)
	}
	if _, err := f.Restore(t.Context(), 9, admitted); err == nil || !strings.Contains(err.Error(), "but these are: 3, 2, 1") {
		t.Errorf("restoring what is not kept: %v", err)
	}
	if r, err = f.Restore(t.Context(), 2, admitted); err != nil || r.Serial != 4 {
		t.Errorf("and back: %+v, %v", r, err)
	}
}

func TestRestoreOfAFileThatIsGoneOrBroken(t *testing.T) {
	for _, tt := range []struct {
		name    string
		destroy func(f file.Store) error
		damaged bool
	}{
		{"empty", func(f file.Store) error { return os.Truncate(f.Path, 0) }, true},
		{"cut", func(f file.Store) error { return os.Truncate(f.Path, 100) }, true},
		{"removed", func(f file.Store) error { return os.Remove(f.Path) }, false},
	} {
		for _, amid := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, in the middle of a run: %t", tt.name, amid), func(t *testing.T) {
				f := newFile(t)
				s := state.New("lineage")
				save(t, f, s)
				s.Apply(object("a"))
				save(t, f, s)
				if amid {
					journal(t, f, s, object("b"))
				}
				if err := tt.destroy(f); err != nil {
					t.Fatal(err)
				}
				found, err := f.Load(t.Context())
				if want := tt.damaged || amid; want != (err != nil) {
					t.Fatalf("Load = %v, %v", found, err)
				}
				if err != nil && !strings.Contains(err.Error(), "kiraform state restore 2") {
					t.Errorf("the error does not say how to go on: %v", err)
				}
				r, err := f.Restore(t.Context(), 2, admitted)
				if err != nil || r.Serial != 2 || (r.Replayed > 0) != amid {
					t.Fatalf("Restore = %+v, %v", r, err)
				}
				statetest.Same(t, load(t, f), s)
				if _, err := os.Stat(f.Path + ".damaged"); errors.Is(err, os.ErrNotExist) == tt.damaged {
					t.Errorf("a copy of the damaged file: %v", err)
				}
				if left := load(t, f); left.Serial != s.Serial {
					t.Errorf("serial %d, want %d", left.Serial, s.Serial)
				}
			})
		}
	}
}

// The cost of a resource does not depend on how many there are: a journal is
// only ever added to.
func TestAppendWritesOnlyItsRecord(t *testing.T) {
	f := newFile(t)
	s := state.New("lineage")
	for i := range 2000 {
		s.Apply(object(fmt.Sprint("n", i)))
	}
	save(t, f, s)
	written := 0
	j, err := f.WithFaults(func(c disk.Call) error { written += len(c.Data); return nil }).Journal(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	before := written
	if err := j.Append(object("one")); err != nil {
		t.Fatal(err)
	}
	if cost := written - before; cost == 0 || cost > 300 {
		t.Errorf("a record in a state of 2000 resources writes %d bytes", cost)
	}
	if err := j.Close(); err != nil {
		t.Error(err)
	}
}

// A restore keeps the consents of now, for the objects that are still there.
func TestRestoreKeepsConsents(t *testing.T) {
	f := newFile(t)
	s := state.New("lineage")
	s.Apply(object("a"))
	s.Apply(object("b"))
	s.Consents[user("b")] = state.Consent{ID: "b"}
	save(t, f, s) // 1
	delete(s.Consents, user("b"))
	s.Apply(object("c"))
	s.Consents[user("a")], s.Consents[user("c")] = state.Consent{ID: "a"}, state.Consent{ID: "c"}
	save(t, f, s) // 2
	if _, err := f.Restore(t.Context(), 1, admitted); err != nil {
		t.Fatal(err)
	}
	found := load(t, f)
	if _, ok := found.Consented(user("a")); !ok || len(found.Consents) != 1 {
		t.Errorf("the consents are %v, want that of a, which was given since", found.Consents)
	}
}

// A restore brings back how things were, and not that a plan was never carried
// out.
func TestRestoreKeepsWhatWasCarriedOut(t *testing.T) {
	f := file.Store{Path: filepath.Join(t.TempDir(), "state.json")}
	s := state.New("lineage")
	if err := f.Save(context.Background(), s); err != nil {
		t.Fatal(err)
	}
	s.Carry("p", time.Now())
	if err := f.Save(context.Background(), s); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Restore(context.Background(), 1, admitted); err != nil {
		t.Fatal(err)
	}
	if s, err := f.Load(context.Background()); err != nil || s.Carried("p").IsZero() {
		t.Errorf("it is forgotten: %+v, %v", s, err)
	}
}
