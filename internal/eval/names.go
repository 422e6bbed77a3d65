package eval

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/config"
	"kiraform/internal/diag"
)

// checkNames reports the names in b's attributes, and in the objects that are
// written out in them, that the schema does not have. It is done once for a
// block, however many instances it has.
func (b *block) checkNames() hcl.Diagnostics {
	var diags hcl.Diagnostics
	extra := append(slices.Clone(config.MetaArguments), b.shape.writable()...)
	for _, a := range b.decl.Written() {
		m, ok := b.shape.member(a.Name)
		if !ok {
			diags = append(diags, b.unexpected(b.shape, "", a.Name, a.NameRange, extra, nil))
			continue
		}
		if m.Computed {
			diags = append(diags, computed(a.Name, a.NameRange))
			continue
		}
		if m.shape != nil {
			diags = append(diags, b.checkWritten(m.shape, m.List, a.Name, a.Expr.(hclsyntax.Expression))...)
		}
	}
	return diags
}

// checkWritten does the same inside an expression, as far as it is written out.
func (b *block) checkWritten(s *shape, list bool, path string, e hclsyntax.Expression) hcl.Diagnostics {
	var diags hcl.Diagnostics
	switch e := config.Unwrap(e).(type) {
	case *hclsyntax.TupleConsExpr:
		for _, x := range e.Exprs {
			if list {
				diags = append(diags, b.checkWritten(s, false, path, x)...)
			}
		}
	case *hclsyntax.ForExpr:
		if list && e.KeyExpr == nil {
			return b.checkWritten(s, false, path, e.ValExpr)
		}
	case *hclsyntax.ConditionalExpr:
		return append(b.checkWritten(s, list, path, e.TrueResult), b.checkWritten(s, list, path, e.FalseResult)...)
	case *hclsyntax.ObjectConsExpr:
		if !list {
			return b.checkObject(s, path, e)
		}
	}
	return diags
}

func (b *block) checkObject(s *shape, path string, obj *hclsyntax.ObjectConsExpr) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, item := range obj.Items {
		name, ok := keyName(item.KeyExpr)
		if !ok {
			continue
		}
		m, ok := s.member(name)
		switch {
		case !ok:
			diags = append(diags, b.unexpected(s, path, name, item.KeyExpr.Range(), s.writable(), obj))
		case m.Computed:
			diags = append(diags, computed(name, item.KeyExpr.Range()))
		case m.shape != nil:
			diags = append(diags, b.checkWritten(m.shape, m.List, path+"."+name, item.ValueExpr)...)
		}
	}
	return diags
}

// unexpected reports a name that the schema does not have. The attribute that
// was probably meant counts as written, so that it is not said to be missing as
// well.
func (b *block) unexpected(s *shape, path, name string, rng hcl.Range, known []string, in *hclsyntax.ObjectConsExpr) *hcl.Diagnostic {
	b.misread[join(path, name)] = true
	hint := diag.DidYouMean(name, known)
	near := diag.Nearest(name, known)
	if called := s.called(name); called != "" {
		near, hint = called, fmt.Sprintf(" Did you mean %q?", called)
	}
	if near != "" {
		b.misread[join(path, near)] = true
	}
	what := "An argument"
	if in != nil {
		what = "An attribute"
	}
	return diag.Error("unexpected-attribute", &rng, "Unexpected attribute",
		"%s named %q is not expected here.%s", what, name, hint)
}

func computed(name string, rng hcl.Range) *hcl.Diagnostic {
	return diag.Error("computed-attribute", &rng, "Attribute cannot be written",
		"Kira sets %q. Take it away; other blocks can refer to it.", name)
}

// join writes the path of an attribute without the indexes of lists.
func join(path, name string) string { return strings.TrimPrefix(path+"."+name, ".") }

// keyName returns the name that the key of an object expression is, if it is
// not calculated.
func keyName(e hclsyntax.Expression) (string, bool) {
	if k, ok := e.(*hclsyntax.ObjectConsKeyExpr); ok {
		if name := hcl.ExprAsKeyword(k.Wrapped); name != "" && !k.ForceNonLiteral {
			return name, true
		}
		e = k.Wrapped
	}
	if len(e.Variables()) > 0 {
		return "", false
	}
	v, diags := e.Value(nil)
	if diags.HasErrors() || v.IsNull() || !v.IsKnown() || v.Type() != stringType {
		return "", false
	}
	return v.AsString(), true
}
