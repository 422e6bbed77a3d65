package eval

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/diag"
)

// byPosition warns of people who are told apart by their place in a list: when
// the list loses an entry, every later one is at another address.
func (p *Program) byPosition(b *block) hcl.Diagnostics {
	if b.kind == nil || b.kind.Identity == nil || b.kind.Identity.Person == nil || b.decl.Count == nil {
		return nil
	}
	for _, a := range b.decl.Written() {
		if at := indexedByCount(a.Expr.(hclsyntax.Expression)); at != nil {
			return hcl.Diagnostics{diag.Warning("people-by-position", at, "People by their position",
				"%s takes people from a list by count.index, so that each has the address of a position, and another one when the list changes. "+
					"Use for_each with a key of your own for each of them, such as a customer number.", b.addr)}
		}
	}
	return nil
}

// indexedByCount returns the place of an index that depends on count.index, or
// nil.
func indexedByCount(e hclsyntax.Expression) (at *hcl.Range) {
	_ = hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		if index, ok := n.(*hclsyntax.IndexExpr); ok && at == nil && counts(index.Key) {
			at = index.Range().Ptr()
		}
		if call, ok := n.(*hclsyntax.FunctionCallExpr); ok && at == nil && (call.Name == "element" || call.Name == "slice") &&
			slices.ContainsFunc(call.Args[min(1, len(call.Args)):], counts) {
			at = call.Range().Ptr()
		}
		return nil
	})
	return at
}

// counts reports whether e refers to count.
func counts(e hclsyntax.Expression) bool {
	for _, t := range e.Variables() {
		if t.RootName() == "count" {
			return true
		}
	}
	return false
}
