package plan

import (
	"maps"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/eval"
)

// judge reports the postconditions that do not hold for what is there already,
// or for what is written. What Kira will set is judged once it has.
func (m *maker) judge(p *Plan) {
	for _, a := range slices.SortedFunc(maps.Keys(m.Data), addr.Resource.Compare) {
		if m.names[a] && (!p.Partial() || p.selected[a]) {
			m.diags = append(m.diags, m.Program.Check(a, eval.Now(m.Data[a]), m.known)...)
		}
	}
	for i := range m.changes {
		c := &m.changes[i]
		switch c.Action {
		case Forget, Gone, Read:
		case NoOp:
			m.diags = append(m.diags, m.Program.Check(c.Addr, c.After, m.known)...)
		default:
			m.diags = append(m.diags, m.Program.Check(c.Addr, eval.Lazily(func() cty.Value { return m.unsettled(c) }), m.known)...)
		}
	}
}

// unsettled returns what a change leads to, without what Kira may set anew.
func (m *maker) unsettled(c *Change) cty.Value {
	k := m.Kinds[c.Addr.Schema()]
	attrs := c.After.Value().AsValueMap()
	for i := range k.Attrs {
		if a := &k.Attrs[i]; a.Computed {
			attrs[a.Name] = unknown(k, a)
		}
	}
	return cty.ObjectVal(attrs)
}
