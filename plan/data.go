package plan

import (
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/eval"
	"kiraform/schema"
)

// source plans to look at a data source, unless that was done: then its value
// is as known as any.
func (m *maker) source(a addr.Resource, r eval.Resource) {
	pending := m.pending(r.DependsOn)
	if v, ok := m.Data[a]; ok && pending == (addr.Resource{}) {
		m.known.Set(a, v)
		return
	}
	k := m.Kinds[a.Schema()]
	attrs := make(map[string]cty.Value, len(k.Attrs))
	for i := range k.Attrs {
		at := &k.Attrs[i]
		attrs[at.Name] = schema.Member(r.Config, at.Name)
		if v, _ := attrs[at.Name].Unmark(); v.IsNull() {
			attrs[at.Name] = cty.UnknownVal(at.CtyType())
		}
	}
	c := Change{Addr: a, Action: Read, Config: r.Config, After: eval.Now(cty.ObjectVal(attrs)), Needs: r.Needs, Pending: pending}
	if pending != (addr.Resource{}) {
		c.Why = "it depends on " + pending.String() + ", which is going to change"
	}
	m.follow(&c)
	m.known.SetLater(a, c.After)
	m.at[a] = len(m.changes)
	m.changes = append(m.changes, c)
}

// pending returns the first of the resources that the plan changes; zero if it
// changes none.
func (m *maker) pending(all []addr.Resource) addr.Resource {
	return m.first(all, m.pendings, func(a addr.Resource) bool {
		i, planned := m.at[a]
		return planned && m.changes[i].Action != NoOp
	})
}

// needless takes the data sources that were looked at out of the needs of
// changes: there is nothing left to do for them.
func (m *maker) needless(p *Plan) {
	p.leave(m.changes, func(n addr.Resource) bool {
		_, planned := m.at[n]
		return n.Data && !planned
	})
}
