package eval

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"kiraform/internal/budget"
	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/schema"
)

// digits marks a number that would have other digits as a text than it has in
// the file: 0123 becomes "123", and 219-09-9999 a sum. The mark follows the
// number through variables, local values and calculations to the place where a
// text is wanted. None of its texts may be shown: the number may be a secret.
type digits struct {
	rng hcl.Range
	is  string // the text that it becomes
	sum bool   // it is a calculation, all of numbers that are written out
	why string // the change to it, to follow "as a number"
}

// mostDigits is how many digits a number may have before programs that hold it
// in binary round it.
const mostDigits = 15

// markDigits marks the numbers in e that would have other digits as texts. The
// source is that of the file which e is in.
func markDigits(e hclsyntax.Expression, src []byte) {
	if e == nil {
		return
	}
	done := make(map[*hclsyntax.LiteralValueExpr]bool)
	_ = hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		x, ok := n.(hclsyntax.Expression)
		if !ok {
			return nil
		}
		var parts []*hclsyntax.LiteralValueExpr
		if !written(x, &parts) {
			if op, ok := x.(*hclsyntax.BinaryOpExpr); ok {
				operands(op, done) // which only count
			}
			return nil
		}
		if done[parts[0]] {
			return nil
		}
		d, lost := lose(x, src, len(parts) > 1)
		for _, lit := range parts {
			if done[lit] = true; lost {
				lit.Val = lit.Val.Mark(d)
			}
		}
		return nil
	})
}

// operands adds the numbers that an operation works with.
func operands(op *hclsyntax.BinaryOpExpr, to map[*hclsyntax.LiteralValueExpr]bool) {
	for _, e := range []hclsyntax.Expression{op.LHS, op.RHS} {
		var parts []*hclsyntax.LiteralValueExpr
		if written(e, &parts) {
			for _, lit := range parts {
				to[lit] = true
			}
		}
	}
}

// written reports whether e is a number that is written out, or a calculation
// of such. It collects their parts.
func written(e hclsyntax.Expression, parts *[]*hclsyntax.LiteralValueExpr) bool {
	switch e := e.(type) {
	case *hclsyntax.LiteralValueExpr:
		*parts = append(*parts, e)
		bare, _ := e.Val.Unmark()
		return bare.Type() == cty.Number && !bare.IsNull()
	case *hclsyntax.ParenthesesExpr:
		return written(e.Expression, parts)
	case *hclsyntax.UnaryOpExpr:
		return e.Op == hclsyntax.OpNegate && written(e.Val, parts)
	case *hclsyntax.BinaryOpExpr:
		return e.Op.Type == cty.Number && written(e.LHS, parts) && written(e.RHS, parts)
	}
	return false
}

// lose says which digits e has as a text, and whether they are others than
// those in the file.
func lose(e hclsyntax.Expression, src []byte, sum bool) (digits, bool) {
	v, diags := e.Value(nil)
	rng := e.Range()
	if diags.HasErrors() || !rng.CanSliceBytes(src) {
		return digits{}, false
	}
	v, _ = v.Unmark()
	text, err := convert.Convert(v, cty.String)
	if err != nil {
		return digits{}, false
	}
	d := digits{rng: rng, is: text.AsString(), sum: sum}
	d.why = d.reason(strings.Trim(string(rng.SliceBytes(src)), "() "))
	return d, d.why != ""
}

// markOf is the mark of a number that is written as text, or nil.
func markOf(text string, rng hcl.Range) any {
	v, err := cty.ParseNumberVal(text)
	if err != nil {
		return nil
	}
	is, err := convert.Convert(v, cty.String)
	if err != nil {
		return nil
	}
	d := digits{rng: rng, is: is.AsString()}
	if d.why = d.reason(text); d.why == "" {
		return nil
	}
	return d
}

// reason says why a number does not stay as it is written, or "".
func (d digits) reason(source string) string {
	number := strings.TrimLeft(source, "- ")
	switch {
	case d.sum:
		return "this is a calculation"
	case strings.ContainsAny(number, "eE"):
		return "its exponent is lost"
	case len(number) > 1 && number[0] == '0' && number[1] != '.':
		return zeroInFront
	case strings.Contains(number, ".") && strings.HasSuffix(number, "0"):
		return "it loses the zero at its end"
	case len(strings.Trim(number, ".")) > mostDigits:
		return tooManyDigits
	}
	return ""
}

// Reasons for which a number does not even stay the number that is written.
const (
	zeroInFront   = "it loses the zero in front"
	tooManyDigits = "it has more digits than programs keep"
)

