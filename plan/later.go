package plan

import (
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/eval"
	"kiraform/state"
)

// later puts off the instances of a block of which it is not known yet which
// there will be. Those that the state has stay as they are.
func (m *maker) later(a addr.Resource, r eval.Resource) {
	m.open[a.Block()] = true
	m.known.Set(a, cty.DynamicVal)
	m.at[a] = len(m.changes)
	m.changes = append(m.changes, Change{Addr: a, Action: Defer, Config: r.Config, After: proposed(m.Kinds[a.Schema()], r.Config, state.Object{}), Needs: r.Needs,
		Why: "which instances there will be is known only after apply"})
}

// unsure reports whether it is not known which instances a block has.
func (m *maker) unsure(block addr.Resource) bool { return m.failed[block] || m.open[block] }
