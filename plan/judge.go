package plan

import (
	"maps"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/eval"
)

// judge reports the postconditions that do not hold for an object that is there
// already, or for the written one. Attributes that Kira will set are judged
// once it has.
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

// unsettled returns the object that a change leads to, without the attributes
// that Kira may set anew.
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
