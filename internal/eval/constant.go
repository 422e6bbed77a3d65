package eval

import (
	"maps"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// constants evaluates the arguments of b that refer to nothing and call nothing: they
// have one value, however many instances there are. An argument with a mistake or a
// warning is left to each instance, which has a place to report it from.
func (p *Program) constants(b *block) {
	b.constant, b.varying = make(map[string]cty.Value), maps.Clone(b.decl.Attrs)
	for i := range b.shape.attrs {
		m := &b.shape.attrs[i]
		decl, ok := b.decl.Attrs[m.Name]
		if !ok || m.Computed || m.Tagged || p.isBad(decl.Expr) || !constant(decl.Expr.(hclsyntax.Expression)) {
			continue
		}
		s := &scope{p: p, at: b.in.path, v: NewValues(), deps: new(deps), ctx: new(hcl.EvalContext)}
		v, diags := p.argument(b, s, m, decl)
		if len(diags) > 0 {
			continue
		}
		if traces(v) {
			v, _ = untracedAttr(v)
		}
		b.constant[m.Name] = v
		delete(b.varying, m.Name)
	}
}

// constant reports whether e has the same value wherever and whenever it is
// evaluated.
func constant(e hclsyntax.Expression) bool {
	is := true
	_ = hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		switch n.(type) {
		case *hclsyntax.ScopeTraversalExpr, *hclsyntax.FunctionCallExpr:
			is = false
		}
		return nil
	})
	return is
}
