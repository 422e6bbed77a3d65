package eval

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/diag"
)

// module takes down a reference to a module: module.NAME, with an index if the
// call is repeated, and an output.
func (c *collector) module(t hcl.Traversal) {
	m := c.called(t)
	if m == nil {
		return
	}
	rest := t[2:]
	r := callRef{to: m, rng: t.SourceRange()}
	var index *hcl.TraverseIndex
	if len(rest) > 0 {
		if x, ok := rest[0].(hcl.TraverseIndex); ok {
			index, rest = &x, rest[1:]
		}
	}
	switch repeated := m.repeat.repeated(); {
	case index != nil && !repeated:
		c.callOnce(m, index.SrcRange)
		return
	case index != nil:
		r.index = index.SrcRange
		r.at, r.fixed = m.repeat.key(index.Key)
	case repeated && len(rest) > 0:
		if _, isAttr := rest[0].(hcl.TraverseAttr); isAttr {
			c.callKeyMissing(m, r.rng)
			return
		}
		rest = nil // a splat or the like: all instances are meant
	}
	if len(rest) == 0 {
		r.everything = c.place.whole
		c.deps.calls = append(c.deps.calls, r)
		return
	}
	if r.out = c.outputOf(m, rest); r.out != nil {
		c.deps.calls = append(c.deps.calls, r)
	}
}

// called returns the module that t refers to; nil, and a report, if there is
// none.
func (c *collector) called(t hcl.Traversal) *module {
	name, ok := second(t)
	if !ok {
		c.report("invalid-reference", t.SourceRange(), "Invalid reference", "Write module.NAME.OUTPUT, with the name of a module block.")
		return nil
	}
	if c.place.bare {
		c.onlyVariables(t)
		return nil
	}
	if m := c.in.child(name); m != nil {
		return m
	}
	var names []string
	for _, call := range c.in.decl.Calls {
		names = append(names, call.Name)
		if call.Name == name { // its folder cannot be read, which is reported
			c.diags = append(c.diags, diag.Error("undeclared-module", t.SourceRange().Ptr(), "", "")) // see quiet
			return nil
		}
	}
	c.missing("undeclared-module", t.SourceRange(), "Undeclared module",
		"There is no module %q%s.%s Call it with a module block.", name, c.in.where(), diag.DidYouMean(name, names))
	return nil
}

// outputOf returns the output that a reference into a module means; nil, and a
// report, if there is none.
func (c *collector) outputOf(m *module, rest hcl.Traversal) *output {
	a, ok := rest[0].(hcl.TraverseAttr)
	if !ok {
		c.report("invalid-reference", rest.SourceRange(), "Invalid reference", "Write module.NAME.OUTPUT, with the name of an output of the module.")
		return nil
	}
	o := m.outputs[a.Name]
	switch {
	case o != nil && o.decl.Deprecated != "":
		c.diags = append(c.diags, diag.Warning("deprecated", nameRange(a).Ptr(), "Deprecated output",
			"The output %q of %s is deprecated: %s", a.Name, m.addr(), o.decl.Deprecated))
	case o == nil:
		c.missing("undeclared-output", nameRange(a), "Undeclared output",
			"The module %s has no output %q.%s Declare it there with an output block.", m.decl.Dir, a.Name, suggestion(a.Name, m.outputs))
	}
	return o
}

// indexedCall takes down module.NAME[key], and the output behind it if rest
// begins with one. When the key is simple, one instance only is meant.
func (c *collector) indexedCall(x *hclsyntax.IndexExpr, rest hcl.Traversal) {
	t, ok := x.Collection.(*hclsyntax.ScopeTraversalExpr)
	if !ok || c.done[t] || len(t.Traversal) != 2 || t.Traversal.RootName() != "module" || c.bound("module") || c.place.bare {
		return
	}
	m := c.called(t.Traversal)
	if m == nil {
		c.done[t] = true
		return
	}
	if !m.repeat.repeated() {
		c.done[t] = true
		c.callOnce(m, x.BracketRange)
		return
	}
	r := callRef{to: m, rng: x.SrcRange, key: x.Key, index: x.BracketRange}
	if len(rest) > 0 {
		if r.out = c.outputOf(m, rest); r.out == nil {
			c.done[t] = true
			return
		}
	}
	if !c.simple(x.Key) {
		return // refers to all instances, as far as can be told
	}
	c.done[t] = true
	c.deps.calls = append(c.deps.calls, r)
}

func (c *collector) callOnce(m *module, rng hcl.Range) {
	c.report("unexpected-index", rng, "Unexpected index",
		"%s has neither count nor for_each, so there is only one of it. Take the index away.", m.addr())
}

func (c *collector) callKeyMissing(m *module, rng hcl.Range) {
	by, key := "for_each", "[each.key]"
	if m.repeat.count != nil {
		by, key = "count", "[0]"
	}
	c.report("missing-index", rng, "Missing index",
		"%s has %s, so there can be many of it. Say which is meant, as in %s.", m.addr(), by, fmt.Sprint(m.addr(), key))
}
