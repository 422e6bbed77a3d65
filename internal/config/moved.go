package config

import (
	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
)

// Moved is a moved block: it says that a resource, or a module, had another
// address before. An address without a kind is that of a module.
type Moved struct {
	From, To           addr.Resource
	FromRange, ToRange hcl.Range
	DefRange           hcl.Range
}

var movedSchema = &hcl.BodySchema{
	Attributes: []hcl.AttributeSchema{{Name: "from", Required: true}, {Name: "to", Required: true}},
}

// movedBlock returns nil if the block does not name two resources or modules.
func movedBlock(b *hcl.Block) (*Moved, hcl.Diagnostics) {
	c, diags := content(b.Body, movedSchema)
	m := &Moved{DefRange: b.DefRange}
	from := blockAddr(c, "from", addressForms, &m.From, &m.FromRange, &diags)
	to := blockAddr(c, "to", addressForms, &m.To, &m.ToRange, &diags)
	if !from || !to {
		return nil, diags
	}
	return m, diags
}

// addressForms are the forms of an address that an instance may have.
const addressForms = "KIND.NAME, KIND.NAME[0] or KIND.NAME[\"key\"], such as kira_user.maria, or module.NAME"

// blockAddr reads an address of one of the forms. It reports false if it is missing or is
// no address.
func blockAddr(c *hcl.BodyContent, name, forms string, a *addr.Resource, rng *hcl.Range, diags *hcl.Diagnostics) bool {
	written, ok := c.Attributes[name]
	if !ok {
		return false
	}
	*rng = written.Expr.Range()
	t, d := hcl.AbsTraversalForExpr(written.Expr)
	if !d.HasErrors() {
		*a, ok = addr.OfTarget(t)
	}
	if d.HasErrors() || !ok {
		*diags = append(*diags, diag.Error("invalid-reference", rng, "Invalid reference",
			"The argument %q takes the address of a resource or a module, written out: %s.", name, forms))
		return false
	}
	return true
}
