package eval

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/lang"
)

// call checks the name of a function that is called.
func (c *collector) call(f *hclsyntax.FunctionCallExpr) {
	if c.types[f] {
		return
	}
	if _, ok := c.p.options.Functions[f.Name]; ok {
		c.deps.impure = c.deps.impure || lang.Impure[strings.TrimPrefix(f.Name, "core::")]
		if f.Name == "convert" {
			c.skipType(f)
		}
		return
	}
	if why := lang.LeftOut[f.Name]; why != "" {
		c.report("unknown-function", f.NameRange, "Function left out", "kiraform has no function %q. %s", f.Name, why)
		return
	}
	c.report("unknown-function", f.NameRange, "Unknown function",
		"There is no function called %q.%s", f.Name, suggestion(f.Name, c.p.options.Functions))
}

// skipType passes over the second argument of convert, which is a type and no
// expression.
func (c *collector) skipType(f *hclsyntax.FunctionCallExpr) {
	if len(f.Args) < 2 {
		return
	}
	_ = hclsyntax.VisitAll(f.Args[1], func(n hclsyntax.Node) hcl.Diagnostics {
		switch n := n.(type) {
		case *hclsyntax.ScopeTraversalExpr:
			c.done[n] = true
		case *hclsyntax.FunctionCallExpr:
			c.types[n] = true
		}
		return nil
	})
}
