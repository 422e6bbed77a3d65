package engine

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/internal/runs"
	"kiraform/internal/tell"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// dueRun is one instance of an action that applying a plan triggers.
type dueRun struct {
	addr   addr.Resource
	action addr.Resource // as in [triggered]
	later  bool          // see [triggered]
	needs  addr.Resource
	open   bool
	by     []addr.Resource // the objects whose creation triggers it
	kind   *kinds.Action
	config cty.Value // as it is written, as far as it is known; cty.NilVal if it cannot be evaluated
	held   string    // which object it is for that cannot be used yet; "" for none
}

// dueRuns returns each instance of each action that is due, with its configuration. One
// that was carried out as it is written is not run again.
func (pl *Proposal) dueRuns() []dueRun {
	all := pl.dueInstances()
	if len(all) == 0 {
		return nil
	}
	finished := make(map[addr.Resource][]state.Run)
	for _, r := range pl.State.AllRuns() {
		if r.Done {
			a := routed(pl.project.program.ActionMoves(), r.Addr)
			finished[a] = append(finished[a], r)
		}
	}
	return slices.DeleteFunc(all, func(d dueRun) bool { return pl.leftOut(d.addr) || d.ran(finished[d.addr]) })
}

// ran reports whether one of the finished runs of an action is the one that is written.
func (r *dueRun) ran(finished []state.Run) bool {
	if len(finished) == 0 || r.config == cty.NilVal || !r.config.IsWhollyKnown() {
		return false
	}
	bare, _ := r.config.UnmarkDeep()
	of := r.kind.Schema.Identity(bare)
	return slices.ContainsFunc(finished, func(f state.Run) bool { return runs.Same(f.Of, of) })
}

// dueInstances returns each instance of each action that is due. Where it is not known
// yet which instances there are, one stands for all.
func (pl *Proposal) dueInstances() (all []dueRun) {
	expanded, at := make(map[addr.Resource][]addr.Resource), make(map[addr.Resource]int)
	add := func(d dueRun) {
		if i, twice := at[d.addr]; twice { // by its block, and by its own address
			all[i].by, all[i].later = slices.Concat(all[i].by, d.by), all[i].later && d.later
			slices.SortFunc(all[i].by, addr.Resource.Compare)
			return
		}
		at[d.addr], all = len(all), append(all, d)
	}
	due := pl.due()
	var have holders
	if len(due) > 0 {
		have = holdersIn(pl.State)
	}
	for _, t := range due {
		kind, known := kinds.ActionByName(t.action.Kind)
		if !known {
			continue
		}
		block := t.action.Block()
		instances, done := expanded[block]
		if !done {
			instances, _ = pl.project.program.Expand(block, pl.Known) // validate reports the mistakes
			pl.Known.Expand(block, instances)
			expanded[block] = instances
		}
		d := dueRun{addr: t.action, action: t.action, later: t.later, needs: t.needs, open: t.open, by: t.by, kind: kind}
		covered := coveredBy(t.action, instances)
		if len(covered) == 0 {
			add(d)
		}
		for _, a := range covered {
			d.addr, d.config = a, pl.dueConfig(a)
			d.held = have.unready(pl.State, d.config, nil)
			add(d)
		}
	}
	return all
}

// coveredBy returns those of instances, which are sorted, that an action covers. An
// instance covers itself alone, and is found without a walk: there may be thousands, and
// each may be asked for.
func coveredBy(action addr.Resource, instances []addr.Resource) (all []addr.Resource) {
	if _, one := slices.BinarySearchFunc(instances, action, addr.Resource.Compare); one {
		return []addr.Resource{action}
	}
	for _, a := range instances {
		if action.Covers(a) {
			all = append(all, a)
		}
	}
	return all
}

func (pl *Proposal) dueConfig(a addr.Resource) cty.Value {
	r, diags := pl.project.program.Eval(a, pl.Known)
	if diags.HasErrors() {
		return cty.NilVal
	}
	return r.Config
}

// planned tells a view of the run. Nothing secret is in it.
func (r *dueRun) planned(p *Project) event.Planned {
	e := event.Planned{Addr: r.addr.String(), Module: string(r.addr.Module), Kind: r.addr.Kind, Name: r.addr.Name, Action: event.Invoke,
		Why: "triggered by the creation of " + r.by[0].String(), Needs: addr.Texts(r.by)}
	if more := len(r.by) - 1; more > 0 {
		e.Why += fmt.Sprintf(" and of %d more", more)
	}
	if at := p.program.BlockRange(r.addr); at != nil {
		e.File, e.Line = at.Filename, at.Start.Line
	}
	switch {
	case r.needs != (addr.Resource{}):
		e.Action, e.Why = string(plan.Defer), e.Why+"; it needs "+r.needs.String()+", which has to wait"
	case r.open:
		e.Action, e.Why = string(plan.Defer), e.Why+"; which instances there will be is known only after apply"
	case r.later:
		e.Action, e.Why = string(plan.Defer), e.Why+", which has to wait"
	case r.held != "":
		e.Why += "; " + r.held
	}
	e.Nodes = configNodes(&r.kind.Schema, r.config)
	return p.safe(e)
}

// configNodes shows the attributes of an action that are written.
func configNodes(k *schema.Action, config cty.Value) (nodes []event.Node) {
	if config == cty.NilVal {
		return nil
	}
	for i := range k.Config.Attrs {
		a := &k.Config.Attrs[i]
		if v := schema.Member(config, a.Name); v != cty.NilVal && !schema.IsNull(v) {
			nodes = append(nodes, tell.Attr(a, event.Add, v))
		}
	}
	return nodes
}

// showDue emits the actions that the plan triggers, and counts them.
func (p *Project) showDue(pl *Proposal, emit event.Sink, counts map[string]int) {
	for _, r := range pl.dueRuns() {
		e := r.planned(p)
		emit(e)
		counts[e.Counted()]++
	}
}

// savedDue are the actions that the plan triggers, as they are shown.
func (pl *Proposal) savedDue() (all []event.Planned) {
	for _, r := range pl.dueRuns() {
		all = append(all, r.planned(pl.project))
	}
	return all
}

// dueLeaves returns the actions that the plan triggers, by address: their values,
// how those are written that are not known, and their causes. It is nil if there are
// none.
func (pl *Proposal) dueLeaves(written *tell.Sources) map[string]tell.Leaves {
	var all map[string]tell.Leaves
	for _, r := range pl.dueRuns() {
		l, w := make(tell.Leaves), tell.LeafWriter{Key: pl.key, Addr: r.addr.String()}
		if r.config != cty.NilVal {
			w.Add(l, nil, pl.key.Seal(&r.kind.Schema.Config, "", r.config).Shown())
		}
		for i := range r.kind.Schema.Config.Attrs {
			name := r.kind.Schema.Config.Attrs[i].Name
			if r.config == cty.NilVal || !schema.Member(r.config, name).IsWhollyKnown() {
				l[name+" is written as"] = written.Attr(r.addr, name, nil)
			}
		}
		if r.kind.Schema.Pays {
			l["max_payout"] = pl.project.MaxPayout()
		}
		l["by"] = strings.Join(addr.Texts(r.by), " ")
		if all == nil {
			all = make(map[string]tell.Leaves)
		}
		all[r.addr.String()] = l
	}
	return all
}
