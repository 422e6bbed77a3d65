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

// A Task does the slow part of the work, on a goroutine of its own, which holds
// one of the slots. It may post functions to the coordinator while it runs, and
// returns the work for the coordinator to do when it has ended. If it panics,
// that ends the run like a finisher's error does: the tasks that run beside it
// are not torn down.
type Task func(post func(func())) (finish func() error)

// Run is one walk over a graph. Its methods are for the coordinator only.
type Run[N graph.Node[N]] struct {
	walk   *graph.Walk[N]
	slots  int
	start  func(N) Task
	queue  []N
	busy   int // tasks that hold a slot
	parked int // nodes that wait without one
	inbox  chan func()
	wait   context.Context // done once the run is stopped
	failed error
}

// New returns a run over w with at most slots tasks at once. The function
// start is called for each node that is ready and again for each that was
// parked; it must not block. The finisher of its task must mark the node in w,
// or park it.
func New[N graph.Node[N]](w *graph.Walk[N], slots int, start func(N) Task) *Run[N] {
	return &Run[N]{walk: w, slots: slots, start: start, inbox: make(chan func())}
}

// Do runs until nothing is left that could be started. Once stop is closed, or
// a finisher has failed, nothing more is started, parked tasks are woken, and
// Do returns after the running tasks have been finished, with ErrStopped or the
// finisher's error.
func (r *Run[N]) Do(stop <-chan struct{}) error {
	var wake context.CancelFunc
	r.wait, wake = context.WithCancel(context.Background())
	defer wake()
	for {
		select {
		case <-stop: // before anything is started
			stop = nil
			r.fail(ErrStopped)
		default:
		}
		r.queue = append(r.queue, r.walk.Ready()...)
		for len(r.queue) > 0 && r.busy < r.slots && r.failed == nil {
			n := r.queue[0]
			r.queue = r.queue[1:]
			r.launch(r.start(n))
		}
		if r.failed != nil {
			wake()
		}
		if r.busy == 0 && r.parked == 0 {
			return r.failed
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

func (r *Run[N]) launch(task Task) {
	r.busy++
	go func() {
		var finish func() error
		bug := Catch(func() error {
			finish = task(func(f func()) { r.inbox <- f })
			return nil
		})
		r.inbox <- func() {
			r.busy--
			if bug != nil {
				r.fail(bug)
				return
			}
			r.fail(finish())
		}
	}()
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
