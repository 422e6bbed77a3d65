package engine

import (
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/event"
	"kiraform/internal/policy"
	"kiraform/internal/runs"
	"kiraform/internal/tell"
	"kiraform/internal/ui/words"
	"kiraform/schema"
	"kiraform/schema/kinds"
	"kiraform/state"
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
			p.Emit(event.Note{Addr: in.Addr.String(), Text: event.Foreign(in.done())})
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
			all = append(all, askedRun(in.Addr, &in.kind.Schema, in.config, nil))
		}
	}
	return all
}

// Object is the plan of the action as tests see it.
func (iv *Invoked) Object() cty.Value {
	judged := iv.asPolicyPlan(iv.asked())
	return judged.Object(!iv.Due())
}

// done says that there is nothing to do, and why.
func (in *Invocation) done() string {
	r := in.Verdict.Run
	text := fmt.Sprintf("was carried out on %s%s", words.Moment(r.Ended), runs.As(r))
	if r.Status != "" {
		text += ", and was " + r.Status + " then"
	}
	return text + "; nothing is sent. A payout that recurs has another period; to repeat it: -again"
}

// planned is the action of an instance, for a view. Nothing secret is in it.
func (iv *Invoked) planned(in *Invocation) event.Planned {
	e := event.Planned{Addr: in.Addr.String(), Module: string(in.Addr.Module), Kind: in.Addr.Kind, Name: in.Addr.Name, Action: event.Invoke, Why: in.why()}
	if r := iv.project.program.BlockRange(in.Addr); r != nil {
		e.File, e.Line = r.Filename, r.Start.Line
	}
	e.Nodes = configNodes(&in.kind.Schema, in.config)
	if facts := in.facts(); len(facts) > 0 {
		e.Nodes = append(e.Nodes, event.Node{Name: event.Preview, Op: event.Add, Shape: event.ObjectShape, Nodes: facts})
	}
	return e
}

// why names the special circumstance of a run.
func (in *Invocation) why() string {
	if in.Verdict.Step == runs.Resend {
		return fmt.Sprintf("a run of %s had no answer: the same goes out once more, with the same key", words.Moment(in.Verdict.Run.At))
	}
	var ids []string
	for _, r := range in.Verdict.Foreign {
		ids = append(ids, r.ID)
	}
	switch {
	case in.want.Again:
		return "it is repeated, as -again asks"
	case len(ids) > 0:
		return "somebody else's, as -known says: " + strings.Join(ids, ", ")
	}
	return ""
}

// facts are Kira's figures for a payout that is about to be made.
func (in *Invocation) facts() (nodes []event.Node) {
	add := func(name, text string) {
		if strings.TrimSpace(text) != "" {
			nodes = append(nodes, tell.Attr(&schema.Attr{Name: name}, event.Add, cty.StringVal(strings.TrimSpace(text))))
		}
	}
	currency := in.want.Of[kinds.PaysCurrency]
	add("from", in.payer)
	add("to", in.payee)
	if in.preview.Fees != "" {
		add("fees", in.preview.Fees+" "+currency)
	}
	if in.preview.Arrives != "" {
		add("arrives", in.preview.Arrives+" "+in.preview.ArrivesCurrency)
	}
	if in.preview.Balance != "" {
		add("balance", in.preview.Balance+" "+in.preview.BalanceCurrency)
	}
	return nodes
}

// Amount is the sum that is about to be paid out, in one form; "" if there is
// none.
func (iv *Invoked) Amount() string {
	var all []string
	for _, in := range iv.All {
		if in.Due() && in.want.Action.Pays {
			all = append(all, in.want.Of["amount"])
		}
	}
	if len(all) == 0 {
		return ""
	}
	return runs.Sum(all...)
}

// Runs returns the runs that the state remembers, as of now.
func (iv *Invoked) Runs() []state.Run { return iv.State.AllRuns() }
