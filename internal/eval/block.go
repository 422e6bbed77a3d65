package eval

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/schema"
)

// block is a resource block, compiled.
type block struct {
	decl  *config.Resource
	in    *module
	addr  addr.Resource // without any key
	kind  *schema.Kind  // nil if there is no such kind
	shape *shape        // of kind; nil without one

	repeat   repeater
	body     deps  // the references of everything but count, for_each and postconditions
	depends  deps  // of that, depends_on
	after    deps  // the references of postconditions
	triggers []ref // of replace_triggered_by

	constant map[string]cty.Value      // arguments that have one value for all instances
	varying  map[string]*hcl.Attribute // the others

	ignore  []cty.Path
	misread map[string]bool // attributes, by path, whose misspelling was reported
	cyclic  bool            // needs itself, so nothing of it can be evaluated
}

// repeated reports whether b has count or for_each.
func (b *block) repeated() bool { return b.repeat.repeated() }

// declare makes a block of every resource, so that they can refer to each
// other whatever their order.
func (p *Program) declare() hcl.Diagnostics {
	var diags hcl.Diagnostics
	shapes := make(map[string]*shape)
	for _, b := range p.declared() {
		r := b.decl
		p.blocks[b.addr] = b
		p.order = append(p.order, b)
		kind, ok := p.options.Kinds[b.addr.Schema()]
		if !ok {
			diags = append(diags, diag.Error("unknown-kind", &r.KindRange, "Unknown "+noun(b.addr)+" kind",
				"There is no %s kind %q.%s", noun(b.addr), b.addr.Kind, p.meant(b.addr)))
			continue
		}
		if shapes[b.addr.Schema()] == nil {
			shapes[b.addr.Schema()] = shapeOf(kind.Attrs)
		}
		b.kind, b.shape = kind, shapes[b.addr.Schema()]
	}
	return diags
}

// meant proposes the kind that was probably meant by one that is unknown: the kind of
// another sort of block, or one that is spelled like it.
func (p *Program) meant(a addr.Resource) string {
	for _, other := range []addr.Resource{{Kind: a.Kind}, {Kind: a.Kind, Data: true}, {Kind: a.Kind, Action: true}} {
		if _, ok := p.options.Kinds[other.Schema()]; ok {
			inside := "..."
			if other.Action {
				inside = "config { ... }"
			}
			return fmt.Sprintf(" It is the kind of another sort of block: write %s %q %q { %s }.", noun(other), a.Kind, a.Name, inside)
		}
	}
	var names []string
	for name := range p.options.Kinds {
		sort, kind, other := strings.Cut(name, ".")
		switch {
		case !other && !a.Action && !a.Data:
			names = append(names, name)
		case other && (sort == "action") == a.Action && (sort == "data") == a.Data:
			names = append(names, kind)
		}
	}
	slices.Sort(names)
	return diag.DidYouMean(a.Kind, names)
}

// declared returns the blocks of all modules.
func (p *Program) declared() (all []*block) {
	for _, m := range p.tree {
		for _, r := range m.decl.Resources {
			all = append(all, &block{decl: r, in: m, addr: within(r.Addr(), m.path), misread: make(map[string]bool),
				repeat: repeater{in: m, count: r.Count, forEach: r.ForEach, enabled: r.Lifecycle.Enabled}})
		}
	}
	return all
}

// compileBlock checks the arguments of b and takes down their references.
func (p *Program) compileBlock(b *block) hcl.Diagnostics {
	diags := p.compileRepeat(&b.repeat)
	take := func(into *deps, e hclsyntax.Expression, at place) deps {
		d, more := p.collect(b.in, e, at)
		diags = append(diags, more...)
		into.add(d)
		return d
	}
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
		b.depends.add(take(&b.body, traversal(t), place{what: "a resource", each: inside.each, count: inside.count, whole: true}))
	}
	lc := &b.decl.Lifecycle
	take(&b.body, lc.PreventDestroy, inside)
	for _, e := range lc.ReplaceTriggeredBy {
		d := take(&b.body, e, inside)
		if len(d.refs) == 0 && !p.isBad(e) {
			diags = append(diags, diag.Error("invalid-trigger", e.Range().Ptr(), "No resource",
				"The argument \"replace_triggered_by\" takes references to resources, or to their attributes: only these change in a plan. Write one such as kira_user.maria."))
		}
		b.triggers = append(b.triggers, d.refs...)
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
	diags = append(diags, p.compileTriggers(b)...)
	if b.kind != nil {
		p.constants(b)
	}
	return append(diags, b.ignored()...)
}

// traversal makes an expression of a reference.
func traversal(t hcl.Traversal) hclsyntax.Expression {
	return &hclsyntax.ScopeTraversalExpr{Traversal: t, SrcRange: t.SourceRange()}
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
		name := schema.Top(path)
		if b.kind != nil {
			if a, ok := b.kind.Attr(name); !ok || a.Computed {
				diags = append(diags, diag.Error("unknown-attribute", t.SourceRange().Ptr(), "Unknown attribute",
					"Resource kind %q has no attribute %q that could be written.%s",
					b.kind.Name, name, diag.DidYouMean(name, b.shape.writable())))
				continue
			}
		}
		if d := b.ignoresNothing(t); d != nil {
			diags = append(diags, d)
			continue
		}
		b.ignore = append(b.ignore, path)
	}
	return diags
}

// ignoresNothing reports a path of ignore_changes that leads to no attribute.
func (b *block) ignoresNothing(t hcl.Traversal) *hcl.Diagnostic {
	if b.kind == nil {
		return nil
	}
	attrs := b.kind.Attrs
	for _, step := range t {
		name, named := "", true
		switch step := step.(type) {
		case hcl.TraverseRoot:
			name = step.Name
		case hcl.TraverseAttr:
			name = step.Name
		case hcl.TraverseIndex:
			if named = step.Key.Type() == cty.String; named {
				name = step.Key.AsString()
			}
		}
		if !named {
			continue // an entry of a list
		}
		i := slices.IndexFunc(attrs, func(a schema.Attr) bool { return a.Name == name })
		if i < 0 {
			return diag.Error("unknown-attribute", t.SourceRange().Ptr(), "Unknown attribute",
				"There is no attribute %q there, so nothing would be ignored.%s", name, diag.DidYouMean(name, attrNames(attrs)))
		}
		if attrs[i].Nested == nil {
			return nil
		}
		attrs = attrs[i].Nested
	}
	return nil
}

// connect builds the graph of blocks, and reports those that need themselves.
func (p *Program) connect() hcl.Diagnostics {
	diags := p.cycles()
	p.flatten()
	p.graph = new(graphOf)
	for _, b := range p.order {
		if b.kind == nil || b.addr.Action {
			continue // nothing needs an action
		}
		var needs []addr.Resource
		for _, need := range slices.Concat(p.blocksOf(b.repeat.deps, b.body, b.after), b.in.waits) {
			if n := p.blocks[need]; n.kind != nil && need != b.addr && !n.cyclic && !b.cyclic {
				needs = append(needs, need)
			}
		}
		p.graph.Add(b.addr, needs...)
	}
	if p.graph.Order() == nil && len(p.graph.Nodes()) > 0 {
		panic(fmt.Sprintf("eval: a cycle was not found: %v", p.graph.Cycle()))
	}
	return diags
}
