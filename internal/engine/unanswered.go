package engine

import (
	"fmt"
	"slices"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// unanswered warns of every request that an earlier run sent and that no answer
// came to, so that nobody knows its outcome.
func (p *Project) unanswered(pl *Proposal) {
	for _, in := range pl.State.Open() {
		if !in.Unanswered() {
			continue
		}
		written := in.Addr // in the state on disk, until this plan is applied
		if was, ok := pl.was.Intents[in.Key]; ok {
			written = was.Addr
		}
		p.Emit(event.Diagnostic{Severity: "warning", Code: "unanswered", Addr: in.Addr.String(), Summary: "A request was never answered",
			Detail: fmt.Sprintf("On %s a run asked Kira to %s %s, and no answer came. %s If you know the outcome of the request, end it: "+
				"kiraform state rm -unanswered %s", words.Moment(in.At), in.Action, written, pl.outcome(in), written.Shell())})
	}
}

// outcome says the possible effect of a request, and how this plan deals with
// it.
func (pl *Proposal) outcome(in state.Intent) string {
	switch taken := pl.makesUp(in); {
	case in.Creates() && taken:
		return "It may exist at Kira, and an apply looks for it before it makes another one."
	case in.Creates():
		return "It may exist at Kira, and nothing in this plan asks for it, so nobody looks for it."
	}
	at := slices.IndexFunc(pl.Changes, func(c plan.Change) bool { return c.Addr.Kind == in.Addr.Kind && c.Prior.ID == in.ID })
	again := func(r plan.Reason) bool {
		return len(r.Path) > 0 && slices.Contains(in.Carries, schema.PathString(r.Path[:1]))
	}
	then := ", and this plan sends no attribute of the request."
	switch {
	case at < 0, slices.Contains([]plan.Action{plan.Forget, plan.Replace, plan.Gone}, pl.Changes[at].Action):
		then = ". Nothing is sent to it again, since it is not managed any more."
	case pl.Changes[at].Action == plan.Update && slices.ContainsFunc(pl.Changes[at].Because, again):
		then = ", so the attributes that the request carried are sent once more, as they are written now."
	}
	return in.ID + " may have been changed at Kira" + then
}

// makesUp reports whether the plan makes an object that a request without an
// answer may have made.
func (pl *Proposal) makesUp(in state.Intent) bool {
	_, lives := pl.State.Resources[in.Addr]
	return slices.ContainsFunc(pl.Changes, func(c plan.Change) bool {
		makes := creates(&c) || c.Action == plan.Replace || c.Action == plan.Defer && !c.Addr.Open()
		return makes && !c.Addr.Data && c.Addr.Kind == in.Addr.Kind && (c.Addr == in.Addr || !lives)
	})
}
