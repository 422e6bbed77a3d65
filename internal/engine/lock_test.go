package engine_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"kiraform/internal/engine"
	"kiraform/state"
)

// A run says that it waits for another one only if it does.
func TestWaitingForALock(t *testing.T) {
	w := newWorld(t)
	unlock, err := w.store().Lock(t.Context(), state.Holder{ID: "first"})
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	for _, wait := range []time.Duration{0, time.Millisecond} {
		o := w.options(household(0, "ana"))
		o.Holder, o.LockWait = state.Holder{ID: "second"}, wait
		p, err := engine.Open(o)
		if err != nil {
			t.Fatal(err)
		}
		_, err = p.Lock(t.Context())
		if held, ok := errors.AsType[*state.LockedError](err); !ok || held.Holder.ID != "first" {
			t.Errorf("wait %v: %v", wait, err)
		}
		if says := slices.Contains(w.diagnostics("warning"), "waiting-for-lock"); says != (wait > 0) {
			t.Errorf("wait %v: it says that it waits: %t", wait, says)
		}
	}
}
