package config

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/budget"
	"kiraform/internal/diag"
)

// native returns expr as an expression of the native syntax. JSON has its own
// kind of expression, which parses its strings anew on every evaluation and
// hides its parts; turned into native ones, all later steps see one syntax.
func native(expr hcl.Expression) (hclsyntax.Expression, hcl.Diagnostics) {
	if e, ok := expr.(hclsyntax.Expression); ok {
		return e, nil
	}
	if pairs, diags := hcl.ExprMap(expr); !diags.HasErrors() {
		return nativeObject(pairs, expr)
	}
	if list, diags := hcl.ExprList(expr); !diags.HasErrors() {
		return nativeTuple(list, expr)
	}
	v, diags := expr.Value(nil) // without a context, strings are literal
	if !v.IsNull() && v.IsKnown() && v.Type() == cty.String {
		return nativeTemplate(v.AsString(), expr.Range())
	}
	return &hclsyntax.LiteralValueExpr{Val: v, SrcRange: expr.Range()}, diags
}

func nativeObject(pairs []hcl.KeyValuePair, expr hcl.Expression) (hclsyntax.Expression, hcl.Diagnostics) {
	var diags hcl.Diagnostics
	obj := &hclsyntax.ObjectConsExpr{SrcRange: expr.Range(), OpenRange: expr.StartRange()}
	for _, p := range pairs {
		key, d := native(p.Key)
		diags = append(diags, d...)
		value, d := native(p.Value)
		diags = append(diags, d...)
		obj.Items = append(obj.Items, hclsyntax.ObjectConsItem{KeyExpr: key, ValueExpr: value})
	}
	return obj, diags
}

func nativeTuple(list []hcl.Expression, expr hcl.Expression) (hclsyntax.Expression, hcl.Diagnostics) {
	var diags hcl.Diagnostics
	tuple := &hclsyntax.TupleConsExpr{SrcRange: expr.Range(), OpenRange: expr.StartRange()}
	for _, e := range list {
		x, d := native(e)
		diags = append(diags, d...)
		tuple.Exprs = append(tuple.Exprs, x)
	}
	return tuple, diags
}

// nativeTemplate parses a string of a JSON file, which is a template. Its
// columns are right as long as the string has no escapes.
func nativeTemplate(s string, rng hcl.Range) (hclsyntax.Expression, hcl.Diagnostics) {
	if !strings.ContainsAny(s, "$%") { // as of most strings, and all of them have to be looked at
		return &hclsyntax.LiteralValueExpr{Val: cty.StringVal(s), SrcRange: rng}, nil
	}
	start := rng.Start
	start.Column, start.Byte = start.Column+1, start.Byte+1 // after the quote
	expr, diags := hclsyntax.ParseTemplate([]byte(s), rng.Filename, start)
	if diags.HasErrors() {
		return &hclsyntax.LiteralValueExpr{Val: cty.DynamicVal, SrcRange: rng}, diag.Coded("syntax", diags)
	}
	budget.Watch(expr, []byte(s))
	if t, ok := expr.(*hclsyntax.TemplateExpr); ok && t.IsStringLiteral() {
		v, diags := t.Value(nil) // a sign that is doubled to stand for itself is single in it
		return &hclsyntax.LiteralValueExpr{Val: v, SrcRange: rng}, diags
	}
	return expr, diag.Coded("syntax", diags)
}

// natively turns the expressions of attrs into native ones.
func natively(attrs hcl.Attributes) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, a := range attrs {
		e, d := native(a.Expr)
		a.Expr = e
		diags = append(diags, d...)
	}
	return diags
}

// expression returns the named attribute as a native expression, nil if it is
// not written.
func expression(attrs hcl.Attributes, name string, diags *hcl.Diagnostics) hclsyntax.Expression {
	a, ok := attrs[name]
	if !ok {
		return nil
	}
	e, d := native(a.Expr)
	*diags = append(*diags, d...)
	return e
}
