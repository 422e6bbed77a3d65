package eval

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/diag"
)

// edge is one thing that needs another; things are resource blocks, and local
// values under the kind "local".
type edge struct{ from, to addr.Resource }

// cycles reports every circle of references, with the place of each reference,
// and marks those that are part of one.
func (p *Program) cycles() hcl.Diagnostics {
	places := make(map[edge]hcl.Range)
	note := func(from addr.Resource, ds ...deps) {
		for _, d := range ds {
			for _, r := range d.refs {
				notice(places, edge{from, r.block}, r.rng)
			}
			for _, u := range d.locals {
				notice(places, edge{from, localAddr(u.name)}, u.rng)
			}
		}
	}
	for _, b := range p.order {
		note(b.addr, b.repeat, b.body, b.after)
	}
	for _, l := range p.root.decl.Locals {
		note(localAddr(l.Name), p.root.locals[l.Name].deps)
	}
	var diags hcl.Diagnostics
	broken := make(map[addr.Resource]bool)
	for {
		var g graphOf
		for e := range places {
			if !broken[e.from] && !broken[e.to] {
				g.Add(e.from, e.to)
			}
		}
		cycle := g.Cycle()
		if cycle == nil {
			return diags
		}
		diags = append(diags, cycleError(cycle, places))
		for _, a := range cycle {
			broken[a] = true
			if a.Kind == "local" {
				p.root.locals[a.Name].cyclic = true
			} else {
				p.blocks[a].cyclic = true
			}
		}
	}
}

func localAddr(name string) addr.Resource { return addr.Resource{Kind: "local", Name: name} }

// notice keeps the first place of an edge.
func notice(places map[edge]hcl.Range, e edge, rng hcl.Range) {
	have, ok := places[e]
	if !ok || rng.Filename < have.Filename || rng.Filename == have.Filename && rng.Start.Byte < have.Start.Byte {
		places[e] = rng
	}
}

func cycleError(cycle []addr.Resource, places map[edge]hcl.Range) *hcl.Diagnostic {
	first := places[edge{cycle[0], cycle[1%len(cycle)]}]
	if len(cycle) == 1 {
		return diag.Error("self-reference", &first, "Reference to itself",
			"%s refers to itself. Write the value out, or move it to a local value that both use.", cycle[0])
	}
	lines := make([]string, len(cycle))
	for i, a := range cycle {
		next := cycle[(i+1)%len(cycle)]
		lines[i] = fmt.Sprintf("%s (%s) needs %s", a, config.Place(places[edge{a, next}]), next)
	}
	return diag.Error("cycle", &first, "References in a circle",
		"%s. Take one of these references away.", strings.Join(lines, ", and\n"))
}
