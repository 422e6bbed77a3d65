package budget

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// branch is one of the two results of a conditional expression. The two are made alike
// here, in time that grows with their size: hcl compares the type of every element with
// that of every other element.
type branch struct {
	*hclsyntax.ParenthesesExpr
	other *branch // nil for the second
}

// result is the value of a second branch, which was worked out with the first.
type result struct {
	of    *branch
	v     cty.Value
	diags hcl.Diagnostics
}

// branches makes the results of c alike.
func branches(c *hclsyntax.ConditionalExpr) {
	second := &branch{ParenthesesExpr: wrap(c.FalseResult)}
	c.TrueResult, c.FalseResult = &branch{wrap(c.TrueResult), second}, second
}

// Value evaluates the expression: the first branch both of them, and the second one,
// which is always asked right after it, has its value from there.
func (r *branch) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	b := of(ctx)
	if b == nil {
		return r.Expression.Value(ctx)
	}
	if r.other == nil {
		if last := len(b.results) - 1; last >= 0 && b.results[last].of == r {
			was := b.results[last]
			b.results = b.results[:last]
			return was.v, was.diags
		}
		return r.Expression.Value(ctx)
	}
	v, diags := r.Expression.Value(ctx)
	w, more := r.other.Expression.Value(ctx)
	if !diags.HasErrors() && !more.HasErrors() {
		v, w = alike(v, w)
	}
	b.results = append(b.results, result{r.other, w, more})
	return v, diags
}

// alike converts two values that hcl would convert to one map or list, if all of their
// elements are of one type. It leaves all others to hcl.
func alike(v, w cty.Value) (cty.Value, cty.Value) {
	a, marksA := v.Unmark()
	b, marksB := w.Unmark()
	if !structural(a) || !structural(b) || a.Type().IsCollectionType() && b.Type().IsCollectionType() {
		return v, w
	}
	named := a.Type().IsObjectType() || a.Type().IsMapType()
	if named != (b.Type().IsObjectType() || b.Type().IsMapType()) || sameMembers(a.Type(), b.Type()) {
		return v, w
	}
	t, ok := common(cty.NilType, a.Type())
	if ok {
		t, ok = common(t, b.Type())
	}
	if !ok || t == cty.NilType || t.HasDynamicTypes() {
		return v, w
	}
	return collected(a, named, t).WithMarks(marksA), collected(b, named, t).WithMarks(marksB)
}

// structural reports whether the elements of v are there, each by a name or a number.
func structural(v cty.Value) bool {
	t := v.Type()
	return v.IsKnown() && !v.IsNull() && (t.IsObjectType() || t.IsTupleType() || t.IsMapType() || t.IsListType())
}

// sameMembers reports whether hcl leaves objects, or tuples, of these types objects or
// tuples.
func sameMembers(a, b cty.Type) bool {
	switch {
	case a.IsTupleType() && b.IsTupleType():
		return a.Length() == b.Length()
	case a.IsObjectType() && b.IsObjectType():
		if len(a.AttributeTypes()) != len(b.AttributeTypes()) {
			return false
		}
		for name := range a.AttributeTypes() {
			if !b.HasAttribute(name) {
				return false
			}
		}
		return true
	}
	return false
}

// common returns the type of all elements of values of the type t, if that is one: the
// type want, unless it is [cty.NilType].
func common(want, t cty.Type) (cty.Type, bool) {
	if t.IsCollectionType() {
		return t.ElementType(), want == cty.NilType || want.Equals(t.ElementType())
	}
	is := func(e cty.Type) bool {
		if want == cty.NilType {
			want = e
		}
		return want.Equals(e)
	}
	if t.IsTupleType() {
		for _, e := range t.TupleElementTypes() {
			if !is(e) {
				return want, false
			}
		}
		return want, true
	}
	for _, e := range t.AttributeTypes() {
		if !is(e) {
			return want, false
		}
	}
	return want, true
}

// collected returns v as a map or a list of elements of the type t.
func collected(v cty.Value, named bool, t cty.Type) cty.Value {
	switch {
	case v.Type().IsCollectionType():
		return v
	case v.LengthInt() == 0 && named:
		return cty.MapValEmpty(t)
	case v.LengthInt() == 0:
		return cty.ListValEmpty(t)
	case named:
		return cty.MapVal(v.AsValueMap())
	}
	return cty.ListVal(v.AsValueSlice())
}
