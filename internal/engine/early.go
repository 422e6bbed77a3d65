package engine

import (
	"context"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/sched"
	"kiraform/plan"
)

// early is a plan that is made beside the look at Kira, from the state as it was loaded.
// It stands if the look finds every object as that state has it: a plan is made of
// nothing else that a look could tell.
type early struct {
	in   plan.Input
	drop context.CancelFunc
	done chan struct{} // closed once the fields below are final

	made  *plan.Plan // nil if it was dropped
	diags hcl.Diagnostics
}

// planEarly begins to make the plan of a session that is going to look; nil if the look
// decides more than it shows.
func (s *Session) planEarly(ctx context.Context, o PlanOptions) *early {
	if !o.changes || s.State.Place.IsZero() {
		return nil
	}
	ctx, drop := context.WithCancel(ctx)
	e := &early{in: s.input(o), drop: drop, done: make(chan struct{})}
	e.in.Prior = s.State.Clone()
	go func() {
		defer close(e.done)
		_ = sched.Catch(func() (err error) { // the plan that is made in its place fails as well, where that is seen
			e.made, e.diags, err = makeUntil(ctx, e.in)
			return err
		})
	}()
	return e
}

// giveUp ends the work on a plan that nobody is going to want.
func (e *early) giveUp() {
	if e != nil {
		e.drop()
	}
}

// settleEarly keeps the plan that was made beside the look if it stands. Nothing works
// on one any more when it returns.
func (s *Session) settleEarly(stands bool) {
	e := s.early
	if e == nil {
		return
	}
	if !stands {
		s.early = nil
		e.drop()
	}
	<-e.done
	e.drop()
}

// asLoaded reports whether the look has found every object as the state that was
// loaded has it.
func (s *Session) asLoaded() bool {
	if s.Refreshed || len(s.gone)+len(s.unread) > 0 {
		return false
	}
	for a, o := range s.State.Resources {
		if !slices.Equal(o.Unlooked, s.was.Resources[a].Unlooked) {
			return false
		}
	}
	return true
}

// planOnce makes a plan from in, or takes the one that was made beside the look.
func (s *Session) planOnce(ctx context.Context, in plan.Input) (*plan.Plan, hcl.Diagnostics, error) {
	e := s.early
	s.early = nil
	if e != nil && e.made != nil && len(in.Found) == 0 && maps.Equal(e.in.Said, in.Said) {
		return e.made, e.diags, nil
	}
	return makeUntil(ctx, in)
}
