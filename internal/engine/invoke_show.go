package engine

import (
	"fmt"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/actions"
	"kiraform/internal/event"
	"kiraform/internal/policy"
	"kiraform/internal/ui/words"
)

// show emits the effect of running the action. Of a run that is done already it
// says when that was.
func (iv *Invoked) show() {
	p, due := iv.project, 0
	for _, in := range iv.All {
		for _, r := range in.Verdict.Found {
			p.Emit(event.Note{Addr: in.Addr.String(), Text: event.Foreign(fmt.Sprintf("an earlier run, of %s, had no answer, and is found to be %s", words.Moment(r.At), r.ID))})
		}
		if in.Due() {
			p.Emit(iv.planned(in))
			due++
		} else {
			p.Emit(event.Note{Addr: in.Addr.String(), Text: event.Foreign(in.Done())})
		}
	}
	if due == 0 {
		return
	}
	end := event.PlanEnd{Counts: map[string]int{event.Invoke: due}}
	end.Digest, end.NoDigest = iv.Digest()
	p.Emit(end)
}

// asked are the instances that something is sent for, as policies see them.
func (iv *Invoked) asked() (all []policy.Change) {
	for _, in := range iv.All {
		if in.Due() {
			all = append(all, askedRun(in.Addr, &in.Kind.Schema, in.Config, nil))
		}
	}
	return all
}

// Object is the plan of the action as tests see it.
func (iv *Invoked) Object() cty.Value {
	judged := iv.Needed.asPolicyPlan(iv.asked())
	return judged.Object(!iv.Due())
}

// planned is the action of an instance, for a view. Nothing secret is in it.
func (iv *Invoked) planned(in *actions.Instance) event.Planned {
	e := event.Planned{Addr: in.Addr.String(), Module: string(in.Addr.Module), Kind: in.Addr.Kind, Name: in.Addr.Name, Action: event.Invoke, Why: in.Why()}
	if r := iv.project.program.BlockRange(in.Addr); r != nil {
		e.File, e.Line = r.Filename, r.Start.Line
	}
	e.Nodes = configNodes(&in.Kind.Schema, in.Config)
	if facts := in.Facts(); len(facts) > 0 {
		e.Nodes = append(e.Nodes, event.Node{Name: event.Preview, Op: event.Add, Shape: event.ObjectShape, Nodes: facts})
	}
	return e
}

// Amount is the sum that is about to be paid out, in one form; "" if there is none.
func (iv *Invoked) Amount() string { return actions.Amount(iv.All) }
