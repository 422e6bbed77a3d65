package lsp

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// loop is a for expression, with the names that it gives to elements.
type loop struct {
	names      []string
	in, except hcl.Range // where they mean something: not in the collection
}

// loopsIn finds the for expressions in a node.
func loopsIn(n hclsyntax.Node) (all []loop) {
	_ = hclsyntax.VisitAll(n, func(n hclsyntax.Node) hcl.Diagnostics {
		if f, ok := n.(*hclsyntax.ForExpr); ok && f.CollExpr != nil {
			all = append(all, loop{[]string{f.KeyVar, f.ValVar}, f.SrcRange, f.CollExpr.Range()})
		}
		return nil
	})
	return all
}

// binds reports whether a name at a byte is that of an element.
func (l loop) binds(name string, at int) bool {
	within := func(r hcl.Range) bool { return r.Start.Byte <= at && at < r.End.Byte }
	return name != "" && slices.Contains(l.names, name) && within(l.in) && !within(l.except)
}

// traversalsIn finds the references in a node, whole: behind an index that is worked out,
// or a star, they go on. References to the elements of loops are left out.
func traversalsIn(n hclsyntax.Node) (all []hcl.Traversal) {
	loops := loopsIn(n)
	done := make(map[hclsyntax.Node]bool)
	_ = hclsyntax.VisitAll(n, func(n hclsyntax.Node) hcl.Diagnostics {
		e, ok := n.(hclsyntax.Expression)
		if !ok || done[n] {
			return nil
		}
		t := flat(e, nil, done)
		if len(t) == 0 || slices.ContainsFunc(loops, func(l loop) bool { return l.binds(t.RootName(), t[0].SourceRange().Start.Byte) }) {
			return nil
		}
		all = append(all, t)
		return nil
	})
	return all
}

// flat is a reference as one traversal, without indexes that are worked out; item is the
// expression that a star goes through. The expressions that it is made of are done. It is
// nil for an expression that is no reference.
func flat(e hclsyntax.Expression, item hclsyntax.Expression, done map[hclsyntax.Node]bool) hcl.Traversal {
	var t hcl.Traversal
	switch e := e.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		t = e.Traversal
	case *hclsyntax.RelativeTraversalExpr:
		if t = flat(e.Source, item, done); t != nil {
			t = append(t[:len(t):len(t)], e.Traversal...)
		}
	case *hclsyntax.IndexExpr:
		t = flat(e.Collection, item, done)
	case *hclsyntax.SplatExpr:
		t = flat(e.Each, e.Source, done)
	case *hclsyntax.AnonSymbolExpr:
		if item != nil {
			t = flat(item, nil, done)
		}
	}
	if t != nil && !t.IsRelative() {
		done[e] = true
		return t
	}
	return nil
}
