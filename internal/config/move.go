package config

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// mover moves the places in a block that was parsed, as a text above it that has become
// longer or shorter does. Columns stay: a block begins a line.
type mover struct {
	bytes, lines int
	unknown      bool // there is an expression whose places are not known here
}

// move moves a block, and reports whether it could. If it could not, the block is of no
// use any more.
func move(b *hclsyntax.Block, bytes, lines int) bool {
	m := mover{bytes: bytes, lines: lines}
	if bytes != 0 || lines != 0 {
		m.block(b)
	}
	return !m.unknown
}

func (m *mover) ranges(all ...*hcl.Range) {
	for _, r := range all {
		r.Start.Byte += m.bytes
		r.Start.Line += m.lines
		r.End.Byte += m.bytes
		r.End.Line += m.lines
	}
}

func (m *mover) block(b *hclsyntax.Block) {
	m.ranges(&b.TypeRange, &b.OpenBraceRange, &b.CloseBraceRange, &b.Body.SrcRange, &b.Body.EndRange)
	for i := range b.LabelRanges {
		m.ranges(&b.LabelRanges[i])
	}
	for _, a := range b.Body.Attributes {
		m.ranges(&a.SrcRange, &a.NameRange, &a.EqualsRange)
		m.expression(a.Expr)
	}
	for _, inner := range b.Body.Blocks {
		m.block(inner)
	}
}

func (m *mover) expressions(all []hclsyntax.Expression) {
	for _, e := range all {
		m.expression(e)
	}
}

func (m *mover) expression(e hclsyntax.Expression) {
	switch e := e.(type) {
	case *hclsyntax.LiteralValueExpr:
		m.ranges(&e.SrcRange)
	case *hclsyntax.TemplateExpr:
		m.ranges(&e.SrcRange)
		m.expressions(e.Parts)
	case *hclsyntax.TemplateWrapExpr:
		m.ranges(&e.SrcRange)
		m.expression(e.Wrapped)
	case *hclsyntax.ScopeTraversalExpr:
		m.ranges(&e.SrcRange)
		m.traversal(e.Traversal)
	case *hclsyntax.RelativeTraversalExpr:
		m.ranges(&e.SrcRange)
		m.expression(e.Source)
		m.traversal(e.Traversal)
	case *hclsyntax.IndexExpr:
		m.ranges(&e.SrcRange, &e.OpenRange, &e.BracketRange)
		m.expression(e.Collection)
		m.expression(e.Key)
	case *hclsyntax.TupleConsExpr:
		m.ranges(&e.SrcRange, &e.OpenRange)
		m.expressions(e.Exprs)
	case *hclsyntax.ObjectConsExpr:
		m.ranges(&e.SrcRange, &e.OpenRange)
		for _, item := range e.Items {
			m.expression(item.KeyExpr)
			m.expression(item.ValueExpr)
		}
	case *hclsyntax.ObjectConsKeyExpr:
		m.expression(e.Wrapped)
	case *hclsyntax.FunctionCallExpr:
		m.ranges(&e.NameRange, &e.OpenParenRange, &e.CloseParenRange)
		m.expressions(e.Args)
	case *hclsyntax.ParenthesesExpr:
		m.ranges(&e.SrcRange)
		m.expression(e.Expression)
	case *hclsyntax.BinaryOpExpr:
		m.ranges(&e.SrcRange)
		m.expression(e.LHS)
		m.expression(e.RHS)
	case *hclsyntax.UnaryOpExpr:
		m.ranges(&e.SrcRange, &e.SymbolRange)
		m.expression(e.Val)
	default: // loops and conditional expressions, around which there is a budget
		m.unknown = true
	}
}

func (m *mover) traversal(t hcl.Traversal) {
	for i, step := range t {
		switch step := step.(type) {
		case hcl.TraverseRoot:
			m.ranges(&step.SrcRange)
			t[i] = step
		case hcl.TraverseAttr:
			m.ranges(&step.SrcRange)
			t[i] = step
		case hcl.TraverseIndex:
			m.ranges(&step.SrcRange)
			t[i] = step
		default:
			m.unknown = true
		}
	}
}
