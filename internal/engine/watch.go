package engine

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema/kinds"
)

// watch looks at many objects on behalf of all that wait for one of them: one
// list request watches a hundred.
type watch struct {
	conn Connection

	mu      sync.Mutex
	waiters map[*waiter]bool
	seen    map[watched]string // as last told to those who waited
	end     context.CancelFunc // ends the rounds; nil while nobody waits
}

// watched is what somebody waits for: a property of one object.
type watched struct {
	kind *kinds.Kind
	id   string
	what string // the attribute; "" for what an object that exists still waits for
}

// waiter is somebody who waits for an object to move.
type waiter struct {
	watched
	is  func(seen cty.Value) string // what counts of the object
	was string                      // what it was when the wait began

	since time.Time
	told  chan struct{} // closed once it is not what it was
}

func newWatch(conn Connection) *watch {
	return &watch{conn: conn, waiters: make(map[*waiter]bool), seen: make(map[watched]string)}
}

// last returns what those who waited for w were last told, "" if the object
// could not be looked at, and false if nobody has waited for it yet.
func (w *watch) last(what watched) (string, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	is, ok := w.seen[what]
	return is, ok
}

// until returns when the object is not what it was, or cannot be looked at, or
// ctx is done.
func (w *watch) until(ctx context.Context, what watched, is func(seen cty.Value) string, was string) {
	wt := &waiter{watched: what, is: is, was: was, since: time.Now(), told: make(chan struct{})}
	w.mu.Lock()
	w.seen[what] = was
	w.waiters[wt] = true
	if w.end == nil {
		var rounds context.Context
		rounds, w.end = context.WithCancel(context.WithoutCancel(ctx))
		go w.rounds(rounds)
	}
	w.mu.Unlock()
	select {
	case <-wt.told:
	case <-ctx.Done():
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.waiters, wt)
	if len(w.waiters) == 0 && w.end != nil {
		w.end()
		w.end = nil
	}
}

// Looks come further apart the longer the youngest waits, and the more
// requests they take: no more than four a second.
const (
	firstLook, longestLook = 250 * time.Millisecond, 10 * time.Second
	perRequest             = 250 * time.Millisecond
	patience               = 3 // rounds that may fail in a row
)

func (w *watch) rounds(ctx context.Context) {
	var asked int64
	failures := make(map[*kinds.Kind]int)
	for {
		select {
		case <-time.After(max(w.interval(), time.Duration(asked)*perRequest)):
		case <-ctx.Done():
			return
		}
		asked = 0
		for k, targets := range w.targets() {
			l := &looker{conn: w.conn, kind: k, slots: newSlots(4), see: func(s sight) (bool, error) { return true, w.tell(k, s) }}
			err := l.look(ctx, targets)
			asked += l.asked.Load()
			if failures[k]++; err == nil {
				failures[k] = 0
			} else if failures[k] >= patience {
				w.fail(k) // they find out themselves what is wrong, and say it
			}
		}
	}
}

func (w *watch) interval() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	age := longestLook * 2
	for wt := range w.waiters {
		age = min(age, time.Since(wt.since))
	}
	return max(firstLook, min(age/2, longestLook))
}

// targets returns what is waited for, by kind.
func (w *watch) targets() map[*kinds.Kind][]target {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := make(map[*kinds.Kind][]target)
	for wt := range w.waiters {
		all[wt.kind] = append(all[wt.kind], target{id: wt.id})
	}
	for k, targets := range all {
		slices.SortFunc(targets, func(a, b target) int { return cmp.Compare(a.id, b.id) })
		all[k] = slices.Compact(targets)
	}
	return all
}

// tell wakes those who wait for what is not as it was any more.
func (w *watch) tell(k *kinds.Kind, s sight) error {
	if s.err != nil && !errors.Is(s.err, kinds.ErrGone) {
		return s.err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for wt := range w.waiters {
		switch {
		case wt.kind != k || wt.id != s.id:
		case s.err != nil:
			w.wake(wt, "")
		case wt.is(s.obj.Seen) != wt.was:
			w.wake(wt, wt.is(s.obj.Seen))
		}
	}
	return nil
}

// fail wakes all who wait for an object of a kind that cannot be looked at.
func (w *watch) fail(k *kinds.Kind) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for wt := range w.waiters {
		if wt.kind == k {
			w.wake(wt, "")
		}
	}
}

// wake ends a wait, and keeps what is told: "" if that is not known.
func (w *watch) wake(wt *waiter, is string) {
	close(wt.told)
	delete(w.waiters, wt)
	w.seen[wt.watched] = is
}
