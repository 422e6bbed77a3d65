package config

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
)

// Import is an import block: it says which object at Kira a resource is.
type Import struct {
	To       addr.Resource
	ID       hclsyntax.Expression // nil if it is missing, which is reported
	ToRange  hcl.Range
	DefRange hcl.Range
}

var importSchema = &hcl.BodySchema{
	Attributes: []hcl.AttributeSchema{{Name: "to", Required: true}, {Name: "id", Required: true}},
}

// importBlock returns nil if the block does not name a resource.
func importBlock(b *hcl.Block) (*Import, hcl.Diagnostics) {
	c, diags := content(b.Body, importSchema)
	im := &Import{DefRange: b.DefRange}
	im.ID = expression(c.Attributes, "id", &diags)
	to, ok := c.Attributes["to"]
	if !ok {
		return nil, diags
	}
	im.ToRange = to.Expr.Range()
	t, d := hcl.AbsTraversalForExpr(to.Expr)
	if im.To, ok = target(t); d.HasErrors() || !ok {
		return nil, append(diags, diag.Error("invalid-reference", &im.ToRange, "Invalid reference",
			"The argument \"to\" takes the address of one resource, such as kira_user.maria or kira_user.staff[\"ana\"]."))
	}
	return im, diags
}

// target returns the resource that t names, if it names one as a whole.
func target(t hcl.Traversal) (a addr.Resource, ok bool) {
	if len(t) < 2 || len(t) > 3 {
		return a, false
	}
	name, ok := t[1].(hcl.TraverseAttr)
	a.Kind, a.Name = t.RootName(), name.Name
	if !ok || len(t) == 2 {
		return a, ok
	}
	index, ok := t[2].(hcl.TraverseIndex)
	if !ok {
		return a, false
	}
	a.Key, ok = addr.KeyOf(index.Key)
	return a, ok
}
