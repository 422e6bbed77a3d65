package engine

import (
	"fmt"
	"slices"

	"kiraform/internal/event"
	"kiraform/plan"
	"kiraform/state"
)

// unanswered warns of every request that an earlier run sent and that no
// answer came to: nobody knows what became of it.
func (p *Project) unanswered(pl *Planned) {
	for _, in := range pl.State.Open() {
		if !in.Unanswered() {
			continue
		}
		written := in.Addr // in the state on disk, until this plan is applied
		if was, ok := pl.was.Intents[in.Key]; ok {
			written = was.Addr
		}
		what := "there may be an object at Kira that is not in the state"
		if !in.Creates() {
			what = fmt.Sprintf("%s may have been changed at Kira", in.ID)
		}
		p.Emit(event.Diagnostic{Severity: "warning", Code: "unanswered", Addr: in.Addr.String(), Summary: "A request was never answered",
			Detail: fmt.Sprintf("On %s a run asked Kira to %s %s, and there was no answer, so that %s. %s If you know what became of it, end it: "+
				"kiraform state rm -unanswered %s", in.At.Format("2006-01-02 15:04:05 UTC"), in.Action, in.Addr, what, outlook(pl.Plan, in), written.Shell())})
	}
}

// outlook says what a plan does about a request without an answer.
func outlook(pl *plan.Plan, in state.Intent) string {
	makes := func(c plan.Change) bool {
		return c.Addr.Kind == in.Addr.Kind && (creates(&c) || c.Action == plan.Replace || c.Action == plan.Defer)
	}
	again := func(r plan.Reason) bool {
		return len(r.Path) > 0 && slices.Contains(in.Carries, plan.PathString(r.Path[:1]))
	}
	at := slices.IndexFunc(pl.Changes, func(c plan.Change) bool { return c.Addr.Kind == in.Addr.Kind && c.Prior.ID == in.ID })
	switch {
	case in.Creates() && slices.ContainsFunc(pl.Changes, makes):
		return "An apply that is to make it, at this address or another, looks for it first."
	case in.Creates():
		return "This plan makes nothing of the kind, so that nothing looks for it."
	case at < 0, pl.Changes[at].Action == plan.Forget, pl.Changes[at].Action == plan.Replace, pl.Changes[at].Action == plan.Gone:
		return "Nothing is sent to it again, since it is not managed any more."
	case pl.Changes[at].Action == plan.Update && slices.ContainsFunc(pl.Changes[at].Because, again):
		return "What it carried is sent once more, as it is written by then."
	default:
		return "This plan sends nothing of what it carried."
	}
}
