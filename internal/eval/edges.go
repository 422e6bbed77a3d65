package eval

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/addr"
)

// Edges returns the graph of the configuration: the resource blocks and, in
// full, also the names of modules and the modules that are called. These have
// "var", "local", "output" and "module" for a kind.
func (p *Program) Edges(full bool) *graphOf {
	if !full {
		return p.graph
	}
	g := p.needers().graph()
	for _, v := range p.root.decl.Variables {
		g.Add(addr.Resource{Kind: "var", Name: v.Name})
	}
	for _, b := range p.order {
		g.Add(b.addr)
		for _, a := range b.decl.Written() {
			p.rootVariables(g, b.addr, b.in, a.Expr)
		}
		p.rootVariables(g, b.addr, b.in, b.decl.Count)
		p.rootVariables(g, b.addr, b.in, b.decl.ForEach)
	}
	for _, m := range p.tree {
		for _, n := range m.names() {
			g.Add(n.addr())
			if n.home() != nil {
				p.rootVariables(g, n.addr(), n.home(), n.expr)
			}
		}
		if m.parent != nil {
			g.Add(m.addr())
			p.rootVariables(g, m.addr(), m.parent, m.call.Count)
			p.rootVariables(g, m.addr(), m.parent, m.call.ForEach)
		}
	}
	return g
}

// rootVariables adds the variables of the root module that e refers to: they
// are known from the start, so that nothing waits for them.
func (p *Program) rootVariables(g *graphOf, from addr.Resource, in *module, e hcl.Expression) {
	if x, ok := e.(hclsyntax.Expression); !ok || x == nil || in != p.root {
		return
	}
	var all []addr.Resource
	for _, t := range e.Variables() {
		if name, ok := second(t); ok && t.RootName() == "var" {
			all = append(all, addr.Resource{Kind: "var", Name: name})
		}
	}
	if len(all) > 0 {
		g.Add(from, all...) // at once, since adding one need to many sorts them all again
	}
}
