package engine

import (
	"context"
	"maps"
	"slices"
	"time"

	"kiraform/internal/event"
	"kiraform/internal/lang"
	"kiraform/internal/tell"
	"kiraform/plan"
)

// Review returns the plan as it is shown: live, just as a file of it shows it
// later. An apply of it waits for as long as wait.
func (pl *Proposal) Review(wait time.Duration) event.Review {
	f, _ := pl.Saved(context.Background(), wait) // which does not end
	return f.Review()
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

// variableNodes are the variables of the root module, as a review has them. The
// values of secrets are not in them.
func (p *Project) variableNodes() (nodes []event.Node) {
	all := p.program.Variables()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		v := all[name]
		nodes = append(nodes, tell.Value(name, lang.IsSensitive(v) || p.quote.Tells(v), v))
	}
	return nodes
}
