package budget

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"kiraform/internal/typed"
)

// branch is one of the two results of a conditional expression. The two are made alike
// here, in time that grows with their size: hcl compares the type of every element with
// that of every other element.
type branch struct {
	*hclsyntax.ParenthesesExpr
	other     *branch    // nil for the second
	condition *condition // nil for the second
}

// condition is the condition of a conditional expression.
type condition struct{ *hclsyntax.ParenthesesExpr }

// result is the value of a second branch or of a condition, which was worked out with
// the first branch.
type result struct {
	of    hclsyntax.Expression
	v     cty.Value
	diags hcl.Diagnostics
}

// branches makes the results of c alike.
func branches(c *hclsyntax.ConditionalExpr) {
	second, decides := &branch{ParenthesesExpr: wrap(c.FalseResult)}, &condition{wrap(c.Condition)}
	c.TrueResult, c.FalseResult, c.Condition = &branch{wrap(c.TrueResult), second, decides}, second, decides
}

// Value evaluates the expression: the first branch both of them, and the second one,
// which is always asked right after it, has its value from there.
func (r *branch) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	b := of(ctx)
	if b == nil {
		return r.Expression.Value(ctx)
	}
	if r.other == nil {
		return b.take(r, r.Expression, ctx)
	}
	v, diags := r.Expression.Value(ctx)
	w, more := r.other.Expression.Value(ctx)
	if !diags.HasErrors() && !more.HasErrors() {
		if t, ok := joint(v, w); ok {
			decided, wrong := r.condition.Expression.Value(ctx)
			b.results = append(b.results, result{r.condition, decided, wrong})
			v, w = alike(v, w, t, decided)
		}
	}
	b.results = append(b.results, result{r.other, w, more})
	return v, diags
}

// Value evaluates the expression, unless its first branch has.
func (c *condition) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	if b := of(ctx); b != nil {
		return b.take(c, c.Expression, ctx)
	}
	return c.Expression.Value(ctx)
}

// take returns the value that was worked out for an expression, or that of bare.
func (b *Budget) take(e, bare hclsyntax.Expression, ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	last := len(b.results) - 1
	if last < 0 || b.results[last].of != e {
		return bare.Value(ctx)
	}
	was := b.results[last]
	b.results = b.results[:last]
	return was.v, was.diags
}

// joint returns the type of the map or list that hcl makes of two results, or false
// if they are left to hcl.
func joint(v, w cty.Value) (cty.Type, bool) {
	if !structural(v) || !structural(w) || v.Type().IsCollectionType() && w.Type().IsCollectionType() {
		return cty.NilType, false
	}
	return typed.Collection(v.Type(), w.Type())
}

// alike returns values in the place of two results that hcl would make collections of
// the type t of. Where it is decided which of them counts, that one is converted, and of
// the other one nothing is left but its type and its marks. Where it is not, only these
// are left of both, and hcl knows no length of the result: it knows one of collections
// alone.
func alike(v, w cty.Value, t cty.Type, decided cty.Value) (cty.Value, cty.Value) {
	a, marksA := v.Unmark()
	b, marksB := w.Unmark()
	decided, _ = decided.Unmark()
	ok := true
	switch yes, err := convert.Convert(decided, cty.Bool); {
	case err != nil || !yes.IsKnown() || yes.IsNull():
		a, b = undecided(t)
	case yes.True():
		a, ok = collected(a, t)
		b = cty.UnknownVal(t)
	default:
		b, ok = collected(b, t)
		a = cty.UnknownVal(t)
	}
	if !ok {
		return v, w // for hcl to report
	}
	return a.WithMarks(marksA), b.WithMarks(marksB)
}

// undecided returns two values that hcl makes collections of the type t of.
func undecided(t cty.Type) (cty.Value, cty.Value) {
	one := cty.UnknownVal(t.ElementType())
	if t.IsMapType() {
		return cty.ObjectVal(map[string]cty.Value{"one": one}), cty.MapValEmpty(t.ElementType())
	}
	return cty.TupleVal([]cty.Value{one}), cty.ListValEmpty(t.ElementType())
}

// structural reports whether the elements of v are there, each by a name or a number.
func structural(v cty.Value) bool {
	v, _ = v.Unmark()
	t := v.Type()
	return v.IsKnown() && !v.IsNull() && (t.IsObjectType() || t.IsTupleType() || t.IsMapType() || t.IsListType())
}

// collected returns v as a collection of the type t.
func collected(v cty.Value, t cty.Type) (cty.Value, bool) {
	switch {
	case v.Type().Equals(t):
		return v, true
	case v.LengthInt() == 0 && t.IsMapType():
		return cty.MapValEmpty(t.ElementType()), true
	case v.LengthInt() == 0:
		return cty.ListValEmpty(t.ElementType()), true
	case !t.HasDynamicTypes():
		return typed.Parts(v, t)
	case t.IsMapType(): // all elements are of one type already
		return cty.MapVal(v.AsValueMap()), true
	}
	return cty.ListVal(v.AsValueSlice()), true
}
