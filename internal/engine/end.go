package engine

import (
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/apply"
	"kiraform/internal/event"
	"kiraform/plan"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// ending is an object that has come to an end state.
type ending struct {
	name    string
	is      string
	what    watched
	managed bool
	remedy  string
}

// over is the end of op's wait for an object that does not become usable by
// itself: it is put off, and it is an error only if the object came to that
// end while this run waited.
func (p provider) over(hold apply.Hold, e ending) (apply.Hold, error) {
	before := p.ended[object{e.what.kind, e.what.id}]
	if !e.managed { // the state does not say how it was when the run began
		_, waited := p.watch.last(e.what)
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
func endedIn(st *state.State) map[object]bool {
	all := make(map[object]bool)
	for a, o := range st.Resources {
		if k, ok := kinds.ByName(a.Kind); ok && k.Schema.EndOf(o.Seen.Shown()) != "" {
			all[object{k, o.ID}] = true
		}
	}
	return all
}

// endings returns what has ended of all that the plan is about, as the state has
// it now, sorted by address. A plan that was never made is about everything.
func (pl *Planned) endings() (all []plan.Ended) {
	if pl == nil || pl.State == nil {
		return nil
	}
	if pl.Plan == nil {
		for _, a := range pl.State.Addrs() {
			c := plan.Change{Addr: a, Prior: pl.State.Resources[a], Config: cty.NilVal}
			if e, is := c.EndOf(pl.project.schemas[a.Schema()]); is {
				all = append(all, e)
			}
		}
		return all
	}
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

// planEnded returns what had ended when the plan was made.
func (pl *Planned) planEnded() (all []event.Ended) {
	for _, e := range pl.Ended {
		all = append(all, event.Ended{Addr: e.Addr.String(), Is: e.Is})
	}
	return all
}

// nowEnded is endings for views.
func (pl *Planned) nowEnded() (all []event.Ended) {
	for _, e := range pl.endings() {
		all = append(all, event.Ended{Addr: e.Addr.String(), Is: e.Is})
	}
	return all
}

// warnEnded warns after a run of what has ended since it was planned.
func (pl *Planned) warnEnded(sum apply.Summary) {
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
