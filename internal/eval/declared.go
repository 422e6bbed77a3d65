package eval

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/internal/ui/words"
	"kiraform/schema"
)

func (c *collector) report(code diag.Code, rng hcl.Range, summary, detail string, args ...any) {
	c.diags = append(c.diags, diag.Error(code, &rng, summary, detail, args...))
}

// missing reports a name that is declared nowhere, unless it may be declared
// in a file that could not be read; then it is only remembered as bad.
func (c *collector) missing(code diag.Code, rng hcl.Range, summary, detail string, args ...any) {
	if c.p.root.decl.Broken {
		c.diags = append(c.diags, diag.Error(code, &rng, "", "")) // see quiet
		return
	}
	c.report(code, rng, summary, detail, args...)
}

// quiet leaves out the diagnostics that missing did not want to be shown.
func quiet(diags hcl.Diagnostics) hcl.Diagnostics {
	return slices.DeleteFunc(diags, func(d *hcl.Diagnostic) bool { return d.Summary == "" })
}

// suggestion names the key of known that is nearest to name.
func suggestion[T any](name string, known map[string]T) string {
	return diag.DidYouMean(name, slices.Collect(maps.Keys(known)))
}

// second returns the name in the second place of t, as in var.NAME.
func second(t hcl.Traversal) (string, bool) {
	if len(t) < 2 {
		return "", false
	}
	a, ok := t[1].(hcl.TraverseAttr)
	return a.Name, ok
}

func (c *collector) variable(t hcl.Traversal) {
	name, ok := second(t)
	if !ok {
		c.report("invalid-reference", t.SourceRange(), "Invalid reference", "Write var.NAME, with the name of a variable.")
		return
	}
	switch {
	case !c.in.known[name]:
		var names []string
		for _, v := range c.in.decl.Variables {
			names = append(names, v.Name)
		}
		c.missing("undeclared-variable", t.SourceRange(), "Undeclared variable",
			"There is no variable %q%s.%s Declare it with a variable block.", name, c.in.where(), diag.DidYouMean(name, names))
	case c.in.parent != nil:
		c.deps.add(deps{uses: []use{{c.in.inputs[name], t.SourceRange()}}})
	}
}

func (c *collector) local(t hcl.Traversal) {
	name, ok := second(t)
	switch {
	case !ok:
		c.report("invalid-reference", t.SourceRange(), "Invalid reference", "Write local.NAME, with the name of a local value.")
	case c.in.locals[name] == nil:
		c.missing("undeclared-local", t.SourceRange(), "Undeclared local value",
			"There is no local value %q%s.%s Declare it in a locals block.", name, c.in.where(), suggestion(name, c.in.locals))
	default:
		c.deps.add(deps{uses: []use{{c.in.locals[name], t.SourceRange()}}})
	}
}

// member checks a reference to an object that is there in some places only.
func (c *collector) member(t hcl.Traversal, offered bool, by string, names ...string) {
	root := t.RootName()
	if !offered {
		c.report("invalid-reference", t.SourceRange(), "Invalid reference",
			"The name %q can be used only in a resource block that has %s.", root, by)
		return
	}
	if name, ok := second(t); !ok || !slices.Contains(names, name) {
		for i := range names {
			names[i] = root + "." + names[i]
		}
		c.report("invalid-reference", t.SourceRange(), "Invalid reference", "Write %s.", words.Or(names...))
	}
}

func (c *collector) onlyVariables(t hcl.Traversal) {
	c.report("invalid-reference", t.SourceRange(), "Invalid reference",
		"Only variables, and local values that need no resource, can be referred to in %s. Use var.NAME or local.NAME.", c.place.what)
}

// declared returns the block that t refers to; nil, and a report, if there is
// none.
func (c *collector) declared(t hcl.Traversal) *block {
	rng := t.SourceRange()
	a, _, named := blockName(t)
	kind, name := a.Schema(), a.Name
	if b := c.p.blocks[within(a, c.in.path)]; named && b != nil {
		if c.place.bare {
			c.onlyVariables(t)
			return nil
		}
		if b.decl.Check != "" && b.decl.Check != c.place.check {
			c.report("invalid-reference", rng, "Invalid reference",
				"The data source %s is in the check block %q, and only that can refer to it. Write it outside of the block.", b.addr, b.decl.Check)
			return nil
		}
		return b
	}
	near := c.neighbours(kind, name)
	switch {
	case !near.known:
		c.nothing(t, kind, near.kinds)
	case !named:
		c.report("invalid-reference", rng, "Invalid reference",
			"A resource is referred to by kind and name, such as %s.NAME.", kind)
	default:
		c.missing("undeclared-resource", rng, "Undeclared resource",
			"There is no %s \"%s.%s\"%s.%s Declare it with a %[1]s block.", noun(a), kind, name, c.in.where(), near.hint)
	}
	return nil
}

