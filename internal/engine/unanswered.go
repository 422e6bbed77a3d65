package engine

import (
	"fmt"
	"maps"
	"slices"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/plan"
	"kiraform/state"
)

// unanswered warns of requests that an earlier run sent, that no answer came
// to, and that this plan does not take up: nobody knows what became of them.
func (p *Project) unanswered(pl *Planned) {
	taken := make(map[addr.Resource]bool)
	for i := range pl.Changes {
		switch pl.Changes[i].Action {
		case plan.Create, plan.Replace, plan.Adopt, plan.Defer:
			taken[pl.Changes[i].Addr] = true
		}
	}
	for _, a := range slices.SortedFunc(maps.Keys(pl.State.Pending), addr.Resource.Compare) {
		if taken[a] {
			continue
		}
		in := pl.State.Pending[a]
		p.Emit(event.Diagnostic{Severity: "warning", Code: "unanswered", Addr: a.String(), Summary: "A request was never answered",
			Detail: fmt.Sprintf("On %s a run asked Kira to %s %s, and there was no answer, so that there may be an object that is not in the state. "+
				"%s Once it is dealt with, \"kiraform state rm -unanswered %s\" ends this warning.",
				in.At.Format("2006-01-02 15:04:05 UTC"), in.Action, a, advice(in, a), quoted(a))})
	}
}

// advice is how to find out what became of a request.
func advice(in state.Intent, a addr.Resource) string {
	if in.Action == "replace" {
		return fmt.Sprintf("To go on with it, run with -replace=%s.", quoted(a))
	}
	return "To go on with it, write the resource again as it was; or look for it at Kira and import it."
}
