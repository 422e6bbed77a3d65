package eval

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/addr"
)

// ref is a place in an expression that refers to a resource block.
type ref struct {
	block addr.Resource
	rng   hcl.Range

	// Which instances are meant: the one that key evaluates to, if key is set;
	// else the one called fixed, if one is set; else all.
	key   hclsyntax.Expression
	fixed bool
	at    addr.Key
	index hcl.Range // of the index, if there is one
	attr  string    // the attribute that is meant; "" if it is the whole, or if it cannot be told
}

// all reports whether r means every instance of its block.
func (r *ref) all() bool { return r.key == nil && !r.fixed }

// deps are the references of a piece of configuration.
type deps struct {
	refs  []ref
	uses  []use // each once
	calls []callRef
	each  parts // how much of each.value is read

	impure bool // it calls a function that may return something else each time
}

// use is a reference to a local value, or to a variable of a called module.
type use struct {
	to  *named
	rng hcl.Range
}

func (d *deps) add(o deps) {
	d.refs = append(d.refs, o.refs...)
	d.calls = append(d.calls, o.calls...)
	d.each.add(o.each)
	d.impure = d.impure || o.impure
	for _, u := range o.uses {
		if !slices.ContainsFunc(d.uses, func(have use) bool { return have.to == u.to }) {
			d.uses = append(d.uses, u)
		}
	}
}

func (d *deps) empty() bool { return len(d.refs)+len(d.uses)+len(d.calls) == 0 }

// collector walks an expression and takes down its references. References that
// cannot be are reported.
type collector struct {
	p     *Program
	in    *module // whose names they are
	place place
	deps  deps
	diags hcl.Diagnostics

	inner []map[string]struct{}                  // names bound by for expressions
	done  map[*hclsyntax.ScopeTraversalExpr]bool // taken down with its index
	attrs map[*hclsyntax.IndexExpr]string        // the attributes that are read of indexed blocks
	types map[*hclsyntax.FunctionCallExpr]bool   // parts of a type, which look like calls
}

// collect returns the references of e. If there is a mistake in it, e is never
// evaluated.
func (p *Program) collect(in *module, e hclsyntax.Expression, at place) (deps, hcl.Diagnostics) {
	if e == nil {
		return deps{}, nil
	}
	c := &collector{p: p, in: in, place: at, done: make(map[*hclsyntax.ScopeTraversalExpr]bool), types: make(map[*hclsyntax.FunctionCallExpr]bool)}
	hclsyntax.Walk(e, c) // its result is in c.diags
	if c.diags.HasErrors() {
		p.bad[e] = true
	}
	return c.deps, quiet(c.diags)
}

func (p *Program) isBad(e hcl.Expression) bool {
	x, ok := e.(hclsyntax.Expression)
	return ok && p.bad[x]
}

// Enter implements [hclsyntax.Walker].
func (c *collector) Enter(n hclsyntax.Node) hcl.Diagnostics {
	switch n := n.(type) {
	case hclsyntax.ChildScope:
		c.inner = append(c.inner, n.LocalNames)
	case *hclsyntax.FunctionCallExpr:
		c.call(n)
	case *hclsyntax.RelativeTraversalExpr:
		if x, ok := n.Source.(*hclsyntax.IndexExpr); ok {
			if b := c.resourceOf(x.Collection); b != nil {
				c.attributes(b, n.Traversal)
				c.ofIndexed(x, n.Traversal)
			}
			c.indexedCall(x, n.Traversal)
		}
	case *hclsyntax.SplatExpr:
		if b := c.resourceOf(n.Source); b != nil && b.repeated() {
			if each, ok := n.Each.(*hclsyntax.RelativeTraversalExpr); ok {
				c.attributes(b, each.Traversal)
			}
		}
	case *hclsyntax.IndexExpr:
		c.indexed(n)
	case *hclsyntax.ScopeTraversalExpr:
		if !c.done[n] && !c.bound(n.Traversal.RootName()) {
			c.traversal(n.Traversal)
		}
	}
	return nil
}

// Exit implements [hclsyntax.Walker].
func (c *collector) Exit(n hclsyntax.Node) hcl.Diagnostics {
	if _, ok := n.(hclsyntax.ChildScope); ok {
		c.inner = c.inner[:len(c.inner)-1]
	}
	return nil
}

func (c *collector) bound(name string) bool {
	return slices.ContainsFunc(c.inner, func(names map[string]struct{}) bool {
		_, ok := names[name]
		return ok
	})
}

// blockName returns the address that t begins with, and the rest: KIND.NAME or
// data.KIND.NAME. It is false if t is too short.
func blockName(t hcl.Traversal) (a addr.Resource, rest hcl.Traversal, ok bool) {
	a.Kind, rest = t.RootName(), t[1:]
	if kind, named := second(t); a.Kind == "resource" && named {
		a.Kind, rest = kind, t[2:]
	}
	if a.Kind == "data" {
		kind, named := second(t)
		if !named {
			return a, nil, false
		}
		a.Data, a.Kind, rest = true, kind, t[2:]
	}
	if len(rest) == 0 {
		return a, nil, false
	}
	name, ok := rest[0].(hcl.TraverseAttr)
	a.Name = name.Name
	return a, rest[1:], ok
}

