package engine

import (
	"time"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/internal/tell"
	"kiraform/plan"
)

// Review returns the plan as it is shown: live, just as a file of it shows it
// later. An apply of it waits for as long as wait.
func (pl *Proposal) Review(wait time.Duration) event.Review {
	f := pl.Saved(wait)
	return f.Review()
}

// Review returns the plan as it is shown. All of it is bound: an apply of the file
// makes each change that is shown, or none.
func (f *PlanFile) Review() event.Review {
	r := event.Review{
		Start:   event.Start{Format: 1, Command: "plan", Place: Where(f.Place), TurnedDown: f.TurnedDown, Extra: f.Extra},
		Version: f.Version, At: f.Saved, Destroy: f.Options.Destroy, Targets: f.Options.Targets, Diagnostics: f.Diagnostics, Policies: f.Policies,
		End: event.PlanEnd{Counts: make(map[string]int), Outputs: f.OutputsTo, Ended: f.Ended, Unproven: f.Unproven, Digest: f.Digest, NoDigest: f.Why},
	}
	r.Wait, _ = f.Wait() // which was read when the file was
	counts := r.End.Counts
	if n := len(f.Unchanged); n > 0 {
		counts[string(plan.NoOp)] = n
	}
	for i := range f.Changes {
		c := &f.Changes[i]
		if c.Action != string(plan.NoOp) {
			counts[c.Action]++
		}
		if c.From != "" && c.Action != string(plan.Forget) {
			counts[moveCount]++
		}
	}
	r.Changes = f.everything()
	for _, o := range f.Outputs {
		r.Outputs = append(r.Outputs, event.ReviewedOutput{Name: o.Name, Before: o.Before, After: o.After})
	}
	return r
}

// Show sends the effects of the plan to a sink.
func (f *PlanFile) Show(to event.Sink) {
	r := f.Review()
	r.Send(to)
}

// everything returns all resources of the plan, in the order of their addresses.
func (f *PlanFile) everything() []event.Reviewed {
	all := make([]event.Reviewed, 0, len(f.Changes)+len(f.Unchanged))
	still := f.Unchanged
	for i := range f.Changes {
		for len(still) > 0 && before(still[0].Addr, f.Changes[i].Addr) {
			all, still = append(all, still[0]), still[1:]
		}
		all = append(all, f.Changes[i].review())
	}
	return append(all, still...)
}

// before reports whether an address comes before another one.
func before(a, b string) bool {
	x, errX := addr.Parse(a)
	y, errY := addr.Parse(b)
	if errX != nil || errY != nil {
		return a < b
	}
	return x.Compare(y) < 0
}

// unchanged returns the resources that stay as they are, sorted by address.
func (pl *Proposal) unchanged() (all []event.Reviewed) {
	for i := range pl.Changes {
		c := &pl.Changes[i]
		if c.Action != plan.NoOp || c.Moved != (addr.Resource{}) {
			continue
		}
		r := event.Reviewed{Planned: pl.planned(c)}
		r.Nodes, r.Hidden = nil, 0
		r.Before, r.Result = pl.sides(c)
		all = append(all, r)
	}
	return all
}

// sides returns the object of a change as it is, and as it will be.
func (pl *Proposal) sides(c *plan.Change) (is, will []event.Node) {
	k := pl.project.schemas[c.Addr.Schema()]
	if k == nil {
		return nil, nil
	}
	if c.Prior.ID != "" {
		o := c.Prior
		if !c.Config.IsNull() { // what is a secret now was one already
			want := pl.sealed(k, c)
			o.Seen, o.Sent = pl.key.Seal(k, o.Salt, o.Seen.Shown(), want), pl.key.Seal(k, o.Salt, o.Sent.Shown(), want)
		}
		is = tell.Object(c.Addr, k, o).Nodes
	}
	return is, tell.Attrs(k, c.After)
}

// outputSides returns an output as it is, and as it will be; change is nil for one
// that the plan does not change.
func (pl *Proposal) outputSides(name string, change *plan.OutputChange) (is, will *event.Node) {
	if o, had := pl.State.Outputs[name]; had {
		is = new(tell.Value(name, o.Sensitive, o.Value))
		will = is
	}
	if change == nil {
		return is, will
	}
	if will = nil; change.Removed() {
		return is, nil
	}
	return is, new(tell.Value(name, change.Before.Sensitive || change.After.Sensitive, change.After.Value))
}

// safe is a planned change without the secrets that others may have written into
// its sentences.
func (p *Project) safe(e event.Planned) (safe event.Planned) {
	tell.Safely(p.secrets, func(e event.Event) { safe = e.(event.Planned) })(e)
	return safe
}

// note keeps the diagnostics that are emitted, for saved plans.
func (p *Project) note(e event.Event) {
	if d, is := e.(event.Diagnostic); is {
		p.said = append(p.said, d)
	}
}
