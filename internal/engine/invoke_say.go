package engine

import (
	"fmt"
	"slices"

	"kiraform/internal/actions"
	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/internal/event"
	"kiraform/internal/runs"
	"kiraform/internal/ui/words"
	"kiraform/state"
)

// refuse says why an instance is not run.
func (iv *Invoked) refuse(in *actions.Instance, code diag.Code, summary, detail string) {
	iv.emitAt(in.Addr, event.Diagnostic{Severity: "error", Code: string(code), Summary: summary, Detail: detail})
}

// emitAt emits a diagnostic about the action at a.
func (iv *Invoked) emitAt(a addr.Resource, d event.Diagnostic) {
	if d.Addr = a.String(); d.Severity != "warning" {
		iv.why = d.Detail
	}
	if at := iv.project.program.BlockRange(a); at != nil {
		d.Source = iv.project.quote.Source(*at)
	}
	iv.project.Emit(d)
}

// stop says which rule stops an instance, and how to go on.
func (iv *Invoked) stop(in *actions.Instance) {
	iv.emitAt(in.Addr, in.Verdict.Refusal(in.Want, iv.State))
}

// warnRuns warns of every run whose outcome nobody knows.
func (p *Project) warnRuns(st *state.State) {
	for _, r := range st.AllRuns() {
		if !r.Unanswered() {
			continue
		}
		next := "If it is run again, the same request goes out with the same key, or its payout is looked for."
		if p.program.BlockRange(routed(p.program.ActionMoves(), r.Addr)) == nil {
			next = "The configuration does not have the action any more, so nobody looks for its payout."
		}
		p.Emit(event.Diagnostic{Severity: "warning", Code: "unanswered", Addr: r.Addr.String(), Summary: "An action was never answered",
			Detail: fmt.Sprintf("On %s a run of %s sent a request (%s), and no answer came. It may have been carried out. %s If you know that it was not, end it:\n"+
				"  kiraform state rm -unanswered %s", words.Moment(r.At), r.Addr, runs.Identity(r.Of), next, r.Addr.Shell())})
	}
}

// twins refuses each instance that pays the same as another one of this run, which is a
// row that was written twice far more often than it is meant.
func (iv *Invoked) twins() (any bool) {
	first := make(map[string]*actions.Instance) // of those that are due, by their payment
	for _, in := range iv.All {
		if !in.Due() {
			continue
		}
		same := first[runs.Form(in.Of)]
		if same == nil {
			first[runs.Form(in.Of)] = in
		} else if in.Action.Pays {
			iv.refuse(in, "same-payout", "One payment twice in one run", fmt.Sprintf("%s pays the same as %s, which is of this run as well: %s from the same account. "+
				"Nothing was sent. Take one of them away. If both are meant, write another period for one of them, or run them one after the other:\n  kiraform apply -invoke=%s",
				in.Addr, same.Addr, runs.Identity(in.Of), in.Addr.Shell()))
			any = true
		}
	}
	return any
}

// warnTwice warns of a payout that another action which is written makes too, or
// has made: account, recipient, amount, currency and period are the same.
func (iv *Invoked) warnTwice() {
	made := make(map[string][]addr.Resource) // the actions that have made a payment, each once
	for _, r := range iv.State.AllRuns() {
		if at := made[runs.Form(r.Of)]; r.OwnRun() && (len(at) == 0 || at[len(at)-1] != r.Addr) {
			made[runs.Form(r.Of)] = append(at, r.Addr)
		}
	}
	for _, in := range iv.All {
		if !in.Due() || !in.Action.Pays {
			continue
		}
		var twin addr.Resource
		for _, a := range slices.Backward(made[runs.Form(in.Of)]) {
			if a != in.Addr {
				twin = a
				break
			}
		}
		if twin != (addr.Resource{}) {
			iv.emitAt(in.Addr, event.Diagnostic{Severity: "warning", Code: "same-payout", Summary: "Two actions pay the same",
				Detail: fmt.Sprintf("%s pays the same as %s: account, recipient, amount, currency and period are the same. If both are meant, go on; else take one of them away.", in.Addr, twin)})
		}
	}
}
