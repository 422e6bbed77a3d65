package engine

import (
	"context"
	"fmt"
	"time"

	"kiraform/internal/event"
	"kiraform/state"
)

// missing warns if there was a state once: to begin without one would create
// everything a second time.
func (p *Project) missing(ctx context.Context) {
	kept, ok := p.Store.(state.Historian)
	if !ok {
		return
	}
	all, err := kept.History(ctx)
	if err != nil || len(all) == 0 || all[0].Damaged != nil || all[0].Resources == 0 || p.ended(all[0].Place) {
		return
	}
	p.Emit(event.Diagnostic{Severity: "warning", Code: "state-missing", Summary: "The state file is gone",
		Detail: fmt.Sprintf("There is no state, so everything counts as not yet created. But there was one (resources: %d), and it is kept: "+
			"\"kiraform state restore %d\" brings it back.", all[0].Resources, all[0].Serial)})
}

// ended reports whether of is a world of the embedded simulator, at which the
// project is at work, and another one or none has come after it.
func (p *Project) ended(of state.Place) bool {
	return p.place.Environment == "simulator" && p.place.Address == "" && of.World != "" && of.World != p.place.World
}

// carriedBefore returns when a saved plan was carried out with a state of which only
// the history is left; zero if it was not.
func (p *Project) carriedBefore(ctx context.Context, plan string) time.Time {
	kept, ok := p.Store.(state.Historian)
	if !ok {
		return time.Time{}
	}
	all, _ := kept.History(ctx) // missing does not warn of generations that cannot be read either
	for _, g := range all {
		if at := (&state.State{Applied: g.Applied}).Carried(plan); !at.IsZero() {
			return at
		}
	}
	return time.Time{}
}
