package live

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/schema/kinds"
)

// Watch looks at many objects on behalf of all that wait for one of them: one
// list request watches a hundred.
type Watch struct {
	base kinds.Call

	mu      sync.Mutex
	waiters map[addr.Object][]*waiter
	seen    map[Watched]string      // as last told to those who waited
	found   map[addr.Object]finding // with which they were woken
	ctx     context.Context         // of the rounds
	end     context.CancelFunc      // ends the rounds; nil while nobody waits

	prompted map[addr.Object]time.Time // when an object was last looked at for [Watch.Look]
	due      map[addr.Object]bool      // such looks that are still to come
}

// Watched is a property of one object that somebody waits for.
type Watched struct {
	addr.Object
	Attr string // "" for the gate that an existing object still waits for
}

// finding is an object as it woke those who waited for it.
type finding struct {
	sight
	at time.Time // when the look at it began
}

// fresh is how long an observation stands for the object.
const fresh = 30 * time.Second

// Found returns an object that has just woken those who waited for it, so that it
// need not be looked at again. It may be a row of a list, which lacks the
// attributes in unlooked.
func (w *Watch) Found(id addr.Object, before cty.Value) (o kinds.Object, unlooked []string, ok bool) {
	k, _ := kinds.ByName(id.Kind)
	w.mu.Lock()
	f, ok := w.found[id]
	w.mu.Unlock()
	if !ok || time.Since(f.at) > fresh || f.row && (short(k, f.obj.Seen, before) || misplaced(k, f.obj.Seen, before)) {
		return o, nil, false
	}
	if o = f.obj; f.row {
		o.Seen, unlooked = withoutLacks(k, o.Seen, before)
	} else {
		o.Seen = Carry(k.Schema, o.Seen, before)
	}
	return o, unlooked, true
}

// waiter is somebody who waits for an object to move.
type waiter struct {
	Watched
	is  func(seen cty.Value) string // the property of the object that counts
	was string                      // its value when the wait began
	now bool                        // the wait ends with the first look, whatever that shows

	since time.Time
	told  chan struct{} // closed once the property has changed
}

// NewWatch returns a watch whose requests begin with base.
func NewWatch(base kinds.Call) *Watch {
	return &Watch{base: base, waiters: make(map[addr.Object][]*waiter), seen: make(map[Watched]string), found: make(map[addr.Object]finding),
		prompted: make(map[addr.Object]time.Time), due: make(map[addr.Object]bool)}
}

// Last returns the value that those who waited for w were last told, "" if the
// object could not be looked at, and false if nobody has waited for it yet.
func (w *Watch) Last(what Watched) (string, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	is, ok := w.seen[what]
	return is, ok
}

// Until returns when the property has changed, or the object cannot be looked
// at, or ctx is done.
func (w *Watch) Until(ctx context.Context, what Watched, is func(seen cty.Value) string, was string) {
	w.await(ctx, &waiter{Watched: what, is: is, was: was})
}

// Once returns when the object has been looked at, together with all others that
// somebody asks for at about the same time.
func (w *Watch) Once(ctx context.Context, what Watched, is func(seen cty.Value) string, was string) {
	w.await(ctx, &waiter{Watched: what, is: is, was: was, now: true})
}

func (w *Watch) await(ctx context.Context, wt *waiter) {
	wt.since, wt.told = time.Now(), make(chan struct{})
	w.mu.Lock()
	w.seen[wt.Watched] = wt.was
	w.waiters[wt.Object] = append(w.waiters[wt.Object], wt)
	if w.end == nil {
		w.ctx, w.end = context.WithCancel(context.WithoutCancel(ctx))
		go w.rounds(w.ctx)
	}
	w.mu.Unlock()
	select {
	case <-wt.told:
	case <-ctx.Done():
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.leave(wt)
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

func (w *Watch) rounds(ctx context.Context) {
	var asked int64
	failures := make(map[*kinds.Kind]int)
	for {
		select {
		case <-time.After(max(w.interval(), time.Duration(asked)*perRequest)):
		case <-ctx.Done():
			return
		}
		asked = 0
		began := time.Now()
		for k, targets := range w.targets() {
			l := &looker{base: w.base, kind: k, slots: newSlots(4), see: func(s sight) (bool, error) { return true, w.tell(k, s, began) }}
			err := l.look(ctx, targets)
			asked += l.asked.Load()
			if failures[k]++; err == nil {
				failures[k] = 0
			} else if failures[k] >= patience {
				w.fail(k) // they find the failure themselves, and say it
			}
		}
	}
}

func (w *Watch) interval() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	age := longestLook * 2
	for _, all := range w.waiters {
		for _, wt := range all {
			age = min(age, time.Since(wt.since))
		}
	}
	return max(firstLook, min(age/2, longestLook))
}

// targets returns the objects that are waited for, by kind.
func (w *Watch) targets() map[*kinds.Kind][]target {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := make(map[*kinds.Kind][]target)
	for id := range w.waiters {
		k, _ := kinds.ByName(id.Kind)
		all[k] = append(all[k], target{id: id.ID})
	}
	for _, targets := range all {
		slices.SortFunc(targets, func(a, b target) int { return cmp.Compare(a.id, b.id) })
	}
	return all
}

// tell wakes those whose property has changed, by a look that began at a time. It says
// nothing to those who have begun to wait since: they know of later things, such as an
// answer to their own request.
func (w *Watch) tell(k *kinds.Kind, s sight, began time.Time) error {
	if s.err != nil && !errors.Is(s.err, kinds.ErrGone) {
		return s.err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	id := addr.Object{Kind: k.Schema.Name, ID: s.id}
	delete(w.found, id)
	for _, wt := range slices.Clone(w.waiters[id]) { // those who are woken leave
		switch {
		case wt.since.After(began):
		case s.err != nil:
			w.wake(wt, "")
		case wt.now || wt.is(s.obj.Seen) != wt.was:
			w.found[id] = finding{s, began}
			w.wake(wt, wt.is(s.obj.Seen))
		}
	}
	return nil
}

// fail wakes all who wait for an object of a kind that cannot be looked at.
func (w *Watch) fail(k *kinds.Kind) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for id, all := range w.waiters {
		if id.Kind != k.Schema.Name {
			continue
		}
		for _, wt := range slices.Clone(all) {
			w.wake(wt, "")
		}
	}
}

// wake ends a wait, and keeps the value that is told: "" if that is not known.
func (w *Watch) wake(wt *waiter, is string) {
	close(wt.told)
	w.leave(wt)
	w.seen[wt.Watched] = is
}

// leave takes one who does not wait any more out of the waiters.
func (w *Watch) leave(wt *waiter) {
	rest := slices.DeleteFunc(w.waiters[wt.Object], func(other *waiter) bool { return other == wt })
	if w.waiters[wt.Object] = rest; len(rest) == 0 {
		delete(w.waiters, wt.Object)
	}
}
