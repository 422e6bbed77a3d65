package engine

import (
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/apply"
	"kiraform/internal/event"
	"kiraform/internal/live"
	"kiraform/plan"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// ending is an object that has come to an end state.
type ending struct {
	name    string
	is      string
	what    live.Watched
	managed bool
	remedy  string
}

// over is the end of op's wait for an object that does not become usable by
// itself: it is put off, and it is an error only if the object came to that
// end while this run waited.
func (p provider) over(hold apply.Hold, e ending) (apply.Hold, error) {
	before := p.ended[e.what.ID]
	if !e.managed { // the state does not say how it was when the run began
		_, waited := p.watch.Last(e.what)
		before = !waited
	}
	text := fmt.Sprintf("%s is %s at Kira, and cannot be used", e.name, e.is)
	if p.wait && !before {
		return hold, &closedError{strings.TrimSpace(text + ". " + e.remedy)}
	}
	hold.Reason, hold.Final = text, true
	return hold, nil
}

// remedyOf is what to do about an object that has ended. What is not managed
// here has no address.
func remedyOf(k *kinds.Kind, near apply.Neighbour) string {
	if k.Schema.Course.Remedy == nil || near.ID == "" {
		return ""
	}
	return k.Schema.Course.Remedy(cty.NilVal, near.Addr.Shell())
}

// endedIn returns the objects of st that have ended already.
func endedIn(st *state.State) map[live.ID]bool {
	all := make(map[live.ID]bool)
	for a, o := range st.Resources {
		if k, ok := kinds.ByName(a.Kind); ok && k.Schema.EndOf(o.Seen.Shown()) != "" {
			all[live.ID{Kind: k, ID: o.ID}] = true
		}
	}
	return all
}

// endings returns the objects of the state that have ended, sorted by address.
func (s *Session) endings() (all []plan.Ended) {
	for _, a := range s.State.Addrs() {
		c := plan.Change{Addr: a, Prior: s.State.Resources[a], Config: cty.NilVal}
		if e, is := c.EndOf(s.project.schemas[a.Schema()]); is {
			all = append(all, e)
		}
	}
	return all
}

// endings returns the objects that have ended of those that the plan is about,
// as the state has them now, sorted by address.
func (pl *Proposal) endings() (all []plan.Ended) {
	for i := range pl.Changes {
		c := pl.Changes[i]
		o, lives := pl.State.Resources[c.Addr]
		if !lives || c.Action == plan.Forget || c.Action == plan.Gone {
			continue
		}
		c.Prior, c.Action = o, plan.NoOp // whatever was planned, this is what there is
		if e, is := c.EndOf(pl.project.schemas[c.Addr.Schema()]); is {
			all = append(all, e)
		}
	}
	return all
}

// endedEvents is endings for views.
func endedEvents(endings []plan.Ended) (all []event.Ended) {
	for _, e := range endings {
		all = append(all, event.Ended{Addr: e.Addr.String(), Is: e.Is})
	}
	return all
}

// warnEnded warns after a run of what has ended since it was planned.
func (pl *Proposal) warnEnded(sum apply.Summary) {
	said := make(map[string]bool)
	for _, e := range pl.Ended {
		said[e.ID] = true
	}
	for _, e := range pl.endings() {
		if !said[e.ID] && !sum.Dead[e.Addr] {
			pl.project.Emit(pl.project.diagnostic(e.Warning(pl.project.program.Locate(e.Addr, nil), nil)))
		}
	}
}
