package config

import (
	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
)

// Removed is a removed block: it says that a resource, or a module, is managed
// no more. An address without a kind is that of a module.
type Removed struct {
	From      addr.Resource
	FromRange hcl.Range
	DefRange  hcl.Range
}

var (
	removedSchema = &hcl.BodySchema{
		Attributes: []hcl.AttributeSchema{{Name: "from", Required: true}},
		Blocks:     []hcl.BlockHeaderSchema{{Type: "lifecycle"}},
	}
	removedLifecycle = &hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: "destroy"}}}
)

// removedBlock returns nil if the block names nothing that can be removed.
func removedBlock(b *hcl.Block) (*Removed, hcl.Diagnostics) {
	c, diags := content(b.Body, removedSchema)
	r := &Removed{DefRange: b.DefRange}
	for i, lc := range c.Blocks {
		if i > 0 {
			diags = append(diags, second(lc, c.Blocks[0].DefRange))
			break
		}
		lc, d := content(lc.Body, removedLifecycle)
		diags = append(diags, d...)
		if a := lc.Attributes["destroy"]; flag(lc.Attributes, "destroy", false, &diags) {
			diags = append(diags, diag.Error("cannot-destroy", a.Expr.Range().Ptr(), "Kira cannot delete",
				"Nothing can be deleted at Kira: what is removed lives on there, and is entered in the ledger. Write destroy = false."))
		}
	}
	if !blockAddr(c, "from", "KIND.NAME, such as kira_user.maria, or module.NAME", &r.From, &r.FromRange, &diags) {
		return nil, diags
	}
	if r.From != r.From.Block() {
		return nil, append(diags, diag.Error("invalid-reference", &r.FromRange, "Invalid reference",
			"A removed block names a whole resource block or module, without a key: from = %s. To stop managing one instance, take it out of the count or for_each that makes it.",
			r.From.Block()))
	}
	return r, diags
}
