package engine

import (
	"github.com/zclconf/go-cty/cty"

	"kiraform/apply"
	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/plan"
)

// endings returns the objects of the state that have ended, sorted by address.
func (s *Session) endings() (all []plan.Ended) {
	said := s.said()
	for _, a := range s.State.Addrs() {
		c := plan.Change{Addr: a, Prior: s.State.Resources[a], Config: cty.NilVal}
		if e, is := c.EndOf(s.project.schemas[a.Schema()], said); is {
			all = append(all, e)
		}
	}
	return all
}

// endings returns the objects that have ended of those that the plan is about,
// as the state has them now, sorted by address.
func (pl *Proposal) endings() (all []plan.Ended) {
	said := pl.said()
	for i := range pl.Changes {
		c := pl.Changes[i]
		o, lives := pl.State.Resources[c.Addr]
		if !lives || c.Action == plan.Forget || c.Action == plan.Gone {
			continue
		}
		c.Prior, c.Action = o, plan.NoOp // whatever was planned, this is the object now
		if e, is := c.EndOf(pl.project.schemas[c.Addr.Schema()], said); is {
			all = append(all, e)
		}
	}
	return all
}

// held counts the deferred changes that need an object that has ended, or a deferred
// one that does.
func (pl *Proposal) held(sum apply.Summary, endings []plan.Ended) (n int) {
	if sum.Deferred == 0 || len(endings) == 0 {
		return 0
	}
	held := make(map[addr.Resource]bool)
	for _, e := range endings {
		held[e.Addr] = true
	}
	for more := true; more; {
		more = false
		for i := range pl.Changes {
			c := &pl.Changes[i]
			if held[c.Addr] || sum.Fate(c.Addr) != apply.Deferred {
				continue
			}
			stuck := false
			pl.Each(func(need addr.Resource) { stuck = stuck || held[need] }, c.Needs)
			if stuck {
				held[c.Addr], more = true, true
				n++
			}
		}
	}
	return n
}

// endedEvents is endings for views.
func endedEvents(endings []plan.Ended) (all []event.Ended) {
	for _, e := range endings {
		all = append(all, event.Ended{Addr: e.Addr.String(), Is: e.Is, Said: e.Said})
	}
	return all
}

// warnEnded warns after a run of objects that have ended since it was planned.
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
