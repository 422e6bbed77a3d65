package eval

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/graph"
)

type graphOf = graph.Graph[addr.Resource]

// named is a value that a module gives a name to, compiled: a local value, an
// output, or a variable of a module that is called. It has one value for each
// instance of the module.
type named struct {
	kind string // "local", "output" or "var"; of a module, "module" for all outputs and "after" for its depends_on
	name string
	in   *module // that has the name

	expr     hclsyntax.Expression // nil if none is written
	deps     deps
	variable *config.Variable // of a variable
	output   *output          // of an output

	blocks []addr.Resource // that it needs, through other names too
	cyclic bool
}

// home returns the module whose names the expression of n refers to.
func (n *named) home() *module {
	if n.kind == "var" {
		return n.in.parent
	}
	return n.in
}

// addr is n as something that can need and be needed; see [edge].
func (n *named) addr() addr.Resource {
	return addr.Resource{Module: n.in.path, Kind: n.kind, Name: n.name}
}

func (p *Program) compileLocal(n *named) hcl.Diagnostics {
	markDigits(n.expr, p.bytesOf(n.expr))
	d, diags := p.collect(n.in, n.expr, place{what: "a local value"})
	n.deps.add(d)
	return diags
}

// names returns all that m gives a name to, in no order.
func (m *module) names() (all []*named) {
	for _, n := range m.inputs {
		all = append(all, n)
	}
	for _, n := range m.locals {
		all = append(all, n)
	}
	for _, o := range m.order {
		all = append(all, &o.named)
	}
	return all
}

// flatten works out which blocks every name and every module needs.
func (p *Program) flatten() {
	f := &flattener{p: p, done: make(map[any]bool)}
	for _, m := range p.tree {
		f.module(m)
		for _, n := range m.names() {
			f.named(n)
		}
		m.whole.blocks = slices.Clone(m.waits)
		for _, o := range m.order {
			m.whole.blocks = append(m.whole.blocks, o.blocks...)
		}
		m.whole.blocks = sorted(m.whole.blocks)
	}
	for _, m := range p.tree {
		m.repeat.blocks = p.blocksOf(m.repeat.deps)
	}
	for _, b := range p.order {
		b.repeat.blocks = p.blocksOf(b.repeat.deps)
	}
}

type flattener struct {
	p    *Program
	done map[any]bool
}

func (f *flattener) named(n *named) {
	if f.done[n] || n.cyclic {
		return
	}
	f.done[n] = true
	n.blocks = f.blocks(&n.deps)
	if n.kind == "var" {
		f.module(n.in)
		n.blocks = append(n.blocks, n.in.waits...)
	}
	n.blocks = sorted(n.blocks)
}

// module works out which blocks have to be known before it is known which
// instances of m there are, and those of its depends_on.
func (f *flattener) module(m *module) {
	if m.parent == nil || f.done[m] || m.cyclic {
		return
	}
	f.done[m] = true
	f.module(m.parent)
	m.waits = sorted(slices.Concat(m.parent.waits, f.blocks(&m.repeat.deps), f.blocks(&m.after.deps)))
}

func (f *flattener) blocks(d *deps) []addr.Resource {
	for _, u := range d.uses {
		f.named(u.to)
	}
	for _, c := range d.calls {
		f.module(c.to)
		for _, o := range c.outputs() {
			f.named(&o.named)
		}
	}
	return f.p.blocksOf(*d)
}

// blocksOf returns the blocks that ds need, through names too, sorted.
func (p *Program) blocksOf(ds ...deps) (all []addr.Resource) {
	for _, d := range ds {
		for _, r := range d.refs {
			all = append(all, r.block)
		}
		for _, u := range d.uses {
			all = append(all, u.to.blocks...)
		}
		for _, c := range d.calls {
			all = append(all, c.to.waits...)
			if c.everything {
				for _, b := range p.blocksIn(c.to) {
					all = append(all, b.addr)
				}
			}
			for _, o := range c.outputs() {
				all = append(all, o.blocks...)
			}
		}
	}
	return sorted(all)
}

func sorted(as []addr.Resource) []addr.Resource {
	slices.SortFunc(as, addr.Resource.Compare)
	return slices.Compact(as)
}

// localValue is a name's value as of the version at.
type localValue struct {
	value cty.Value
	needs needs
	at    uint64

	failed bool // it could not be evaluated
}

// nameAt is a name in one instance of its module.
type nameAt struct {
	*named
	at addr.Module
}

// named returns the value of a name and its needs. It is evaluated again only
// when a block that it needs has changed, and so its mistakes are reported to
// the first who asks.
func (p *Program) named(v *Values, n *named, at addr.Module) (*localValue, hcl.Diagnostics) {
	now := v.version(n.blocks)
	if have, ok := v.names[nameAt{n, at}]; ok && have.at == now {
		return have, nil
	}
	if n.cyclic {
		return &localValue{value: cty.DynamicVal, failed: true}, nil
	}
	switch n.kind {
	case "var":
		return p.input(v, n, at, now)
	case "output":
		return p.outputNamed(v, n, at, now)
	case "module":
		return p.wholeModule(v, n, at, now)
	case "after":
		s, diags := p.scope(n.in, at, v, &n.deps, instance{})
		return v.keep(n, at, &localValue{value: cty.DynamicVal, needs: s.needs, at: now}), diags
	}
	s, diags := p.scope(n.in, at, v, &n.deps, instance{})
	val, d := p.value(s, n.expr)
	have := &localValue{value: val, needs: s.needs, at: now, failed: d.HasErrors() || s.wrong() || p.isBad(n.expr)}
	return v.keep(n, at, have), append(diags, d...)
}

// keep remembers the value of a name.
func (v *Values) keep(n *named, at addr.Module, have *localValue) *localValue {
	have.needs = have.needs.folded(v)
	v.names[nameAt{n, at}] = have
	return have
}
