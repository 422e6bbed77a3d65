package config

import (
	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/diag"
)

// Check is a check block: assertions that warn and stop nothing. A data source
// in it is among the resources of the module; only the check refers to it.
type Check struct {
	Name     string
	Asserts  []Condition
	DefRange hcl.Range
}

var checkSchema = &hcl.BodySchema{
	Blocks: []hcl.BlockHeaderSchema{{Type: "data", LabelNames: []string{"kind", "name"}}, {Type: "assert"}},
}

// addCheck adds a check block, and the data source in it.
func (m *Module) addCheck(b *hcl.Block) hcl.Diagnostics {
	c, diags := content(b.Body, checkSchema)
	check := &Check{Name: b.Labels[0], DefRange: b.DefRange}
	m.Checks = append(m.Checks, check)
	var data *Resource
	for _, b := range c.Blocks {
		if b.Type == "assert" {
			cond, d := condition(b)
			diags = append(diags, d...)
			check.Asserts = append(check.Asserts, cond)
			continue
		}
		if data != nil {
			diags = append(diags, second(b, data.DefRange))
			continue
		}
		r, d := resource(b)
		diags = append(diags, d...)
		r.Data, r.Check = true, check.Name
		if r.Count != nil || r.ForEach != nil {
			diags = append(diags, diag.Error("invalid-block", &b.DefRange, "One data source",
				"The data source of a check block has neither count nor for_each. Write it outside of the check block."))
			r.Count, r.ForEach = nil, nil
		}
		data = r
		m.Resources = append(m.Resources, r)
	}
	if len(check.Asserts) == 0 && !diags.HasErrors() {
		diags = append(diags, diag.Error("invalid-block", &b.DefRange, "Nothing is checked",
			"A check block needs an assert block: a condition, and an error_message for when it is false."))
	}
	return diags
}
