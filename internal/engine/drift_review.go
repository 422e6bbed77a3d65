package engine

import (
	"kiraform/internal/event"
	"kiraform/internal/tell"
	"kiraform/plan"
)

// DriftReview returns drift as it is reviewed: each object that changed, or is gone,
// at Kira, from how it was written to how it is. Changes that only the configuration
// has are no drift, and not in it.
func (p *Project) DriftReview(d *Drift) event.Review {
	r := event.Review{Start: event.Start{Format: 1, Command: "drift", Place: tell.Place(p.Place())}, Version: p.Version, At: p.now(),
		Diagnostics: p.said, Personal: p.Personal(), End: event.PlanEnd{Counts: make(map[string]int)}}
	for i := range d.Resources {
		o := &d.Resources[i]
		if !o.Drifted() {
			continue
		}
		e := event.Planned{Addr: o.Addr.String(), Module: string(o.Addr.Module), Kind: o.Addr.Kind, Name: o.Addr.Name, ID: o.ID, Action: event.Drift}
		if o.Gone {
			e.Action, e.Why = event.Gone, "Kira has it no more"
		}
		if at := p.program.BlockRange(o.Addr); at != nil {
			e.File, e.Line = at.Filename, at.Start.Line
		}
		for _, at := range o.Attrs {
			if at.Cause == plan.Drifted || at.Cause == plan.Both {
				e.Nodes = append(e.Nodes, event.Node{Name: at.Path, Op: event.Change, Shape: event.LeafShape, Before: at.Written, After: at.Live})
			}
		}
		r.End.Counts[e.Action]++
		r.Changes = append(r.Changes, event.Reviewed{Planned: p.safe(e)})
	}
	if n := d.Compared - len(r.Changes); n > 0 {
		r.End.Counts[event.NoOp] = n
	}
	for _, e := range d.Ended {
		r.End.Ended = append(r.End.Ended, event.Ended{Addr: e.Addr.String(), Is: e.Is})
	}
	return r
}
