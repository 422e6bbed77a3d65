package policy

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/budget"
	"kiraform/internal/config"
	"kiraform/internal/diag"
)

// Words returns the mistakes of a policy that compares with a word which never is, such
// as change.action with "delete": it would let everything pass without a word. Known
// has the words that there are, by the name that has one of them: "change.action".
func Words(rule *config.Policy, known map[string][]string) (diags hcl.Diagnostics) {
	for _, e := range []hclsyntax.Expression{rule.Condition.Condition, rule.ErrorMessage} {
		if e == nil {
			continue // reported
		}
		_ = hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
			for _, c := range compared(n) {
				name := nameOf(c.name)
				word, is := literal(c.word)
				if all := known[name]; is && all != nil && !slices.Contains(all, word) {
					diags = append(diags, diag.Error("invalid-policy", c.word.Range().Ptr(), "Never so",
						"%s is never %q, so this says nothing.%s", name, word, diag.DidYouMean(word, all)))
				}
			}
			return nil
		})
	}
	return diags
}

// comparison is that of a name with a word.
type comparison struct{ name, word hclsyntax.Expression }

// compared returns the comparisons that a node makes.
func compared(n hclsyntax.Node) (all []comparison) {
	switch n := n.(type) {
	case *hclsyntax.BinaryOpExpr:
		if n.Op == hclsyntax.OpEqual || n.Op == hclsyntax.OpNotEqual {
			return []comparison{{n.LHS, n.RHS}, {n.RHS, n.LHS}}
		}
	case *hclsyntax.FunctionCallExpr:
		if (n.Name != "contains" && n.Name != "core::contains") || len(n.Args) != 2 {
			return nil
		}
		list := budget.Bare(n.Args[0])
		if call, is := list.(*hclsyntax.FunctionCallExpr); is && len(call.Args) == 1 {
			list = budget.Bare(call.Args[0]) // toset([...])
		}
		if tuple, is := list.(*hclsyntax.TupleConsExpr); is {
			for _, e := range tuple.Exprs {
				all = append(all, comparison{n.Args[1], e})
			}
			return all
		}
		return []comparison{{n.Args[0], n.Args[1]}}
	}
	return nil
}

// nameOf is a name such as change.action; "" for any other expression.
func nameOf(e hclsyntax.Expression) string {
	t, is := budget.Bare(e).(*hclsyntax.ScopeTraversalExpr)
	if !is || len(t.Traversal) != 2 {
		return ""
	}
	attr, is := t.Traversal[1].(hcl.TraverseAttr)
	if !is {
		return ""
	}
	return t.Traversal.RootName() + "." + attr.Name
}

// literal is a text as it is written.
func literal(e hclsyntax.Expression) (string, bool) {
	bare := budget.Bare(e)
	if len(bare.Variables()) > 0 {
		return "", false
	}
	v, diags := bare.Value(nil)
	if diags.HasErrors() || v.IsNull() || !v.IsKnown() || v.Type() != cty.String {
		return "", false
	}
	return v.AsString(), true
}
