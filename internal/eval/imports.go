package eval

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/diag"
)

// Import says that a resource is an object that lives at Kira already.
type Import struct {
	To    addr.Resource
	ID    string
	Range *hcl.Range // of the address
}

// Imports returns the import blocks, as they are written.
func (p *Program) Imports() []Import { return p.imports }

// importer evaluates import blocks. They may refer to variables, and to local
// values that need no resource.
type importer struct {
	p     *Program
	to    map[addr.Resource]hcl.Range
	ids   map[addr.Object]hcl.Range
	diags hcl.Diagnostics
}

func (p *Program) compileImports() hcl.Diagnostics {
	x := &importer{p: p, to: make(map[addr.Resource]hcl.Range), ids: make(map[addr.Object]hcl.Range)}
	for _, m := range p.tree {
		for _, im := range m.decl.Imports {
			x.block(m, im)
		}
	}
	return x.diags
}

func (x *importer) block(m *module, im *config.Import) {
	if m.manyfold() {
		x.diags = append(x.diags, diag.Error("import-in-module", &im.DefRange, "An import for many",
			"The module %s is called with count or for_each, so that it is not known which of its instances the object is of. "+
				"Write the import block in the root module, with an address such as %s[\"KEY\"].KIND.NAME.", m.decl.Dir, m.path))
		return
	}
	if im.ForEach == nil {
		x.one(m, im, instance{})
		return
	}
	v, ok := x.value(m, im.ForEach, instance{}, false)
	if !ok {
		return
	}
	s := &scope{p: x.p, at: m.path, v: NewValues(), deps: new(deps)}
	each, _, diags := x.p.forEach(s, im.ForEach, v)
	x.diags = append(x.diags, diags...)
	for _, k := range sortedKeys(each, false) {
		x.one(m, im, instance{each: cty.ObjectVal(map[string]cty.Value{"key": k.Value(), "value": each[k]})})
	}
}

// manyfold reports whether m, or a module that it is in, is repeated.
func (m *module) manyfold() bool {
	for ; m.parent != nil; m = m.parent {
		if m.repeat.repeated() {
			return true
		}
	}
	return false
}

// one takes down one import.
func (x *importer) one(m *module, im *config.Import, in instance) {
	to, ok := x.address(m, im, in)
	if !ok || !x.fits(to, im) {
		return
	}
	v, ok := x.value(m, im.ID, in, true)
	if !ok {
		return
	}
	v, err := convert.Convert(v, cty.String)
	switch {
	case err != nil:
		x.diags = append(x.diags, diag.Error("wrong-type", im.ID.Range().Ptr(), "Wrong type", "The argument \"id\" takes a string."))
		return
	case !v.IsKnown() && x.p.options.UnknownInputs:
		return
	case v.IsNull() || !v.IsKnown() || v.AsString() == "":
		x.diags = append(x.diags, diag.Error("invalid-import", im.ID.Range().Ptr(), "No id",
			"An import needs the id that the object has at Kira. Write it."))
		return
	}
	diags := slices.Concat(twice(x.to, to, im, "for "+to.String()), twice(x.ids, to.Object(v.AsString()), im, "of "+v.AsString()))
	x.diags = append(x.diags, diags...)
	x.p.imports = append(x.p.imports, Import{To: to, ID: v.AsString(), Range: &im.ToRange})
}

// value evaluates an expression of an import block, without its marks. A mistake
// is reported; ok is false if there is nothing to go on with.
func (x *importer) value(m *module, e hclsyntax.Expression, in instance, each bool) (cty.Value, bool) {
	if e == nil {
		return cty.NilVal, false
	}
	d, diags := x.p.collect(m, e, place{what: "an import block", bare: true, each: each && in.each != cty.NilVal})
	x.diags = append(x.diags, diags...)
	if diags.HasErrors() {
		return cty.NilVal, false
	}
	if need := x.p.blocksOf(d); len(need) > 0 {
		x.diags = append(x.diags, diag.Error("invalid-reference", e.Range().Ptr(), "Invalid reference",
			"This depends on %s, and the arguments of an import block have to be known before any resource is. "+
				"Use variables, and local values that need no resource.", need[0]))
		return cty.NilVal, false
	}
	s, diags := x.p.scope(m, m.path, NewValues(), &d, in)
	v, more := x.p.value(s, e)
	x.diags = append(x.diags, append(diags, more...)...)
	v, _ = v.UnmarkDeep()
	return v, !diags.HasErrors() && !more.HasErrors()
}

// address evaluates the address that an import names.
func (x *importer) address(m *module, im *config.Import, in instance) (addr.Resource, bool) {
	t, ok := x.traversal(m, im.To, in)
	if !ok {
		return addr.Resource{}, false
	}
	a, ok := addr.Of(t)
	if !ok || a.Data {
		x.diags = append(x.diags, config.NotOneResource("to", im.ToRange))
		return a, false
	}
	a.Module = m.path.Join(a.Module)
	return a, true
}

func (x *importer) traversal(m *module, e hclsyntax.Expression, in instance) (hcl.Traversal, bool) {
	switch e := e.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		return e.Traversal, true
	case *hclsyntax.RelativeTraversalExpr:
		t, ok := x.traversal(m, e.Source, in)
		return append(slices.Clone(t), e.Traversal...), ok
	case *hclsyntax.IndexExpr:
		t, ok := x.traversal(m, e.Collection, in)
		if !ok {
			return nil, false
		}
		key, ok := x.value(m, e.Key, in, true)
		return append(slices.Clone(t), hcl.TraverseIndex{Key: key, SrcRange: e.BracketRange}), ok && key.IsKnown()
	}
	panic("eval: an import to no address")
}

// fits reports whether there is a block for the imported object.
func (x *importer) fits(to addr.Resource, im *config.Import) bool {
	b, declared := x.p.blocks[to.Block()]
	if !declared {
		if !x.p.root.decl.Broken {
			x.diags = append(x.diags, diag.Error("import-without-block", &im.ToRange, "Nothing to import to",
				"There is no resource block %s. Write one; \"kiraform import -discover\" can do that for you.", to.Block()))
		}
		return false
	}
	keyed := b.repeated() != to.Key.IsZero()
	for m, at := b.in, to.Module; m.parent != nil; m = m.parent {
		var key addr.Key
		at, _, key = at.Parent()
		keyed = keyed && m.repeat.repeated() != key.IsZero()
	}
	if !keyed {
		x.diags = append(x.diags, diag.Error("invalid-reference", &im.ToRange, "Invalid reference",
			"An import needs an index exactly where a resource block, or a module, has count or for_each. Correct %s.", to))
	}
	return keyed
}

// twice reports a second import block for a key that seen has.
func twice[K comparable](seen map[K]hcl.Range, key K, im *config.Import, what string) hcl.Diagnostics {
	if at, ok := seen[key]; ok {
		return hcl.Diagnostics{diag.Error("duplicate-import", &im.DefRange, "Duplicate import",
			"There is an import %s already, at %s. Take one of them away.", what, config.Place(at))}
	}
	seen[key] = im.DefRange
	return nil
}
