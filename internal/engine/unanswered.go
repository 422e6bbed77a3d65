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
		p.Emit(event.Diagnostic{Severity: "warning", Code: "unanswered", Addr: in.Addr.String(), Summary: "A request was never answered",
			Detail: fmt.Sprintf("On %s a run asked Kira to %s %s, and no answer came. %s If you know what became of the request, end it: "+
				"kiraform state rm -unanswered %s", in.At.Format("2006-01-02 15:04:05 UTC"), in.Action, written, pl.outcome(in), written.Shell())})
	}
}

// outcome says what a request may have done, and what this plan does about it.
func (pl *Planned) outcome(in state.Intent) string {
	switch taken := pl.takesUp(in); {
	case !in.Creates() && taken:
		return fmt.Sprintf("%s may have been changed at Kira, so the attributes that the request carried are sent once more, as they are written now.", in.ID)
	case !in.Creates():
		return fmt.Sprintf("%s may have been changed at Kira, and this plan sends nothing to it.", in.ID)
	case taken:
		return "It may exist at Kira, and an apply looks for it before it makes another one."
	}
	return "It may exist at Kira, and nothing in this plan asks for it, so nobody looks for it."
}

// takesUp reports whether a change of the plan goes on with what a request began:
// it makes an object that the request may have made, or writes to the one that
// the request wrote to.
func (pl *Planned) takesUp(in state.Intent) bool {
	_, lives := pl.State.Resources[in.Addr]
	return slices.ContainsFunc(pl.Changes, func(c plan.Change) bool {
		switch {
		case c.Addr.Data || c.Addr.Kind != in.Addr.Kind:
			return false
		case !in.Creates():
			return c.Addr == in.Addr && (c.Action == plan.Update || c.Action == plan.Replace)
		}
		makes := creates(&c) || c.Action == plan.Replace
		return makes && (c.Addr == in.Addr || !lives)
	})
}
