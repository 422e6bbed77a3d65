package plan

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/eval"
	"kiraform/state"
)

// Settle works out which outputs change by the plan, as its changes and values
// are by now.
func (p *Plan) Settle(program Program) hcl.Diagnostics {
	if p.destroy {
		p.Outputs = nil
		if !p.Partial() {
			p.Outputs = p.outputs(nil)
		}
		return nil
	}
	written, diags := program.Outputs(p.Known)
	for _, name := range slices.Sorted(maps.Keys(written)) {
		if p.Settles(written[name]) {
			diags = append(diags, written[name].Problems...)
		}
	}
	p.Outputs = p.outputs(written)
	return diags
}

// Partial reports whether the plan leaves out resources that were not selected.
// The former value of an output is kept then, unless all that it needs is
// selected.
func (p *Plan) Partial() bool { return p.selected != nil }

// Destroys reports whether the plan is to forget everything, outputs included.
func (p *Plan) Destroys() bool { return p.destroy }

// Settles reports whether carrying out the plan gives o its value. An output
// keeps its old one if something that it needs is left out, or if it is of no
// resource and only some resources are selected.
func (p *Plan) Settles(o eval.Output) bool {
	if !p.Partial() {
		return true
	}
	return len(o.Needs) > 0 && !slices.ContainsFunc(o.Needs, func(a addr.Resource) bool { return !p.selected[a] })
}

// outputs returns the outputs whose values will not be those of the prior
// state, sorted by name.
func (p *Plan) outputs(after map[string]eval.Output) (out []OutputChange) {
	var later map[addr.Resource]bool
	names := slices.AppendSeq(slices.Collect(maps.Keys(p.Prior.Outputs)), maps.Keys(after))
	slices.Sort(names)
	for _, n := range slices.Compact(names) {
		before, had := p.Prior.Outputs[n]
		now, has := after[n]
		if has && !p.Settles(now) || !has && p.Partial() {
			continue
		}
		c := OutputChange{Name: n, Before: before, Known: true}
		if has {
			v, _ := now.Value.UnmarkDeep()
			c.After, c.Known = state.Output{Value: v, Sensitive: now.Sensitive}, v.IsWhollyKnown()
		}
		if had && has && same(before, c.After) {
			continue
		}
		if !c.Known {
			if later == nil {
				later = p.deferred()
			}
			if slices.ContainsFunc(now.Needs, func(a addr.Resource) bool { return later[a] }) {
				continue // this run will not make it known
			}
		}
		out = append(out, c)
	}
	return out
}

// deferred returns the addresses of the resources that the plan puts off.
func (p *Plan) deferred() map[addr.Resource]bool {
	later := make(map[addr.Resource]bool)
	for i := range p.Changes {
		if c := &p.Changes[i]; c.Action == Defer {
			later[c.Addr] = true
		}
	}
	return later
}

// same reports whether an output keeps its value. That of a sensitive output
// is not remembered, so it counts as kept.
func same(before, after state.Output) bool {
	if before.Sensitive || after.Sensitive {
		return before.Sensitive == after.Sensitive
	}
	return before.Value != cty.NilVal && before.Value.RawEquals(after.Value)
}
