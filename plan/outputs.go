package plan

import (
	"maps"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/eval"
	"kiraform/state"
)

// outputs returns the outputs whose values will not be what they were, sorted
// by name.
func (m *maker) outputs() (out []OutputChange) {
	var after map[string]eval.Output
	if !m.Destroy {
		written, d := m.Program.Outputs(m.known)
		m.diags = append(m.diags, d...)
		after = written
	}
	names := slices.AppendSeq(slices.Collect(maps.Keys(m.Prior.Outputs)), maps.Keys(after))
	slices.Sort(names)
	for _, n := range slices.Compact(names) {
		before, had := m.Prior.Outputs[n]
		now, has := after[n]
		c := OutputChange{Name: n, Before: before, Known: true}
		if has {
			v, _ := now.Value.UnmarkDeep()
			c.After, c.Known = state.Output{Value: v, Sensitive: now.Sensitive}, v.IsWhollyKnown()
		}
		if had && has && same(before, c.After) {
			continue
		}
		out = append(out, c)
	}
	return out
}

// same reports whether an output keeps its value. That of a sensitive output
// is not remembered, so it counts as kept.
func same(before, after state.Output) bool {
	if before.Sensitive || after.Sensitive {
		return before.Sensitive == after.Sensitive
	}
	return before.Value != cty.NilVal && before.Value.RawEquals(after.Value)
}
