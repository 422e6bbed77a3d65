package state

import (
	"context"
	"errors"

	"kiraform/internal/addr"
)

// A Store keeps a State between runs. Implementations must pass
// [kiraform/state/statetest.TestStore].
type Store interface {
	// Lock keeps other runs out until the returned function is called.
	// It returns a *LockedError when another run holds the lock.
	Lock(ctx context.Context, who Holder) (unlock func() error, err error)

	// Load returns the stored state, with every record of the journal applied,
	// or nil if nothing was ever stored. What is there but cannot be read is
	// an error, never "nothing".
	Load(ctx context.Context) (*State, error)

	// Save replaces the stored state by s with the next serial, which it sets
	// in s, and empties the journal. It fails with ErrStale if the stored
	// state is not the one s was loaded from.
	Save(ctx context.Context, s *State) error

	// Journal opens the journal that belongs to s, which must have been saved
	// or loaded from this store.
	Journal(ctx context.Context, s *State) (Journal, error)
}

// A Journal takes down what a run is about to do and what came of it, so that
// a run which dies loses nothing. It is safe for concurrent use.
type Journal interface {
	// Append returns once r is durable. Calls that overlap share one flush.
	Append(r Record) error
	Close() error
}

// Record is one line of a journal. Exactly one of its pointers is set, or
// Cleared is true; but what leaves one object behind for another says both at
// once, so that no crash comes between them.
type Record struct {
	Addr    addr.Resource
	Intent  *Intent     // about to be sent
	Object  *Object     // now exists as this; ends the intent
	Left    *LeftBehind // no longer managed
	Cleared bool        // refused for certain; ends the intent
}

// Apply makes s what it is after r.
func (s *State) Apply(r Record) {
	switch {
	case r.Intent != nil:
		s.Pending[r.Addr] = *r.Intent
	case r.Cleared:
		delete(s.Pending, r.Addr)
	}
	if r.Left != nil {
		s.Left = append(s.Left, *r.Left)
		if s.Resources[r.Addr].ID == r.Left.ID {
			delete(s.Resources, r.Addr)
		}
	}
	if r.Object != nil {
		s.Resources[r.Addr] = *r.Object
		delete(s.Pending, r.Addr)
	}
}

// ErrStale is returned by Save when another run has written since Load.
var ErrStale = errors.New("the state was changed by another run")
