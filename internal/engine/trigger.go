package engine

import (
	"slices"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/plan"
	"kiraform/state"
)

// triggered is an action that the creation of an object triggers.
type triggered struct {
	action addr.Resource // of the block or, with a key, of one instance
	by     []addr.Resource
	later  bool          // nothing that is created now triggers it, since the creates have to wait; or something else that it needs has to
	needs  addr.Resource // the block that has to wait; zero if there is none
	open   bool          // which instances there are is not known, so that nobody could approve them: it is left to the next plan
}

// due returns the actions that applying the plan triggers, by address: those of
// objects that it creates, now or once their gates open, and those that an earlier
// run was to trigger and did not come to. Without those that are left out.
func (pl *Proposal) due() (all []triggered) {
	if pl.options.Destroy {
		return nil
	}
	by, now := make(map[addr.Resource][]addr.Resource), make(map[addr.Resource]bool)
	for i := range pl.Changes {
		c := &pl.Changes[i]
		if c.Action == plan.Forget || c.Action == plan.Gone || c.Addr.Data {
			continue
		}
		for _, a := range pl.project.dueOf(pl.State.Resources[c.Addr]) {
			by[a], now[a] = append(by[a], c.Addr), true
		}
		final := pl.final(c)
		if final != plan.Create && final != plan.Replace {
			continue
		}
		for _, a := range pl.project.program.Triggers(c.Addr) {
			now[a] = now[a] || c.Action == final
			if from := by[a]; len(from) == 0 || from[len(from)-1] != c.Addr {
				by[a] = append(from, c.Addr)
			}
		}
	}
	awaited := pl.awaited()
	for a, from := range by {
		if !pl.leftOut(a) {
			needs, open := awaited(a), pl.opens(a)
			all = append(all, triggered{a, from, !now[a] || open || needs != (addr.Resource{}), needs, open})
		}
	}
	slices.SortFunc(all, func(a, b triggered) int { return a.action.Compare(b.action) })
	return all
}

// dueOf returns the actions that an earlier run was to trigger for an object and did not
// come to, where they are written now. One that is written no more is not due.
func (p *Project) dueOf(o state.Object) (all []addr.Resource) {
	for _, a := range o.Due {
		if a = routed(p.program.ActionMoves(), a); p.hasAction(a.Block()) {
			all = append(all, a)
		}
	}
	return all
}

// opens reports whether it is not known yet which instances of an action there are.
func (pl *Proposal) opens(action addr.Resource) bool {
	open, asked := pl.opened[action.Block()]
	if !asked {
		instances, _ := pl.project.program.Expand(action.Block(), pl.Known) // validate reports the mistakes
		open = instances == nil || slices.ContainsFunc(instances, addr.Resource.Open)
		if pl.opened == nil {
			pl.opened = make(map[addr.Resource]bool)
		}
		pl.opened[action.Block()] = open
	}
	return open
}

// awaited finds, for an action, the first resource of a block that it needs which has
// to wait, or the zero address.
func (pl *Proposal) awaited() func(action addr.Resource) addr.Resource {
	first := make(map[addr.Resource]addr.Resource) // by block
	for i := range pl.Changes {
		if c := &pl.Changes[i]; c.Action == plan.Defer {
			if block := c.Addr.Block(); first[block] == (addr.Resource{}) {
				first[block] = c.Addr
			}
		}
	}
	return func(action addr.Resource) (found addr.Resource) {
		for _, block := range pl.project.program.NeedsOf(action) {
			if a, waits := first[block]; waits && (found == (addr.Resource{}) || a.Compare(found) < 0) {
				found = a
			}
		}
		return found
	}
}

// leftOut reports whether a person has left an action out.
func (pl *Proposal) leftOut(a addr.Resource) bool {
	return slices.ContainsFunc(slices.Concat(pl.unasked, pl.options.Exclude), func(out addr.Resource) bool { return out.Covers(a) })
}

// resourcesOf leaves out the addresses of actions.
func resourcesOf(all []addr.Resource) []addr.Resource {
	return slices.DeleteFunc(slices.Clone(all), func(a addr.Resource) bool { return a.Action })
}

// noActions reports the actions that are to be left out and are not there.
func (p *Project) noActions(exclude []addr.Resource) (diags hcl.Diagnostics) {
	for _, x := range exclude {
		if x.Action && !slices.ContainsFunc(p.program.Actions(), func(a addr.Resource) bool { return x.Covers(a) || a.Covers(x) }) {
			diags = append(diags, diag.Error("no-such-target", nil, "Nothing to exclude", "There is no action %s in the configuration. Check the address.", x))
		}
	}
	return diags
}

// Empty reports whether there is nothing that applying the plan could do now.
func (pl *Proposal) Empty() bool { return pl.Plan.Empty() && !pl.runs() }

// runs reports whether applying the plan now runs any action.
func (pl *Proposal) runs() bool {
	return slices.ContainsFunc(pl.dueRuns(), func(d dueRun) bool { return !d.later })
}
