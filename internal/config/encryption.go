package config

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

var encryptionSchema = &hcl.BodySchema{
	Attributes: []hcl.AttributeSchema{{Name: "recipients", Required: true}},
}

func (k *Kiraform) addEncryption(b *hcl.Block) hcl.Diagnostics {
	if k.Encryption != nil {
		return hcl.Diagnostics{second(b, k.Encryption.DefRange)}
	}
	c, diags := content(b.Body, encryptionSchema)
	k.Encryption = &Encryption{DefRange: b.DefRange, Range: b.DefRange}
	v, ok := optional(c.Attributes, "recipients", cty.List(cty.String), &diags)
	if !ok {
		return diags
	}
	k.Encryption.Range = c.Attributes["recipients"].Expr.Range()
	for _, r := range v.AsValueSlice() {
		if !r.IsNull() {
			k.Encryption.Recipients = append(k.Encryption.Recipients, r.AsString())
		}
	}
	return diags
}
