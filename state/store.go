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
	// or nil if nothing was ever stored. A state that is there but cannot be
	// read is an error, never "nothing".
	Load(ctx context.Context) (*State, error)

	// Save replaces the stored state by s with the next serial, which it sets
	// in s, and empties the journal. It fails with ErrStale if the stored
	// state is not the one s was loaded from. Where nothing is stored, a state that
	// comes from elsewhere goes on with its serial.
	Save(ctx context.Context, s *State) error

	// Journal opens the journal that belongs to s, which must have been saved
	// or loaded from this store.
	Journal(ctx context.Context, s *State) (Journal, error)
}

// A Journal takes down each step of a run before it is taken, and its outcome,
// so that a run which dies loses nothing. It is safe for concurrent use.
type Journal interface {
	// Append returns once r is durable. Calls that overlap share one flush.
	Append(r Record) error
	Close() error
}

// Record is one line of a journal. It says one thing at least, and all that it
// says at once, so that no crash comes between: an object that takes the place
// of another, or that answers a request.
type Record struct {
	Addr   addr.Resource
	Intent *Intent        // about to be sent, from this address; it takes the place of one with its key
	Object *Object        // now exists as this
	Left   *LeftBehind    // no longer managed
	Ends   []string       // keys of the intents whose outcome is known by this
	Unsent string         // key of an intent whose last exchange did not reach Kira; "" for none
	Run    *Run           // is about to be carried out, or was, or is known to be as this; it takes the place of one with its key
	Undone string         // key of a run that was not carried out, and never will be; "" for none
	Ran    *addr.Resource // an action that was due for the object at Addr, and is no more

	legacy bool // of an earlier kiraform: an object, or nothing at all, ends the intents of its address
}

// Apply changes s to the state after r.
func (s *State) Apply(r Record) {
	if r.Intent != nil {
		in := *r.Intent
		in.Addr = r.Addr
		s.Intents[in.Key] = in
	}
	if in, ok := s.Intents[r.Unsent]; ok {
		in.Unsent = true
		s.Intents[r.Unsent] = in
	}
	for _, key := range r.Ends {
		delete(s.Intents, key)
	}
	if r.legacy {
		s.endAt(r.Addr)
	}
	if r.Undone != "" {
		delete(s.Runs, r.Undone)
	}
	if r.Run != nil {
		s.enter(*r.Run)
	}
	if r.Ran != nil {
		s.strike(r.Addr, *r.Ran)
	}
	if r.Left != nil {
		s.Leave(*r.Left)
		if s.Resources[r.Addr].ID == r.Left.ID {
			delete(s.Resources, r.Addr)
		}
	}
	if r.Object != nil {
		s.Resources[r.Addr] = *r.Object
		if len(r.Ends) > 0 { // it was written, and not just looked at
			s.release(r.Addr)
		}
	}
	s.spend(r.Addr)
}

// ErrStale is returned by Save when another run has written since Load.
var ErrStale = errors.New("the state was changed by another run")