// resourceOf returns the block that e names, if e is KIND.NAME and no more.
func (c *collector) resourceOf(e hclsyntax.Expression) *block {
	t, ok := e.(*hclsyntax.ScopeTraversalExpr)
	if !ok || c.bound(t.Traversal.RootName()) {
		return nil
	}
	a, rest, ok := blockName(t.Traversal)
	if !ok || len(rest) > 0 {
		return nil
	}
	return c.p.blocks[within(a, c.in.path)]
}

// indexed takes down KIND.NAME[key]. When the key depends on nothing but
// variables, local values and the instance itself, only one instance is meant.
func (c *collector) indexed(x *hclsyntax.IndexExpr) {
	b := c.resourceOf(x.Collection)
	if b == nil || c.place.bare {
		if b == nil {
			c.indexedCall(x, nil)
		}
		return
	}
	if !b.repeated() {
		c.notRepeated(b, x.BracketRange)
		return
	}
	if !c.simple(x.Key) {
		return // refers to all instances, as far as can be told
	}
	c.done[x.Collection.(*hclsyntax.ScopeTraversalExpr)] = true
	c.deps.refs = append(c.deps.refs, ref{block: b.addr, rng: x.SrcRange, key: x.Key, index: x.BracketRange, attr: c.attrs[x]})
}

// simple reports whether the key of an instance depends on nothing but names
// and the instance itself.
func (c *collector) simple(key hclsyntax.Expression) bool {
	return !slices.ContainsFunc(hclsyntax.Variables(key), func(t hcl.Traversal) bool {
		return c.bound(t.RootName()) || !slices.Contains([]string{"var", "local", "each", "count", "path", "kiraform", "terraform"}, t.RootName())
	})
}

// traversal takes down one reference.
func (c *collector) traversal(t hcl.Traversal) {
	if _, own := c.place.names[t.RootName()]; own {
		return
	}
	switch root := t.RootName(); root {
	case "var":
		c.variable(t)
	case "local":
		c.local(t)
	case "each":
		c.member(t, c.place.each, "for_each", "key", "value")
		c.eachValue(t)
	case "count":
		c.member(t, c.place.count, "count", "index")
	case "path":
		c.member(t, true, "", "module", "root", "cwd")
	case "kiraform", "terraform": // one has the habit
		c.member(t, true, "", "workspace")
	case "self":
		if !c.place.self {
			c.report("invalid-reference", t.SourceRange(), "Invalid reference",
				"The name self can be used in a postcondition only. Refer to the resource by its address.")
		}
	case "action":
		c.report("invalid-reference", t.SourceRange(), "Invalid reference",
			"An action is run, and has no value that could be referred to. Run it with -invoke, or name it in an action_trigger.")
	case "module":
		c.module(t)
	default:
		c.resource(t)
	}
}

// resource takes down a reference to a resource block.
func (c *collector) resource(t hcl.Traversal) {
	b := c.declared(t)
	if b == nil {
		return
	}
	r := ref{block: b.addr, rng: t.SourceRange()}
	_, rest, _ := blockName(t)
	var index *hcl.TraverseIndex
	if len(rest) > 0 {
		if x, ok := rest[0].(hcl.TraverseIndex); ok {
			index, rest = &x, rest[1:]
		}
	}
	switch {
	case index != nil && !b.repeated():
		c.notRepeated(b, index.SrcRange)
		return
	case index != nil:
		r.index = index.SrcRange
		r.at, r.fixed = b.repeat.key(index.Key)
	case b.repeated() && len(rest) > 0:
		if _, isAttr := rest[0].(hcl.TraverseAttr); isAttr {
			c.keyMissing(b, r.rng)
			return
		}
	case !b.repeated():
		r.fixed = true
	}
	if index != nil || !b.repeated() {
		c.attributes(b, rest)
		r.attr = attrOf(rest)
	}
	c.deps.refs = append(c.deps.refs, r)
}

func (c *collector) notRepeated(b *block, rng hcl.Range) {
	c.report("unexpected-index", rng, "Unexpected index",
		"%s has neither count nor for_each, so there is only one of it. Take the index away.", b.addr)
}

func (c *collector) keyMissing(b *block, rng hcl.Range) {
	by, example := "for_each", fmt.Sprintf("%s[each.key]", b.addr)
	if b.decl.Count != nil {
		by, example = "count", fmt.Sprintf("%s[0]", b.addr)
	}
	c.report("missing-index", rng, "Missing index",
		"%s has %s, so there can be many of it. Say which is meant, as in %s.", b.addr, by, example)
}
