package file_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kiraform/state"
	"kiraform/state/memory"
)

var maria = state.Holder{ID: "run-1", Who: "maria@acme", PID: 4242, Command: "kiraform apply", Since: noon}

func TestLockedErrorSaysWhatToDo(t *testing.T) {
	const want = "the state is locked by maria@acme (kiraform apply, process 4242) since 2026-03-01 12:00:00 UTC; " +
		"wait until that run has ended. Only if it is gone for certain: kiraform force-unlock run-1"
	if got := (&state.LockedError{Holder: maria}).Error(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := new(state.LockedError).Error(); !strings.Contains(got, "try again") {
		t.Errorf("without a holder: %s", got)
	}
}

func TestWhatADeadRunLeavesLocksNobodyOut(t *testing.T) {
	f := newFile(t)
	write(t, f.Path+".lock", nil)
	write(t, f.Path+".lock.info", []byte(`{"id": "run-0", "who": "luis@acme"}`))
	unlock, err := f.Lock(t.Context(), maria)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.Lock(t.Context(), state.Holder{ID: "run-2"})
	if e, ok := errors.AsType[*state.LockedError](err); !ok || e.Holder != maria {
		t.Errorf("Lock = %v, want one that names maria and not luis", err)
	}
	if err := unlock(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(f.Path + ".lock.info"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("after unlock, the holder is still named (%v)", err)
	}
}

func TestAHolderThatCannotBeReadLocksAllTheSame(t *testing.T) {
	f := newFile(t)
	unlock, err := f.Lock(t.Context(), maria)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	write(t, f.Path+".lock.info", []byte("{"))
	_, err = f.Lock(t.Context(), maria)
	if e, ok := errors.AsType[*state.LockedError](err); !ok || e.Holder != (state.Holder{}) {
		t.Errorf("Lock = %v, want a LockedError without a holder", err)
	}
}

func TestForceUnlock(t *testing.T) {
	f := newFile(t)
	if err := f.ForceUnlock(t.Context(), "run-1"); err == nil || !strings.Contains(err.Error(), "not locked") {
		t.Errorf("of a state that is not locked: %v", err)
	}
	unlock, err := f.Lock(t.Context(), maria)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.ForceUnlock(t.Context(), "run-9"); err == nil || !strings.Contains(err.Error(), "run-1") {
		t.Errorf("of another run: %v, want an error that names the holder", err)
	}
	if err := f.ForceUnlock(t.Context(), "run-1"); err != nil {
		t.Fatal(err)
	}

	luis := state.Holder{ID: "run-2", Who: "luis@acme"}
	theirs, err := f.Lock(t.Context(), luis)
	if err != nil {
		t.Fatalf("Lock after ForceUnlock: %v", err)
	}
	if err := unlock(); err != nil { // the run was not gone after all
		t.Error(err)
	}
	_, err = f.Lock(t.Context(), maria)
	if e, ok := errors.AsType[*state.LockedError](err); !ok || e.Holder.ID != "run-2" {
		t.Errorf("Lock = %v; want that luis still holds it", err)
	}
	if err := theirs(); err != nil {
		t.Error(err)
	}
}

func TestLockIsNotTakenForACancelledRun(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f := newFile(t)
	if _, err := f.Lock(ctx, maria); !errors.Is(err, context.Canceled) {
		t.Errorf("Lock = %v", err)
	}
}

func TestLockWithin(t *testing.T) {
	held := func(t *testing.T) (state.Store, func() error) {
		store := memory.New()
		unlock, err := store.Lock(t.Context(), maria)
		if err != nil {
			t.Fatal(err)
		}
		return store, unlock
	}
	t.Run("takes a lock that comes free in time", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			store, unlock := held(t)
			time.AfterFunc(9*time.Second, func() { _ = unlock() })
			began := time.Now()
			again, err := state.LockWithin(t.Context(), store, state.Holder{ID: "run-2"}, 10*time.Second)
			if took := time.Since(began); err != nil || took < 9*time.Second || took > 10*time.Second {
				t.Fatalf("took %v, %v", took, err)
			}
			if err := again(); err != nil {
				t.Error(err)
			}
		})
	})
	t.Run("names the holder when time is up", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			store, _ := held(t)
			began := time.Now()
			_, err := state.LockWithin(t.Context(), store, state.Holder{ID: "run-2"}, 10*time.Second)
			if e, ok := errors.AsType[*state.LockedError](err); !ok || e.Holder != maria || time.Since(began) != 10*time.Second {
				t.Errorf("after %v: %v", time.Since(began), err)
			}
		})
	})
	t.Run("names the holder when the lock is lost in another way", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			store, _ := held(t)
			broken := errors.New("the disk is gone")
			_, err := state.LockWithin(t.Context(), &breaks{Store: store, err: broken}, state.Holder{ID: "run-2"}, 10*time.Second)
			if _, ok := errors.AsType[*state.LockedError](err); !ok || !errors.Is(err, broken) {
				t.Errorf("LockWithin = %v, want both errors", err)
			}
		})
	})
	t.Run("does not wait at all for no time", func(t *testing.T) {
		store, _ := held(t)
		if _, err := state.LockWithin(t.Context(), store, maria, 0); err == nil {
			t.Error("the lock was taken twice")
		}
	})
	t.Run("ends when the run is cancelled", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			store, _ := held(t)
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, err := state.LockWithin(ctx, store, maria, time.Hour)
			if _, ok := errors.AsType[*state.LockedError](err); !ok || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("LockWithin = %v, want both who holds it and that the time is up", err)
			}
		})
	})
}

// breaks is a store that can be asked for its lock once.
type breaks struct {
	state.Store
	asked bool
	err   error
}

func (b *breaks) Lock(ctx context.Context, who state.Holder) (func() error, error) {
	if b.asked {
		return nil, b.err
	}
	b.asked = true
	return b.Store.Lock(ctx, who)
}
