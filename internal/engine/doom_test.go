package engine_test

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"

	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/kira"
	"kiraform/internal/simulator"
	"kiraform/state"
)

var errDead = errors.New("the run is dead")

// doom kills a run in process: after a number of moments, which are all that
// happens on disk and on screen, nothing of it reaches the disk or Kira any
// more. Requests that have left may still arrive.
type doom struct {
	left atomic.Int64 // moments until death; negative once dead
	end  context.CancelFunc
}

// newDoom returns a doom that strikes at the nth moment from now.
func newDoom(n int, end context.CancelFunc) *doom {
	d := &doom{end: end}
	d.left.Store(int64(n))
	return d
}

// lives lets a moment pass, and reports whether the run has survived it.
func (d *doom) lives() bool {
	left := d.left.Add(-1)
	if left == -1 && d.end != nil {
		d.end()
	}
	return left >= 0
}

func (d *doom) dead() bool { return d.left.Load() < 0 }

// over makes everything that o does pass through d.
func (d *doom) over(o engine.Options) engine.Options {
	o.Store = doomedStore{o.Store, d}
	emit := o.Emit
	o.Emit = func(e event.Event) {
		if d.lives() {
			emit(e)
		}
	}
	return o
}

type doomedStore struct {
	state.Store
	*doom
}

func (s doomedStore) Save(ctx context.Context, st *state.State) error {
	if !s.lives() {
		return errDead
	}
	err := s.Store.Save(ctx, st)
	if !s.lives() {
		return errDead
	}
	return err
}

func (s doomedStore) Journal(ctx context.Context, st *state.State) (state.Journal, error) {
	if !s.lives() {
		return nil, errDead
	}
	j, err := s.Store.Journal(ctx, st)
	return doomedJournal{j, s.doom}, err
}

type doomedJournal struct {
	state.Journal
	*doom
}

// Append can be cut off before the record is durable and after it.
func (j doomedJournal) Append(r state.Record) error {
	if !j.lives() {
		return errDead
	}
	err := j.Journal.Append(r)
	if !j.lives() {
		return errDead
	}
	return err
}

// client sends nothing to sim for the dead.
func (d *doom) client(sim *simulator.Server) func(*kira.Client) {
	return func(c *kira.Client) {
		t := sim.Dial(nil)
		c.MaxTries = 1 // the next run is the next try
		c.HTTP = &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
			if d != nil && d.dead() {
				return nil, errDead
			}
			return t.RoundTrip(r)
		})}
	}
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
