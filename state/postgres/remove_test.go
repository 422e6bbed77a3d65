package postgres_test

import (
	"context"
	"errors"
	"testing"

	"kiraform/state"
)

// A state that was removed and made again is another one: a run that held the lock of
// the first does not hold that of the second, and does not remove it.
func TestAStateThatWasRemovedAndMadeAgain(t *testing.T) {
	server := open(t)
	lock := func(who string) (s interface {
		Held(context.Context) error
		Remove(context.Context) error
	}, unlock func() error) {
		store := server.Store("default")
		unlock, err := store.Lock(t.Context(), state.Holder{ID: who})
		if err != nil {
			t.Fatal(err)
		}
		return store, unlock
	}
	alice, unlock := lock("alice")
	defer unlock()
	if err := server.Store("default").ForceUnlock(t.Context(), "alice"); err != nil {
		t.Fatal(err)
	}
	if err := alice.Remove(t.Context()); !errors.Is(err, state.ErrLost) {
		t.Errorf("without the lock: %v", err)
	}
	bob, unlockBob := lock("bob")
	defer unlockBob()
	if err := errors.Join(bob.Remove(t.Context()), bob.Remove(t.Context())); err != nil {
		t.Fatalf("with the lock, once and again: %v", err)
	}
	carol, unlockCarol := lock("carol")
	defer unlockCarol()
	for name, s := range map[string]interface{ Remove(context.Context) error }{"alice": alice, "bob": bob} {
		if err := s.Remove(t.Context()); !errors.Is(err, state.ErrLost) {
			t.Errorf("%s removes the state that carol works on: %v", name, err)
		}
	}
	if err := carol.Held(t.Context()); err != nil {
		t.Error(err)
	}
	if err := server.Store("default").ForceUnlock(t.Context(), "carol"); err != nil {
		t.Error(err)
	}
}
