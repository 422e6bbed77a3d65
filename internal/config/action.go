package config

import (
	"regexp"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/diag"
)

var actionSchema = &hcl.BodySchema{
	Attributes: []hcl.AttributeSchema{{Name: "count"}, {Name: "for_each"}, {Name: "depends_on"}},
	Blocks:     []hcl.BlockHeaderSchema{{Type: "config"}},
}

// action reads an action block. The arguments of its config block are in Attrs.
func action(b *hcl.Block) (*Resource, hcl.Diagnostics) {
	c, diags := content(b.Body, actionSchema)
	r := &Resource{Action: true, Kind: b.Labels[0], Name: b.Labels[1],
		DefRange: b.DefRange, KindRange: b.LabelRanges[0]}
	r.repeat(c.Attributes, &diags)
	for i, config := range c.Blocks {
		if i > 0 {
			diags = append(diags, second(config, c.Blocks[0].DefRange))
			break
		}
		attrs, d := attributes(config.Body, config.Body)
		r.Attrs = attrs
		diags = append(diags, d...)
		diags = append(diags, natively(attrs)...)
	}
	if len(c.Blocks) == 0 {
		diags = append(diags, diag.Error("invalid-block", &b.DefRange, "Missing config block",
			"What an action does stands in its config block. Write config { ... } in it."))
	}
	return r, diags
}

var decimal = regexp.MustCompile(`^[0-9]+(\.[0-9]{1,2})?$`)

// limitPayouts reads max_payout.
func (k *Kiraform) limitPayouts(attrs hcl.Attributes) (diags hcl.Diagnostics) {
	v, ok := optional(attrs, "max_payout", cty.String, &diags)
	if !ok {
		return diags
	}
	k.PayoutRange = attrs["max_payout"].Expr.Range()
	if !decimal.MatchString(v.AsString()) {
		return append(diags, diag.Error("invalid-limit", &k.PayoutRange, "Invalid limit",
			"The argument \"max_payout\" takes an amount in quotes, such as \"500.00\". Write how much may be paid out in a day."))
	}
	k.MaxPayout = v.AsString()
	return diags
}
