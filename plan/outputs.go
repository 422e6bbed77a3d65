package plan

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/eval"
	"kiraform/state"
)

// outputs returns the outputs whose values will not be what they were, sorted
// by name.
func (m *maker) outputs() []OutputChange {
	if m.Destroy {
		return outputChanges(m.Prior, nil)
	}
	out, d := Outputs(m.Program, m.Prior, m.known)
	m.diags = append(m.diags, d...)
	return out
}

// Outputs returns the outputs whose values will not be what prior remembers, if
// resources have the values known, sorted by name.
func Outputs(p Program, prior *state.State, known *eval.Values) ([]OutputChange, hcl.Diagnostics) {
	written, diags := p.Outputs(known)
	return outputChanges(prior, written), diags
}

func outputChanges(prior *state.State, after map[string]eval.Output) (out []OutputChange) {
	names := slices.AppendSeq(slices.Collect(maps.Keys(prior.Outputs)), maps.Keys(after))
	slices.Sort(names)
	for _, n := range slices.Compact(names) {
		before, had := prior.Outputs[n]
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
