package config

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/diag"
)

// Import is an import block: it says which object at Kira a resource is.
type Import struct {
	To       hclsyntax.Expression // an address, of which keys may be calculated
	ID       hclsyntax.Expression // nil if it is missing, which is reported
	ForEach  hclsyntax.Expression // nil if not written
	ToRange  hcl.Range
	DefRange hcl.Range
}

var importSchema = &hcl.BodySchema{
	Attributes: []hcl.AttributeSchema{{Name: "to", Required: true}, {Name: "id", Required: true}, {Name: "for_each"}},
}

// importBlock returns nil if the block does not name a resource.
func importBlock(b *hcl.Block) (*Import, hcl.Diagnostics) {
	c, diags := content(b.Body, importSchema)
	im := &Import{DefRange: b.DefRange}
	im.ID = expression(c.Attributes, "id", &diags)
	im.ForEach = expression(c.Attributes, "for_each", &diags)
	to, ok := c.Attributes["to"]
	if !ok {
		return nil, diags
	}
	im.ToRange = to.Expr.Range()
	e, d := reference(to.Expr)
	if d.HasErrors() || !addressed(e) {
		return nil, append(diags, NotOneResource("to", im.ToRange))
	}
	im.To = e
	return im, diags
}

// NotOneResource reports an argument that is no address of one resource.
func NotOneResource(name string, rng hcl.Range) *hcl.Diagnostic {
	return diag.Error("invalid-reference", &rng, "Invalid reference",
		"The argument %q takes the address of one resource, such as kira_user.maria or kira_user.staff[\"ana\"].", name)
}

// addressed reports whether e has the form of an address.
func addressed(e hclsyntax.Expression) bool {
	switch e := e.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		return len(e.Traversal) > 1
	case *hclsyntax.RelativeTraversalExpr:
		return addressed(e.Source)
	case *hclsyntax.IndexExpr:
		return addressed(e.Collection)
	}
	return false
}
