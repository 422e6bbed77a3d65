package engine

import (
	"fmt"

	"kiraform/internal/event"
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
		what, more := "there may be an object at Kira that is not in the state", "The next apply looks for it before it makes another one."
		if !in.Creates() {
			what, more = fmt.Sprintf("%s may have been changed at Kira", in.ID), "What it carried is sent once more, as it is written by then."
		}
		p.Emit(event.Diagnostic{Severity: "warning", Code: "unanswered", Addr: in.Addr.String(), Summary: "A request was never answered",
			Detail: fmt.Sprintf("On %s a run asked Kira to %s %s, and there was no answer, so that %s. %s If you know what became of it, end it: "+
				"kiraform state rm -unanswered %s", in.At.Format("2006-01-02 15:04:05 UTC"), in.Action, in.Addr, what, more, written.Shell())})
	}
}
