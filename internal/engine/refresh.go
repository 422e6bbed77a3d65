package engine

import (
	"context"
	"maps"
	"slices"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/internal/tell"
	"kiraform/plan"
	"kiraform/state"
)

// Refreshed has the live objects, not yet taken into the state.
type Refreshed struct {
	*Session
	Moved int // resources that changed, or are gone, at Kira
}

// Refresh looks at the live objects, and emits a drift event for each that
// differs from the state. Close the result when it is no longer needed.
func (p *Project) Refresh(ctx context.Context, o PlanOptions) (*Refreshed, error) {
	s, err := p.live(ctx, o)
	r := &Refreshed{Session: s}
	if err != nil {
		return r, err
	}
	s.warnUnread()
	counts := make(map[string]int)
	for _, a := range s.was.Addrs() {
		if s.unread[a] != nil {
			continue
		}
		e := tell.Moved(a, p.schemas[a.Kind], s.was.Resources[a], s.State.Resources[a], p.program.BlockRange(a))
		if _, is := s.gone[a]; is {
			e.Action = string(plan.Gone)
		}
		counts[e.Action]++
		if e.Action != event.NoOp {
			r.Moved++
			p.Emit(e)
		}
	}
	p.Emit(event.PlanEnd{Counts: counts, Ended: endedEvents(s.endings())})
	return r, p.report(s.everythingGone("refresh", o.GoneOK))
}

// Accept takes the live objects into the state. Objects that are gone go to the
// ledger.
func (p *Project) Accept(ctx context.Context, r *Refreshed) error {
	if !r.Refreshed && (!r.bound || r.State.Serial == 0) {
		return nil
	}
	for _, a := range slices.SortedFunc(maps.Keys(r.gone), addr.Resource.Compare) {
		r.State.Resources[a] = r.gone[a]
		r.State.Forget(a, state.Gone, p.now())
	}
	return p.save(ctx, r.State)
}
