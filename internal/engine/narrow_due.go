package engine

import (
	"kiraform/internal/addr"
	"kiraform/internal/live"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/schema/kinds"
)

// restOfDue returns the resources that the actions which a plan triggers refer to. The
// objects whose ids these hold, and the users whose they are, go to all: holder has
// the address of each in the state. A payout is judged by them.
func (f *finder) restOfDue(made *plan.Plan, holder map[addr.Object]addr.Resource, all map[addr.Resource]bool) (from []addr.Resource) {
	planned, program := *f.s, f.s.project.program
	planned.State = made.Prior
	for _, t := range (&Proposal{Session: &planned, Plan: made}).due() {
		instances, _ := program.Expand(t.action.Block(), made.Known) // validate reports the mistakes
		for _, a := range instances {
			if !t.action.Covers(a) {
				continue
			}
			r, _ := program.Eval(a, made.Known)
			made.Each(func(need addr.Resource) { from = append(from, need) }, r.Needs)
			for _, n := range kinds.Named {
				f.withOwner(n.Kind, schema.Text(schema.Member(r.Config, n.Attr)), holder, all)
			}
		}
	}
	return from
}

// withOwner adds the addresses of an object of the state and of the user whose it is.
func (f *finder) withOwner(kind, id string, holder map[addr.Object]addr.Resource, all map[addr.Resource]bool) {
	a, lives := holder[addr.Object{Kind: kind, ID: id}]
	if !lives {
		return
	}
	all[a] = true
	k, ok := kinds.ByName(kind)
	if !ok {
		return
	}
	if owner, lives := holder[live.OwnerOf(k, f.in.Prior.Resources[a])]; lives {
		all[owner] = true
	}
}
