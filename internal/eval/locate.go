package eval

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/budget"
	"kiraform/schema"
)

// Locate returns the place of the expression at path in the block of a: the
// tightest nested expression that is there, else the attribute, else the
// block's header. It is nil if there is no such block.
func (p *Program) Locate(a addr.Resource, path cty.Path) *hcl.Range {
	b, ok := p.blocks[a.Block()]
	if !ok {
		return nil
	}
	e := b.at(path)
	if e == nil {
		return &b.decl.DefRange
	}
	return e.Range().Ptr()
}

// at returns the tightest expression at path, or nil if its attribute is not
// written.
func (b *block) at(path cty.Path) hclsyntax.Expression {
	if len(path) == 0 {
		return nil
	}
	step, ok := path[0].(cty.GetAttrStep)
	if !ok || b.decl.Attrs[step.Name] == nil {
		return nil
	}
	return narrow(b.decl.Attrs[step.Name].Expr.(hclsyntax.Expression), path[1:])
}

// narrow follows path into e as far as e is written out.
func narrow(e hclsyntax.Expression, path cty.Path) hclsyntax.Expression {
	for _, step := range path {
		next := into(budget.Bare(e), step)
		if next == nil {
			return e
		}
		e = next
	}
	return e
}

// into returns the part of e that step leads to, or nil.
func into(e hcl.Expression, step cty.PathStep) hclsyntax.Expression {
	switch e := e.(type) {
	case *hclsyntax.ObjectConsExpr:
		name, ok := schema.StepName(step)
		if !ok {
			return nil
		}
		for _, item := range e.Items {
			if key, ok := keyName(item.KeyExpr); ok && key == name {
				return item.ValueExpr
			}
		}
	case *hclsyntax.TupleConsExpr:
		if i, ok := step.(cty.IndexStep); ok {
			if k, ok := addr.KeyOf(i.Key); ok {
				if n, ok := k.Int(); ok && n < len(e.Exprs) {
					return e.Exprs[n]
				}
			}
		}
	case *hclsyntax.ForExpr:
		// Every element is made by the same expression.
		if _, ok := step.(cty.IndexStep); ok {
			return e.ValExpr
		}
	}
	return nil
}
