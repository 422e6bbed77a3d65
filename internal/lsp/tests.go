package lsp

import (
	"path"
	"regexp"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// tests adds the uses in a file of tests: those of the module under test, which is the
// root module unless a run says another one.
func (ix *index) tests(file string, body *hclsyntax.Body) {
	under := make(map[string]string) // the modules of the runs
	for _, b := range body.Blocks {
		dir := "."
		if b.Type == "run" {
			dir = runModule(b.Body)
			if len(b.Labels) == 1 {
				under[b.Labels[0]] = dir
			}
		}
		ix.testBlock(dir, file, b)
		ix.outputsOfRuns(under, file, b.Body)
	}
}

func (ix *index) testBlock(dir, file string, b *hclsyntax.Block) {
	ix.expressions(dir, file, b.Body, false)
	ix.addresses(dir, file, b.Body)
	if b.Type == "variables" {
		ix.values(dir, file, b.Body)
	}
	for _, inner := range b.Body.Blocks {
		if inner.Type == "variables" {
			ix.values(dir, file, inner.Body)
		}
	}
}

// runModule is the folder of the module that a run tests.
func runModule(body *hclsyntax.Body) string {
	for _, b := range body.Blocks {
		a, ok := b.Body.Attributes["source"]
		if b.Type != "module" || !ok {
			continue
		}
		if v, diags := a.Expr.Value(nil); !diags.HasErrors() && v.Type() == cty.String && v.IsKnown() && !v.IsNull() {
			return path.Clean(v.AsString())
		}
	}
	return "."
}

// outputsOfRuns adds the outputs in run.NAME.OUTPUT.
func (ix *index) outputsOfRuns(under map[string]string, file string, body *hclsyntax.Body) {
	_ = hclsyntax.VisitAll(body, func(n hclsyntax.Node) hcl.Diagnostics {
		e, ok := n.(*hclsyntax.ScopeTraversalExpr)
		if !ok || len(e.Traversal) < 3 || e.Traversal.RootName() != "run" {
			return nil
		}
		run, isName := e.Traversal[1].(hcl.TraverseAttr)
		out, isOutput := e.Traversal[2].(hcl.TraverseAttr)
		if dir, known := under[run.Name]; isName && isOutput && known {
			ix.add(use{name: name{dir, "output." + out.Name}, file: file}, ix.lastWord(file, out.SrcRange, out.Name))
		}
		return nil
	})
}

// address is a text that is the address of a resource or of an action.
var address = regexp.MustCompile(`^((?:action\.|data\.)?kira_[a-z_]+\.)([A-Za-z_][\w-]*)(?:\[|$)`)

// addresses adds the names in texts that are addresses, such as change.address is
// compared with.
func (ix *index) addresses(dir, file string, body *hclsyntax.Body) {
	_ = hclsyntax.VisitAll(body, func(n hclsyntax.Node) hcl.Diagnostics {
		e, ok := n.(*hclsyntax.LiteralValueExpr)
		if !ok || e.Val.Type() != cty.String || !e.Val.IsKnown() || e.Val.IsNull() {
			return nil
		}
		text := string(e.SrcRange.SliceBytes([]byte(ix.texts[file])))
		m := address.FindStringSubmatchIndex(text)
		if m == nil {
			return nil
		}
		rng := e.SrcRange
		rng.Start.Byte += m[4]
		rng.End.Byte = rng.Start.Byte + m[5] - m[4]
		ix.add(use{name: name{dir, text[m[2]:m[5]]}, file: file}, rng)
		return nil
	})
}
