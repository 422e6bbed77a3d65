package eval

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/schema"
)

// block is a resource block, compiled.
type block struct {
	decl  *config.Resource
	addr  addr.Resource
	kind  *schema.Kind // nil if there is no such kind
	shape *shape       // of kind; nil without one

	repeat   deps  // what count or for_each refers to
	body     deps  // what all the rest refers to
	after    deps  // what postconditions refer to
	chained  *ref  // for_each is this reference to all of another block, and no more
	triggers []ref // of replace_triggered_by

	ignore  []cty.Path
	misread map[string]bool // attributes, by path, whose misspelling was reported
	cyclic  bool            // needs itself, so nothing of it can be evaluated
}

// repeated reports whether b has count or for_each.
func (b *block) repeated() bool { return b.decl.Count != nil || b.decl.ForEach != nil }

// key returns the instance key that v means as an index of b. Numbers and
// strings stand for each other, as everywhere in the language.
func (b *block) key(v cty.Value) (addr.Key, bool) {
	want := cty.String
	if b.decl.Count != nil {
		want = cty.Number
	}
	v, _ = v.Unmark()
	if v.IsNull() || !v.IsKnown() {
		return addr.Key{}, false
	}
	v, err := convert.Convert(v, want)
	if err != nil {
		return addr.Key{}, false
	}
	return addr.KeyOf(v)
}

// declare makes a block of every resource, so that they can refer to each
// other whatever their order.
func (p *Program) declare() hcl.Diagnostics {
	var diags hcl.Diagnostics
	shapes := make(map[string]*shape)
	for _, r := range p.root.decl.Resources {
		b := &block{decl: r, addr: r.Addr(), misread: make(map[string]bool)}
		p.blocks[b.addr] = b
		p.order = append(p.order, b)
		kind, ok := p.options.Kinds[b.addr.Schema()]
		if !ok {
			diags = append(diags, diag.Error("unknown-kind", &r.KindRange, "Unknown "+noun(b.addr)+" kind",
				"There is no %s kind %q.%s", noun(b.addr), b.addr.Schema(), suggestion(b.addr.Schema(), p.options.Kinds)))
			continue
		}
		if shapes[b.addr.Schema()] == nil {
			shapes[b.addr.Schema()] = shapeOf(kind.Attrs)
		}
		b.kind, b.shape = kind, shapes[b.addr.Schema()]
	}
	return diags
}

// compileBlock checks what is written in b and takes down what it refers to.
func (p *Program) compileBlock(b *block) hcl.Diagnostics {
	var diags hcl.Diagnostics
	take := func(into *deps, e hclsyntax.Expression, at place) deps {
		d, more := p.collect(e, at)
		diags = append(diags, more...)
		into.add(d)
		return d
	}
	repeat := place{what: "count or for_each"}
	take(&b.repeat, b.decl.Count, repeat)
	take(&b.repeat, b.decl.ForEach, repeat)
	markDigits(b.decl.ForEach, p.bytesOf(b.decl.ForEach))
	b.chained = p.chain(b)

	inside := place{what: "a resource", each: b.decl.ForEach != nil, count: b.decl.Count != nil}
	for _, a := range b.decl.Written() {
		take(&b.body, a.Expr.(hclsyntax.Expression), inside)
		markDigits(a.Expr.(hclsyntax.Expression), p.bytesOf(a.Expr))
	}
	if b.kind != nil {
		diags = append(diags, b.checkNames()...)
		diags = append(diags, p.byPosition(b)...)
	}
	for _, t := range b.decl.DependsOn {
		take(&b.body, &hclsyntax.ScopeTraversalExpr{Traversal: t, SrcRange: t.SourceRange()}, inside)
	}
	lc := &b.decl.Lifecycle
	take(&b.body, lc.PreventDestroy, inside)
	for _, e := range lc.ReplaceTriggeredBy {
		b.triggers = append(b.triggers, take(&b.body, e, inside).refs...)
	}
	for _, c := range lc.Preconditions {
		take(&b.body, c.Condition, inside)
		take(&b.body, c.ErrorMessage, inside)
	}
	later := inside
	later.self = true
	for _, c := range lc.Postconditions {
		take(&b.after, c.Condition, later)
		take(&b.after, c.ErrorMessage, later)
	}
	return append(diags, b.ignored()...)
}

// chain returns the reference that b's for_each is, if it is no more than one
// to a block that has for_each itself. Such a block has the same keys, and its
// instances need one instance each.
func (p *Program) chain(b *block) *ref {
	e, ok := b.decl.ForEach.(*hclsyntax.ScopeTraversalExpr)
	if !ok || len(e.Traversal) != 2 || len(b.repeat.refs) != 1 || p.bad[e] {
		return nil
	}
	if p.blocks[b.repeat.refs[0].block].decl.ForEach == nil {
		return nil
	}
	return &b.repeat.refs[0]
}

// ignored checks ignore_changes and turns it into paths.
func (b *block) ignored() hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, t := range b.decl.Lifecycle.IgnoreChanges {
		var path cty.Path
		for _, step := range t {
			switch step := step.(type) {
			case hcl.TraverseAttr:
				path = path.GetAttr(step.Name)
			case hcl.TraverseIndex:
				path = path.Index(step.Key)
			}
		}
		name := path[0].(cty.GetAttrStep).Name
		if b.kind != nil {
			if a, ok := b.kind.Attr(name); !ok || a.Computed {
				diags = append(diags, diag.Error("unknown-attribute", t.SourceRange().Ptr(), "Unknown attribute",
					"Resource kind %q has no attribute %q that could be written.%s",
					b.kind.Name, name, diag.DidYouMean(name, b.shape.writable())))
				continue
			}
		}
		b.ignore = append(b.ignore, path)
	}
	return diags
}

// connect builds the graph of blocks, and reports those that need themselves.
func (p *Program) connect() hcl.Diagnostics {
	diags := p.cycles()
	p.flatten()
	p.graph = new(graphOf)
	for _, b := range p.order {
		if b.kind == nil {
			continue
		}
		p.graph.Add(b.addr)
		if b.cyclic {
			continue
		}
		for _, need := range p.blocksOf(b.repeat, b.body, b.after) {
			if n := p.blocks[need]; n.kind != nil && need != b.addr && !n.cyclic {
				p.graph.Add(b.addr, need)
			}
		}
	}
	if p.graph.Order() == nil && len(p.graph.Nodes()) > 0 {
		panic(fmt.Sprintf("eval: a cycle was not found: %v", p.graph.Cycle()))
	}
	return diags
}
