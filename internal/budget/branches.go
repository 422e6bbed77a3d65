package budget

import (
	"strconv"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
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

// alike converts two values that hcl would convert to one map or list. It leaves all
// others to hcl.
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
	t := elementOf(a.Type(), b.Type(), named)
	if t == cty.NilType || t.HasDynamicTypes() {
		return v, w
	}
	x, ok := collected(a, named, t)
	y, also := collected(b, named, t)
	if !ok || !also {
		return v, w
	}
	return x.WithMarks(marksA), y.WithMarks(marksB)
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

// elementOf returns the type of the elements of the map or list that hcl would convert
// two types to; [cty.NilType] if it would not. Only the different types among their
// elements count, so that hcl is asked about types with one element for each of these.
func elementOf(a, b cty.Type, named bool) cty.Type {
	x, okA := different(a)
	y, okB := different(b)
	if !okA || !okB {
		return cty.NilType
	}
	if len(x) == len(y) && len(x) > 0 { // tuples of one length would stay tuples
		x = append(x, x[0])
	}
	t, _ := convert.UnifyUnsafe([]cty.Type{fewer(a, x, named, "a"), fewer(b, y, named, "b")})
	if t == cty.NilType || named && !t.IsMapType() || !named && !t.IsListType() {
		return cty.NilType
	}
	return t.ElementType()
}

// different returns the types of the elements of t, each once; false if one of them is
// not known.
func different(t cty.Type) (all []cty.Type, ok bool) {
	if t.IsCollectionType() {
		return nil, !t.HasDynamicTypes()
	}
	have, last := make(map[string]bool), cty.NilType
	take := func(e cty.Type) bool {
		if last != cty.NilType && last.Equals(e) {
			return true
		}
		last = e
		if name := e.GoString(); !have[name] {
			have[name] = true
			all = append(all, e)
		}
		return !e.HasDynamicTypes()
	}
	if t.IsTupleType() {
		for _, e := range t.TupleElementTypes() {
			if !take(e) {
				return nil, false
			}
		}
		return all, true
	}
	for _, e := range t.AttributeTypes() {
		if !take(e) {
			return nil, false
		}
	}
	return all, true
}

// fewer returns t with these elements instead of its own, by names that begin with one
// of its own. A map or list stays as it is.
func fewer(t cty.Type, elements []cty.Type, named bool, prefix string) cty.Type {
	switch {
	case t.IsCollectionType():
		return t
	case !named:
		return cty.Tuple(elements)
	}
	attrs := make(map[string]cty.Type, len(elements))
	for i, e := range elements {
		attrs[prefix+strconv.Itoa(i)] = e
	}
	return cty.Object(attrs)
}

// collected returns v as a map or a list of elements of the type t.
func collected(v cty.Value, named bool, t cty.Type) (cty.Value, bool) {
	switch {
	case v.Type().IsCollectionType() && v.Type().ElementType().Equals(t):
		return v, true
	case v.LengthInt() == 0 && named:
		return cty.MapValEmpty(t), true
	case v.LengthInt() == 0:
		return cty.ListValEmpty(t), true
	case named:
		all := v.AsValueMap()
		for name, e := range all {
			var err error
			if all[name], err = convert.Convert(e, t); err != nil {
				return v, false
			}
		}
		return cty.MapVal(all), true
	}
	all := v.AsValueSlice()
	for i, e := range all {
		var err error
		if all[i], err = convert.Convert(e, t); err != nil {
			return v, false
		}
	}
	return cty.ListVal(all), true
}
