package eval

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/diag"
)

// edge is one thing that needs another; things are resource blocks, names of
// modules under their kind, and modules that are called.
type edge struct{ from, to addr.Resource }

// needers are the edges of a configuration, each with a place that has it.
type needers struct {
	places map[edge]hcl.Range
	spoil  map[addr.Resource]func() // marks one that is part of a circle
}

func (n *needers) note(from addr.Resource, spoil func(), ds ...deps) {
	n.spoil[from] = spoil
	for _, d := range ds {
		for _, r := range d.refs {
			notice(n.places, edge{from, r.block}, r.rng)
		}
		for _, u := range d.uses {
			notice(n.places, edge{from, u.to.addr()}, u.rng)
		}
		for _, c := range d.calls {
			notice(n.places, edge{from, c.to.addr()}, c.rng)
			for _, o := range c.outputs() {
				notice(n.places, edge{from, o.addr()}, c.rng)
			}
		}
	}
}

// needers takes down the needs of everything.
func (p *Program) needers() *needers {
	n := &needers{make(map[edge]hcl.Range), make(map[addr.Resource]func())}
	everything := func(from addr.Resource, ds ...deps) {
		for _, d := range ds {
			for _, c := range d.calls {
				for _, b := range p.blocksIn(c.to) {
					if c.everything {
						notice(n.places, edge{from, b.addr}, c.rng)
					}
				}
			}
		}
	}
	for _, b := range p.order {
		n.note(b.addr, func() { b.cyclic = true }, b.repeat.deps, b.body, b.after)
		everything(b.addr, b.body)
		if b.in.parent != nil {
			notice(n.places, edge{b.addr, b.in.addr()}, b.decl.DefRange)
		}
	}
	for _, m := range p.tree {
		for _, name := range m.names() {
			n.note(name.addr(), func() { name.cyclic = true }, name.deps)
			everything(name.addr(), name.deps)
			if name.kind == "var" {
				notice(n.places, edge{name.addr(), m.addr()}, m.call.DefRange)
			}
		}
		if m.parent == nil {
			continue
		}
		n.note(m.addr(), func() { m.cyclic = true }, m.repeat.deps, m.after.deps)
		everything(m.addr(), m.after.deps)
		if m.parent.parent != nil {
			notice(n.places, edge{m.addr(), m.parent.addr()}, m.call.DefRange)
		}
	}
	return n
}

// cycles reports every circle of references, with the place of each reference,
// and marks those that are part of one.
func (p *Program) cycles() (diags hcl.Diagnostics) {
	n := p.needers()
	for _, cycle := range n.graph().Cycles() {
		diags = append(diags, cycleError(cycle, n.places))
		for _, a := range cycle {
			n.spoil[a]()
		}
	}
	return diags
}

// graph is the graph of the edges.
func (n *needers) graph() *graphOf {
	needs := make(map[addr.Resource][]addr.Resource)
	for e := range n.places {
		needs[e.from] = append(needs[e.from], e.to)
	}
	g := new(graphOf)
	for from, to := range needs { // at once, since adding one need to many sorts them all again
		g.Add(from, to...)
	}
	return g
}

// notice keeps the first place of an edge.
func notice(places map[edge]hcl.Range, e edge, rng hcl.Range) {
	have, ok := places[e]
	if !ok || rng.Filename < have.Filename || rng.Filename == have.Filename && rng.Start.Byte < have.Start.Byte {
		places[e] = rng
	}
}

// longCircle is how many references of a circle are named, beside the last.
const longCircle = 20

func cycleError(cycle []addr.Resource, places map[edge]hcl.Range) *hcl.Diagnostic {
	first := places[edge{cycle[0], cycle[1%len(cycle)]}]
	if len(cycle) == 1 {
		return diag.Error("self-reference", &first, "Reference to itself",
			"%s refers to itself. Write the value out, or move it to a local value that both use.", cycle[0])
	}
	var lines []string
	for i, a := range cycle {
		switch next := cycle[(i+1)%len(cycle)]; {
		case i < longCircle || i == len(cycle)-1:
			lines = append(lines, fmt.Sprintf("%s (%s) needs %s", a, config.Place(places[edge{a, next}]), next))
		case i == longCircle:
			lines = append(lines, fmt.Sprintf("so on for %d more", len(cycle)-longCircle-1))
		}
	}
	return diag.Error("cycle", &first, "References in a circle",
		"%s. Take one of these references away.", strings.Join(lines, ", and\n"))
}
