package config

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"kiraform/internal/budget"
	"kiraform/internal/diag"
)

// literal returns the value of an attribute that must be known before anything
// is evaluated, as ty. On error it is unknown.
func literal(a *hcl.Attribute, ty cty.Type) (cty.Value, hcl.Diagnostics) {
	v, diags := budget.Constant(a.Expr)
	if diags.HasErrors() {
		return cty.UnknownVal(ty), diag.Coded("not-a-literal", diags)
	}
	out, err := convert.Convert(v, ty)
	if err != nil || out.IsNull() || !out.IsWhollyKnown() {
		return cty.UnknownVal(ty), hcl.Diagnostics{diag.Error("wrong-type", a.Expr.Range().Ptr(), "Wrong type",
			"The argument %q takes a %s, written out: it cannot depend on anything.", a.Name, ty.FriendlyName())}
	}
	return out, diags
}

// text returns a literal string, or "" if it is not written or is wrong.
func text(attrs hcl.Attributes, name string, diags *hcl.Diagnostics) string {
	if v, ok := optional(attrs, name, cty.String, diags); ok {
		return v.AsString()
	}
	return ""
}

// flag returns a literal boolean, or otherwise if it is not written or is wrong.
func flag(attrs hcl.Attributes, name string, otherwise bool, diags *hcl.Diagnostics) bool {
	if v, ok := optional(attrs, name, cty.Bool, diags); ok {
		return v.True()
	}
	return otherwise
}

func optional(attrs hcl.Attributes, name string, ty cty.Type, diags *hcl.Diagnostics) (cty.Value, bool) {
	a, ok := attrs[name]
	if !ok {
		return cty.NilVal, false
	}
	v, d := literal(a, ty)
	*diags = append(*diags, d...)
	return v, !d.HasErrors()
}
