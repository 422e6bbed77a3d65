package config

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

var rulesSchema = &hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: "warn"}, {Name: "off"}}}

func (k *Kiraform) addRules(b *hcl.Block) hcl.Diagnostics {
	if k.Rules != nil {
		return hcl.Diagnostics{second(b, k.Rules.DefRange)}
	}
	c, diags := content(b.Body, rulesSchema)
	k.Rules = &Rules{DefRange: b.DefRange}
	k.Rules.Warn, k.Rules.WarnRange = ruleIDs(c.Attributes, "warn", &diags)
	k.Rules.Off, k.Rules.OffRange = ruleIDs(c.Attributes, "off", &diags)
	return diags
}

func ruleIDs(attrs hcl.Attributes, name string, diags *hcl.Diagnostics) (ids []string, rng hcl.Range) {
	v, ok := optional(attrs, name, cty.List(cty.String), diags)
	if !ok {
		return nil, rng
	}
	for _, id := range v.AsValueSlice() {
		if !id.IsNull() {
			ids = append(ids, id.AsString())
		}
	}
	return ids, attrs[name].Expr.Range()
}
