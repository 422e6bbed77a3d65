package cli

import (
	"sync"

	"kiraform/internal/event"
)

// desk is where a view hands in the decisions of the person who looks at a run.
// A wish to leave answers a question. Where nobody is asked, it is a wish to
// stop: a view must not close on a run that goes on.
type desk struct {
	decisions chan event.Decision
	stops     chan struct{} // has a value for each wish to stop

	mu      sync.Mutex
	acting  bool // the run changes something, without a question
	pending bool // a wish to leave that was handed in before that
}

func newDesk() *desk {
	return &desk{decisions: make(chan event.Decision, 1), stops: make(chan struct{}, 2)}
}

// decide hands in d. It never blocks.
func (k *desk) decide(d event.Decision) {
	k.mu.Lock()
	defer k.mu.Unlock()
	_, leaves := d.(event.Leave)
	switch d.(type) {
	case event.Stop, event.Cancel:
		notify(k.stops, struct{}{})
		return
	}
	if leaves && k.acting {
		notify(k.stops, struct{}{})
		return
	}
	k.pending = leaves
	notify(k.decisions, d)
}

// asks says that a question is on its way, so that a wish to leave answers it.
func (k *desk) asks() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.acting = false
}

// unasked turns every wish to leave, also one that was handed in and not yet
// taken, into a wish to stop.
func (k *desk) unasked() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.acting = true
	if !k.pending {
		return
	}
	select {
	case <-k.decisions:
		notify(k.stops, struct{}{})
	default: // a question took it
	}
}

// notify hands something over, unless nobody has taken the one before.
func notify[T any](to chan<- T, v T) {
	select {
	case to <- v:
	default:
	}
}
