package eval

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/config"
	"kiraform/internal/diag"
)

// Assert reports an assertion of a test that does not hold. Beside the names of the root
// module it may refer to names, objects of the test. Unlike a condition of the
// configuration, an assertion that cannot be judged is an error.
func (p *Program) Assert(c config.Condition, v *Values, names map[string]cty.Value) hcl.Diagnostics {
	if c.Condition == nil || c.ErrorMessage == nil {
		return nil // reported
	}
	// A copy, so that the findings about the assertion are not kept in p.
	q := *p
	q.bad = make(map[hclsyntax.Expression]bool)
	var all deps
	var diags hcl.Diagnostics
	for _, e := range []hclsyntax.Expression{c.Condition, c.ErrorMessage} {
		d, more := q.collect(q.root, e, place{what: "an assertion", names: names})
		all.add(d)
		diags = append(diags, more...)
	}
	if diags.HasErrors() {
		return diags
	}
	s, more := p.scope(p.root, "", v, &all, instance{})
	maps.Copy(s.ctx.Variables, names)
	val, d := p.value(s, c.Condition)
	diags = slices.Concat(diags, more, d)
	if diags.HasErrors() {
		return diags
	}
	if !val.IsKnown() {
		unknown := diag.Error("unknown-assertion", c.Condition.Range().Ptr(), "Not known yet",
			"The assertion needs a value that is known only once the change is applied. Assert it in a run with command = apply, "+
				"after which the object exists, or assert something else.")
		unknown.Expression, unknown.EvalContext = c.Condition, s.ctx
		return append(diags, unknown)
	}
	return append(diags, p.condition(s, c, "assertion-failed", "", nil)...)
}