// neighbours are the names of a module around one that is not declared.
type neighbours struct {
	kinds []string // of blocks, and all others
	known bool     // the kind is one of these
	hint  string   // the name of the same kind that was probably meant
}

type undeclared struct {
	in         *module
	kind, name string
}

// neighbours looks for them once for each name: one that was renamed in its block alone
// may be referred to in thousands of places.
func (c *collector) neighbours(kind, name string) neighbours {
	at := undeclared{c.in, kind, name}
	if n, ok := c.p.near[at]; ok {
		return n
	}
	var n neighbours
	var names []string
	for _, b := range c.p.order {
		if b.in != c.in {
			continue
		}
		schema := b.addr.Schema()
		n.kinds = append(n.kinds, schema)
		if schema == kind {
			names = append(names, b.decl.Name)
		}
	}
	slices.Sort(n.kinds)
	n.kinds = slices.Concat(slices.Compact(n.kinds), c.p.kindNames())
	n.known, n.hint = slices.Contains(n.kinds, kind), diag.DidYouMean(name, names)
	c.p.near[at] = n
	return n
}

// nothing reports a name that nothing begins with. Often it is that of a
// variable or the like, and lacks the beginning.
func (c *collector) nothing(t hcl.Traversal, name string, kinds []string) {
	hint := diag.DidYouMean(name, append(kinds, "var", "local", "each", "count", "path", "module", "kiraform"))
	switch {
	case c.in.known[name]:
		hint = fmt.Sprintf(" Did you mean var.%s?", name)
	case c.in.locals[name] != nil:
		hint = fmt.Sprintf(" Did you mean local.%s?", name)
	case c.in.child(name) != nil:
		hint = fmt.Sprintf(" Did you mean module.%s?", name)
	}
	c.missing("unknown-reference", t.SourceRange(), "Unknown reference",
		"There is nothing called %q that could be referred to.%s A text belongs in quotes.", name, hint)
}

// where says which module a name is missed in, if it is not the root module.
func (m *module) where() string {
	if m.parent == nil {
		return ""
	}
	return " in the module " + m.decl.Dir
}

// noun is the type of the block that declares a.
func noun(a addr.Resource) string {
	switch {
	case a.Data:
		return "data"
	case a.Action:
		return "action"
	}
	return "resource"
}

// attributes checks the part of a reference that follows the instance.
func (c *collector) attributes(b *block, rest hcl.Traversal) {
	if b.kind == nil || len(rest) == 0 {
		return
	}
	attrs, of := b.kind.Attrs, fmt.Sprintf("resource kind %q", b.kind.Name)
	for _, step := range rest {
		t, ok := step.(hcl.TraverseAttr)
		if !ok {
			continue // an index into a list of objects
		}
		i := slices.IndexFunc(attrs, func(a schema.Attr) bool { return a.Name == t.Name })
		if i < 0 {
			c.report("unknown-attribute", nameRange(t), "Unknown attribute",
				"The %s has no attribute %q.%s", of, t.Name, diag.DidYouMean(t.Name, attrNames(attrs)))
			return
		}
		if attrs[i].Nested == nil {
			return
		}
		of = fmt.Sprintf("object %q", t.Name)
		attrs = attrs[i].Nested
	}
}

// nameRange returns the place of t's name, without the dot before it.
func nameRange(t hcl.TraverseAttr) hcl.Range {
	rng := t.SrcRange
	if rng.End.Byte-rng.Start.Byte == len(t.Name)+1 {
		rng.Start.Byte, rng.Start.Column = rng.Start.Byte+1, rng.Start.Column+1
	}
	return rng
}

func attrNames(attrs []schema.Attr) []string {
	names := make([]string, len(attrs))
	for i := range attrs {
		names[i] = attrs[i].Name
	}
	return names
}
