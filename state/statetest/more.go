package statetest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/state"
)

// TestHistory checks the rules of a [state.Historian], as [TestStore] does those of a
// Store.
func TestHistory(t *testing.T, open func() state.Store) {
	history := func(t *testing.T) []state.Generation {
		t.Helper()
		all, err := open().(state.Historian).History(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	if all := history(t); len(all) != 0 {
		t.Fatalf("of a state that was never saved %d generations are kept", len(all))
	}
	s := state.New("lineage")
	for i := range 13 {
		s.Resources[user(fmt.Sprint("n", i))] = state.Object{ID: fmt.Sprint(i), Sent: sealed(map[string]cty.Value{"email": cty.StringVal(fmt.Sprint(i))})}
		save(t, open(), s)
	}
	all := history(t)
	if len(all) != 10 {
		t.Fatalf("%d generations are kept, want 10", len(all))
	}
	for i, g := range all {
		if want := uint64(13 - i); g.Serial != want || g.Resources != int(want) || g.Lineage != "lineage" || g.Damaged != nil || g.At.IsZero() {
			t.Errorf("generation %d is %+v", i, g)
		}
	}
	admitted := 0
	admit := func(*state.State) error { admitted++; return nil }
	r, err := open().(state.Historian).Restore(t.Context(), 5, admit)
	if err != nil || r.Serial != 14 || len(r.Left) != 8 || admitted != 1 {
		t.Fatalf("Restore = %+v, %v, admitted %d times", r, err, admitted)
	}
	now := load(t, open())
	if len(now.Resources) != 5 || now.Resources[user("n4")].ID != "4" || len(now.Left) != 8 {
		t.Errorf("what was restored has %d resources and leaves %d behind", len(now.Resources), len(now.Left))
	}
	if _, err := open().(state.Historian).Restore(t.Context(), 1, admit); err == nil || err.Error() != state.NotKept(1, []uint64{14, 13, 12, 11, 10, 9, 8, 7, 6, 5}).Error() {
		t.Errorf("a generation that is not kept any more: %v", err)
	}
	Same(t, load(t, open()), now)
}

// TestWarden checks the rules of a [state.Warden].
func TestWarden(t *testing.T, open func() state.Store) {
	status := func(t *testing.T) state.LockStatus {
		t.Helper()
		s, err := open().(state.Warden).LockStatus(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if s := status(t); s.Held || s.Holder != (state.Holder{}) {
		t.Errorf("nobody took the lock, and its status is %+v", s)
	}
	maria := state.Holder{ID: "run-1", Who: "maria@acme", PID: 7, Command: "kiraform apply", Since: noon}
	unlock, err := open().Lock(t.Context(), maria)
	if err != nil {
		t.Fatal(err)
	}
	if s := status(t); !s.Held || s.Holder != maria {
		t.Errorf("maria holds the lock, and its status is %+v", s)
	}
	if err := open().(state.Warden).ForceUnlock(t.Context(), "run-2"); err == nil {
		t.Error("the lock of another run was taken away")
	}
	if err := open().(state.Warden).ForceUnlock(t.Context(), "run-1"); err != nil {
		t.Error(err)
	}
	ana, err := open().Lock(t.Context(), state.Holder{ID: "run-3"})
	if err != nil {
		t.Fatalf("Lock once it was taken away: %v", err)
	}
	if err := unlock(); err != nil {
		t.Error(err)
	}
	if s := status(t); !s.Held || s.Holder.ID != "run-3" {
		t.Errorf("a run whose lock was taken away gave back that of another: %+v", s)
	}
	if err := errors.Join(ana(), open().(state.Warden).ForceUnlock(t.Context(), "run-3")); err == nil {
		t.Error("a lock was taken away that nobody holds")
	}
}

// TestArrival checks that a state which comes from elsewhere goes on with its serial
// where nothing is stored, and nowhere else.
func TestArrival(t *testing.T, open func() state.Store) {
	s := state.New("lineage")
	s.Serial = 57
	save(t, open(), s)
	if got := load(t, open()); got.Serial != 58 {
		t.Errorf("it goes on with the serial %d, want 58", got.Serial)
	}
	other := state.New("lineage")
	other.Serial = 60
	if err := open().Save(t.Context(), other); !errors.Is(err, state.ErrStale) {
		t.Errorf("Save over it = %v, want ErrStale", err)
	}
}
