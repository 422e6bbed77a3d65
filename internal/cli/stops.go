package cli

import (
	"context"
	"os"
	"sync/atomic"
	"syscall"
)

// stops turns a person's wish to stop, by a signal or in a view, into signals
// that the engine understands: the first closes stop, the second cancels the
// context. A terminal that is closed counts once, however often that is heard
// of.
func (a *app) stops(ctx context.Context, who *audience) *stops {
	ctx, cancel := context.WithCancel(ctx)
	first, gone := make(chan struct{}), make(chan struct{})
	w := &wishes{signals: a.Interrupts, who: who, lost: who.lost}
	s := &stops{ctx: ctx, first: first, cancel: cancel, gone: gone, wishes: w}
	go func() {
		defer close(gone)
		if !w.next(ctx) {
			return
		}
		who.say("\nInterrupted: " + s.words(
			"nothing more is looked at, and nothing is changed.",
			"nothing more is started, and running operations are waited for. Interrupt again to cancel it."))
		close(first)
		if w.next(ctx) {
			who.say("\nCancelled. " + s.words("Nothing was changed.",
				"The requests that were sent are in the journal, and the next run takes them up.") + " Interrupt again to end at once.")
			cancel()
			who.dismiss()
		}
	}()
	return s
}

// stops are the wishes to stop one run.
type stops struct {
	ctx    context.Context // ends with the second
	first  <-chan struct{} // closed by the first
	cancel context.CancelFunc
	gone   <-chan struct{}
	wishes *wishes

	acting atomic.Bool // the run changes something: before that it only looks, or asks
}

// words are those for a run that looks, or those for one that changes something.
func (s *stops) words(looks, acts string) string {
	if s.acting.Load() {
		return acts
	}
	return looks
}

// end listens no more. It may be called again.
func (s *stops) end() { s.cancel(); <-s.gone }

// stays ends s, and reports whether the person who stopped the run once, by a key, still
// looks at it.
func (s *stops) stays() bool {
	s.end()
	return s.wishes.keys == 1 && s.wishes.signs == 0
}

// wishes are the ways in which a person asks to stop.
type wishes struct {
	signals <-chan os.Signal
	who     *audience
	lost    <-chan struct{} // nil once it is known
	hungUp  bool

	keys, signs int // how many there were, by a key and in other ways
}

// next waits for the next wish, and reports false if ctx ends before. Whoever
// sends a signal does not look at the view.
func (w *wishes) next(ctx context.Context) bool {
	for {
		hangUp := false
		select {
		case s := <-w.signals:
			hangUp = s == syscall.SIGHUP
		case <-w.lost:
			w.lost, hangUp = nil, true
		case <-w.who.stops:
			w.keys++
			return true
		case <-ctx.Done():
			return false
		}
		if hangUp && w.hungUp {
			continue
		}
		w.hungUp = w.hungUp || hangUp
		w.signs++
		w.who.dismiss()
		return true
	}
}

// until returns a context that ends with ctx, or once stop is closed. It is for
// work that changes nothing, and may be given up.
func until(ctx context.Context, stop <-chan struct{}) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	if closed(stop) {
		cancel()
	}
	go func() {
		select {
		case <-stop:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// interruptible returns a context that ends when the user asks to stop, for a
// command that is no run.
func (a *app) interruptible(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-a.Interrupts:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

func closed(stop <-chan struct{}) bool {
	select {
	case <-stop:
		return true
	default:
		return false
	}
}
