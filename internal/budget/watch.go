package budget

import (
	"bytes"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// Watch makes the loops in n, which was parsed from src, count their work, and spares
// conditional expressions work that grows with the square of their results. It changes
// n, so that it is called once, before anybody else has it.
func Watch(n hclsyntax.Node, src []byte) {
	if !bytes.Contains(src, []byte("for")) && !bytes.Contains(src, []byte("?")) && !bytes.Contains(src, []byte("%{")) {
		return
	}
	_ = hclsyntax.VisitAll(n, func(n hclsyntax.Node) hcl.Diagnostics {
		if c, ok := n.(*hclsyntax.ConditionalExpr); ok && c.TrueResult != nil && c.FalseResult != nil {
			branches(c)
		}
		if f, ok := n.(*hclsyntax.ForExpr); ok && f.CollExpr != nil && f.ValExpr != nil {
			f.CollExpr = &collection{wrap(f.CollExpr), f}
			f.ValExpr = &element{wrap(f.ValExpr), f}
		}
		return nil
	})
}

// Constant evaluates an expression that refers to nothing, within a budget.
func Constant(e hcl.Expression) (cty.Value, hcl.Diagnostics) {
	if x, ok := e.(hclsyntax.Expression); !ok || !loops(x) {
		return e.Value(nil)
	}
	return Alone(e, new(hcl.EvalContext))
}

// Alone evaluates an expression within a budget of its own.
func Alone(e hcl.Expression, ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	b := new(Budget)
	b.Join(ctx)
	return b.Value(e, ctx)
}

func loops(e hclsyntax.Expression) (found bool) {
	_ = hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		_, is := n.(*collection)
		found = found || is
		return nil
	})
	return found
}

// wrap returns an expression that those who walk through a tree take for one in
// parentheses, and so find e in it.
func wrap(e hclsyntax.Expression) *hclsyntax.ParenthesesExpr {
	return &hclsyntax.ParenthesesExpr{Expression: e, SrcRange: e.Range()}
}

// Bare returns e without the parentheses around it, and without ours.
func Bare(e hcl.Expression) hcl.Expression {
	for {
		switch w := e.(type) {
		case *collection:
			e = w.Expression
		case *element:
			e = w.Expression
		case *branch:
			e = w.Expression
		case *condition:
			e = w.Expression
		case *hclsyntax.ParenthesesExpr:
			e = w.Expression
		default:
			return e
		}
	}
}

// collection is the expression whose elements a loop goes through.
type collection struct {
	*hclsyntax.ParenthesesExpr
	loop *hclsyntax.ForExpr
}

// Value evaluates the expression, and counts the passes that its value asks for.
func (c *collection) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	b := of(ctx)
	if b == nil {
		return c.Expression.Value(ctx)
	}
	if b.end != nil { // nothing is begun any more
		return cty.DynamicVal, nil
	}
	v, diags := c.Expression.Value(ctx)
	if b.end == nil && !diags.HasErrors() {
		b.enter(c.loop, v)
	}
	if b.end != nil {
		return cty.DynamicVal, hcl.Diagnostics{b.end}
	}
	return v, diags
}

// element is the expression that makes an element of a loop.
type element struct {
	*hclsyntax.ParenthesesExpr
	loop *hclsyntax.ForExpr
}

// Value evaluates the expression, and counts its value.
func (e *element) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	b := of(ctx)
	if b == nil {
		return e.Expression.Value(ctx)
	}
	if b.end != nil {
		return cty.DynamicVal, nil
	}
	before := b.elements
	v, diags := e.Expression.Value(ctx)
	b.add(e.loop, before, v)
	if b.look(e.loop); b.end != nil {
		return cty.DynamicVal, hcl.Diagnostics{b.end}
	}
	return v, diags
}

// of returns the budget of an evaluation; nil if there is none.
func of(ctx *hcl.EvalContext) *Budget {
	for ; ctx != nil; ctx = ctx.Parent() {
		if v, ok := ctx.Variables[variable]; ok {
			return v.EncapsulatedValue().(*Budget)
		}
	}
	return nil
}
