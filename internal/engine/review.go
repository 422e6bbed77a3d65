package engine

import (
	"maps"
	"slices"
	"time"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"kiraform/internal/event"
	"kiraform/internal/lang"
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
	r := f.review()
	if f.Invoke != nil {
		r.Changes = f.Invoke.changes()
		return r
	}
	r.Changes = append(f.everything(), f.triggered()...)
	for _, o := range f.Outputs {
		r.Outputs = append(r.Outputs, event.ReviewedOutput{Name: o.Name, Before: o.Before, After: o.After})
	}
	return r
}

// review is the plan without its objects.
func (f *PlanFile) review() event.Review {
	r := event.Review{
		Start:   event.Start{Format: 1, Command: "plan", Place: tell.Place(f.Place), TurnedDown: f.TurnedDown, Extra: f.Extra},
		Version: f.Version, At: f.Saved, Destroy: f.Options.Destroy, Targets: f.Options.Targets, Diagnostics: f.Diagnostics, Policies: f.Policies, Denied: f.Denied, Checks: f.Checks, Variables: f.Seen, Configuration: f.Configuration, Personal: f.Personal,
		End: event.PlanEnd{Counts: make(map[string]int), Outputs: f.OutputsTo, Ended: f.Ended, Unproven: f.Unproven, Digest: f.Digest, NoDigest: f.Why},
	}
	r.Wait, _ = f.Wait() // which was read when the file was
	if f.Invoke != nil {
		r.End.Counts = f.Invoke.Counts
		return r
	}
	counts := r.End.Counts
	if f.Unchanged > 0 {
		counts[string(plan.NoOp)] = f.Unchanged
	}
	for i := range f.Changes {
		c := &f.Changes[i]
		if c.Action != string(plan.NoOp) {
			counts[c.Action]++
		}
		if c.From != "" && c.Action != string(plan.Forget) {
			counts[event.Move]++
		}
	}
	for _, e := range f.Triggered {
		counts[e.Action]++
	}
	return r
}

// triggered are the actions that the plan triggers, for a review.
func (f *PlanFile) triggered() (all []event.Reviewed) {
	for _, e := range f.Triggered {
		r := event.Reviewed{Planned: e}
		if e.Action != event.Invoke {
			r.Final = event.Invoke
		}
		all = append(all, r)
	}
	return all
}

// Show sends the effects of the plan to a sink.
func (f *PlanFile) Show(to event.Sink) {
	r := f.review()
	if f.Invoke != nil {
		r.Changes = f.Invoke.changes()
	}
	for i := range f.Changes {
		r.Changes = append(r.Changes, event.Reviewed{Planned: f.Changes[i].event()})
	}
	r.Changes = append(r.Changes, f.triggered()...)
	r.Send(to)
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
		nodes = append(nodes, tell.Value(name, lang.IsSensitive(v) || p.tells(v), v))
	}
	return nodes
}

// tells reports whether a value has a known secret in it.
func (p *Project) tells(v cty.Value) bool {
	bare, _ := v.UnmarkDeep()
	if !bare.IsWhollyKnown() {
		return false
	}
	text, err := ctyjson.SimpleJSONValue{Value: bare}.MarshalJSON()
	return err != nil || p.secrets.Text(string(text)) != string(text)
}
