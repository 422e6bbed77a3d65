// Package sched runs tasks concurrently and everything else on one goroutine.
//
// The caller's goroutine is the coordinator: it alone starts tasks, runs the
// functions that they post and finishes them, so whatever those touch needs no
// lock.
package sched

import (
	"context"
	"errors"

	"kiraform/internal/graph"
)

// ErrStopped is returned when a run was stopped before everything was done.
var ErrStopped = errors.New("stopped before everything was done")

// A Task does the slow part of the work, on a goroutine beside the coordinator,
// and returns the work for the coordinator to do when it has ended. If it panics,
// that ends the run like a finisher's error does: the tasks that run beside it
// are not torn down.
type Task func(s *Slot) (finish func() error)

// Slot is a place among the tasks that run at once. A task has it until it ends, or
// until it needs it no more.
type Slot struct {
	inbox chan<- func()
	give  func() // on the coordinator
}

// Post has the coordinator run f, after everything that the task has posted before. It
// does not wait for that.
func (s *Slot) Post(f func()) { s.inbox <- f }

// Free gives the slot to another task. The work that is left of this one goes on
// without: it must not be about anything of which only so much may happen at once.
func (s *Slot) Free() { s.Post(s.give) }

// Run is one walk over a graph. Its methods are for the coordinator only.
type Run[N graph.Node[N]] struct {
	walk   *graph.Walk[N]
	slots  int
	start  func(N) Task
	queue  []N
	ready  []Task // that wait for a slot
	busy   int    // tasks that hold a slot
	ending int    // tasks that run on without one
	parked int    // nodes that wait without one
	inbox  chan func()
	work   chan func()     // for goroutines that have ended a task
	wait   context.Context // done once the run is stopped
	failed error
}

// New returns a run over w with at most slots tasks at once. The function
// start is called for each node that is ready and again for each that was
// parked; it must not block. The finisher of its task must mark the node in w,
// or park it. As many tasks as have slots are made ahead of their time; those of
// a run that is stopped before it comes to them never run.
func New[N graph.Node[N]](w *graph.Walk[N], slots int, start func(N) Task) *Run[N] {
	return &Run[N]{walk: w, slots: slots, start: start, inbox: make(chan func(), slots), work: make(chan func())}
}

// Do runs until nothing is left that could be started. Once stop is closed, or
// a finisher has failed, nothing more is started, parked tasks are woken, and
// Do returns after the running tasks have been finished, with ErrStopped or the
// finisher's error.
func (r *Run[N]) Do(stop <-chan struct{}) error {
	var wake context.CancelFunc
	r.wait, wake = context.WithCancel(context.Background())
	defer wake()
	defer close(r.work)
	for {
		select {
		case <-stop: // before anything is started
			stop = nil
			r.fail(ErrStopped)
		default:
		}
		r.queue = append(r.queue, r.walk.Ready()...)
		r.proceed()
		if r.failed != nil {
			wake()
		}
		if r.busy+r.ending+r.parked == 0 {
			return r.failed
		}
		select {
		case f := <-r.inbox: // before a task is made ahead of its time
			f()
			continue
		default:
		}
		if r.ahead() {
			continue
		}
		select {
		case f := <-r.inbox:
			f()
		case <-stop:
			stop = nil
			r.fail(ErrStopped)
		}
	}
}

// proceed launches tasks while there are slots.
func (r *Run[N]) proceed() {
	for r.failed == nil && r.busy < r.slots && (len(r.ready) > 0 || r.ahead()) {
		task := r.ready[0]
		r.ready = r.ready[1:]
		r.launch(task)
	}
}

// ahead makes the task that comes next, and reports whether there was one to make.
func (r *Run[N]) ahead() bool {
	if r.failed != nil || len(r.queue) == 0 || len(r.ready) == r.slots {
		return false
	}
	n := r.queue[0]
	r.queue = r.queue[1:]
	r.ready = append(r.ready, r.start(n))
	return true
}

func (r *Run[N]) launch(task Task) {
	r.busy++
	held := true
	slot := &Slot{inbox: r.inbox, give: func() {
		if held {
			held = false
			r.busy--
			r.ending++
		}
	}}
	do := func() {
		var finish func() error
		bug := Catch(func() error {
			finish = task(slot)
			return nil
		})
		r.inbox <- func() {
			if held {
				r.busy--
			} else {
				r.ending--
			}
			if bug != nil {
				r.fail(bug)
				return
			}
			r.fail(finish())
		}
	}
	select {
	case r.work <- do:
	default:
		go r.worker(do)
	}
}

// worker does one task after another, on a stack that has grown by then.
func (r *Run[N]) worker(do func()) {
	for more := true; more; do, more = <-r.work {
		do()
	}
}

func (r *Run[N]) fail(err error) {
	if r.failed == nil {
		r.failed = err
	}
}

// Park puts n aside without a slot until wait returns, and then starts it
// again. The context of wait is done once the run is stopped.
func (r *Run[N]) Park(n N, wait func(ctx context.Context, post func(func()))) {
	r.parked++
	go func() {
		wait(r.wait, func(f func()) { r.inbox <- f })
		r.inbox <- func() {
			r.parked--
			r.queue = append(r.queue, n)
		}
	}()
}
