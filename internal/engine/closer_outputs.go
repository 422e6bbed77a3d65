package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/eval"
	"kiraform/internal/live"
	"kiraform/schema/kinds"
)

// lookForOutputs looks, after a run, at the objects of which a row of a list was
// seen only and an output or a check needs an attribute that rows lack.
func (p *Project) lookForOutputs(ctx context.Context, pl *Proposal) error {
	for _, a := range p.outputsLack(pl) {
		o := pl.State.Resources[a]
		k, _ := kinds.ByName(a.Kind)
		seen, err := live.Read(ctx, k, pl.conn.call(o.ID), o.Seen.Shown())
		if err != nil {
			return fmt.Errorf("look at %s, of which an output or a check needs more than lists show: %w", a, err)
		}
		have, _ := pl.Known.Get(a)
		attrs := have.AsValueMap()
		for _, name := range o.Unlooked {
			attrs[name] = seen.Seen.GetAttr(name)
		}
		pl.Known.Set(a, cty.ObjectVal(attrs))
		o.Seen, o.Unlooked = pl.key.Seal(k.Schema, o.Salt, seen.Seen, o.Sent, o.Seen), nil
		pl.State.Resources[a] = o
	}
	return nil
}

// outputsLack returns the addresses whose unknown attributes are all that keeps an
// output or a check from being known, sorted: it would be known if Kira showed none.
func (p *Project) outputsLack(pl *Proposal) []addr.Resource {
	rows := make(map[addr.Resource]cty.Value)
	for a, o := range pl.State.Resources {
		if len(o.Unlooked) == 0 {
			continue
		}
		if have, ok := pl.Known.Get(a); ok && have.IsKnown() && !have.IsNull() {
			rows[a] = have
		}
	}
	if len(rows) == 0 || pl.Destroys() {
		return nil
	}
	unknown, _ := p.program.Outputs(pl.Known)
	checks := p.openChecks(pl.Plan)
	for a, have := range rows {
		attrs := have.AsValueMap()
		for _, name := range pl.State.Resources[a].Unlooked {
			attrs[name] = cty.NullVal(attrs[name].Type())
		}
		pl.Known.Set(a, cty.ObjectVal(attrs))
	}
	without, _ := p.program.Outputs(pl.Known)
	open := p.openChecks(pl.Plan)
	for a, have := range rows {
		pl.Known.Set(a, have)
	}
	wanted := make(map[addr.Resource]bool)
	want := func(needs []addr.Resource) {
		for _, a := range needs {
			if _, row := rows[a]; row {
				wanted[a] = true
			}
		}
	}
	for name, o := range unknown {
		if !o.Value.IsWhollyKnown() && (without[name].Value.IsWhollyKnown() || without[name].Problems.HasErrors()) {
			want(o.Needs)
		}
	}
	for _, c := range checks {
		if !slices.ContainsFunc(open, func(o eval.CheckOutcome) bool { return o.At == c.At && o.Name == c.Name }) {
			want(c.Needs)
		}
	}
	return slices.SortedFunc(maps.Keys(wanted), addr.Resource.Compare)
}