// lost reports the numbers in v that would become other digits in a text at the
// attribute called name. Of a number that became part of a text on the way, the
// text tells.
func lost(v cty.Value, of func(cty.Path) cty.Type, name string) hcl.Diagnostics {
	return misread(v, func(d digits, at cty.Path, leaf cty.Value) *hcl.Diagnostic {
		if of(at) != cty.String {
			return nil
		}
		return diag.Error("digits-lost", &d.rng, "A number where a text belongs",
			"%s takes a text, and as a number %s. Put it in quotes, digit for digit.", name, d.why)
	})
}

// misread judges the numbers in v that are other digits there than in the file.
func misread(v cty.Value, judge func(d digits, at cty.Path, leaf cty.Value) *hcl.Diagnostic) (diags hcl.Diagnostics) {
	if !v.ContainsMarked() {
		return nil
	}
	bare, all := v.UnmarkDeepWithPaths()
	for _, at := range all {
		leaf, err := at.Path.Apply(bare)
		if err != nil || !leaf.IsKnown() || leaf.IsNull() {
			continue
		}
		for mark := range at.Marks {
			d, ok := mark.(digits)
			if !ok || !d.spoils(leaf) {
				continue
			}
			if found := judge(d, at.Path, leaf); found != nil {
				diags = append(diags, found)
			}
		}
	}
	return diags
}

// spoils reports whether a leaf, or a part of a text, is the number.
func (d digits) spoils(leaf cty.Value) bool {
	switch leaf.Type() {
	case cty.Number:
		text, err := convert.Convert(leaf, cty.String)
		return err == nil && text.AsString() == d.is
	case cty.String:
		return !d.sum && strings.Contains(leaf.AsString(), d.is)
	}
	return false
}

// withoutDigits takes the marks of numbers away, where they have done their
// work or have none.
func withoutDigits(v cty.Value) cty.Value {
	if v == cty.NilVal || !v.ContainsMarked() {
		return v
	}
	v, all := v.UnmarkDeepWithPaths()
	kept := all[:0]
	for _, at := range all {
		for mark := range at.Marks {
			if _, ok := mark.(digits); ok {
				delete(at.Marks, mark)
			}
		}
		if len(at.Marks) > 0 {
			kept = append(kept, at)
		}
	}
	return v.MarkWithPaths(kept)
}

// typeAt returns the type of the value at a path in a value of type t, or of
// one that becomes a t: an object may become a map, and a tuple a list.
func typeAt(t cty.Type, path cty.Path) cty.Type {
	for _, step := range path {
		name, named := schema.StepName(step)
		switch {
		case t.IsCollectionType():
			t = t.ElementType()
		case t.IsObjectType() && named && t.HasAttribute(name):
			t = t.AttributeType(name)
		case t.IsTupleType():
			i, ok := step.(cty.IndexStep)
			if !ok || i.Key.Type() != cty.Number {
				return cty.DynamicPseudoType
			}
			n, _ := i.Key.AsBigFloat().Int64()
			if n < 0 || int(n) >= t.Length() {
				return cty.DynamicPseudoType
			}
			t = t.TupleElementType(int(n))
		default:
			return cty.DynamicPseudoType
		}
	}
	return t
}

// calculated warns of a number that becomes a text in which every digit counts:
// whoever read or made it as a number has dropped the zeros in front.
func (c *conformer) calculated(m *member, v cty.Value) {
	bare, _ := v.Unmark()
	if !m.Number || bare.Type() != cty.Number || bare.IsNull() || !bare.IsKnown() {
		return
	}
	var parts []*hclsyntax.LiteralValueExpr
	e := narrow(c.expr, c.path)
	if written(e, &parts) {
		return
	}
	c.report(diag.Warning("calculated-number", e.Range().Ptr(), "A number where a text belongs",
		"The attribute %q takes a text, and what comes here is a number: zeros in front are lost, should it have had any. "+
			"Make it a text where it comes from, such as by quotes in a YAML file.", c.names))
}

// bytesOf returns the file that e is written in.
func (p *Program) bytesOf(e hcl.Expression) []byte {
	if e == nil {
		return nil
	}
	if f := p.root.decl.Files[e.Range().Filename]; f != nil {
		return f.Bytes
	}
	return nil
}

// marked returns the value that a variable was given, with the marks of its
// numbers. A literal value stays as it is: a string of a JSON file is no
// template there.
func (p *Program) marked(in config.Input) cty.Value {
	switch {
	case in.Numbers != nil:
		return in.Numbers(markOf)
	case in.Expr == nil:
		return in.Value
	}
	src := in.Src
	if src == nil {
		src = p.bytesOf(in.Expr)
	}
	markDigits(in.Expr, src)
	v, diags := budget.Constant(in.Expr)
	if bare, _ := v.UnmarkDeep(); diags.HasErrors() || !bare.RawEquals(in.Value) {
		return in.Value
	}
	return v
}
