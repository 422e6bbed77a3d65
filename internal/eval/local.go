package eval

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/graph"
)

type graphOf = graph.Graph[addr.Resource]

// local is a local value, compiled.
type local struct {
	decl   *config.Local
	deps   deps
	blocks []addr.Resource // that it needs, through other local values too
	cyclic bool
}

func (p *Program) compileLocal(l *local) hcl.Diagnostics {
	markDigits(l.decl.Expr, p.bytesOf(l.decl.Expr))
	d, diags := p.collect(l.decl.Expr, place{what: "a local value"})
	l.deps.add(d)
	return diags
}

// flatten works out which blocks every local value needs.
func (p *Program) flatten() {
	done := make(map[string]bool)
	var visit func(name string) []addr.Resource
	visit = func(name string) []addr.Resource {
		l := p.root.locals[name]
		if done[name] || l.cyclic {
			return l.blocks
		}
		done[name] = true
		for _, r := range l.deps.refs {
			l.blocks = append(l.blocks, r.block)
		}
		for _, u := range l.deps.locals {
			l.blocks = append(l.blocks, visit(u.name)...)
		}
		l.blocks = sorted(l.blocks)
		return l.blocks
	}
	for name := range p.root.locals {
		visit(name)
	}
}

// blocksOf returns the blocks that ds need, through local values too, sorted.
func (p *Program) blocksOf(ds ...deps) []addr.Resource {
	var all []addr.Resource
	for _, d := range ds {
		for _, r := range d.refs {
			all = append(all, r.block)
		}
		for _, u := range d.locals {
			all = append(all, p.root.locals[u.name].blocks...)
		}
	}
	return sorted(all)
}

func sorted(as []addr.Resource) []addr.Resource {
	slices.SortFunc(as, addr.Resource.Compare)
	return slices.Compact(as)
}

// local returns the value of a local value and what it needs. It is evaluated
// again only when a block that it needs has changed, and so its mistakes are
// reported to the first who asks.
func (p *Program) local(v *Values, name string) (*localValue, hcl.Diagnostics) {
	l := p.root.locals[name]
	now := v.version(l.blocks)
	if have, ok := v.locals[name]; ok && have.at == now {
		return have, nil
	}
	if l.cyclic {
		return &localValue{value: cty.DynamicVal}, nil
	}
	s, diags := p.scope(v, &l.deps, instance{})
	val, d := p.value(s, l.decl.Expr)
	have := &localValue{value: val, needs: s.needs, at: now, failed: d.HasErrors() || s.wrong()}
	v.locals[name] = have
	return have, append(diags, d...)
}
