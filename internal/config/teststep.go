package config

import (
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
)

// Step is something that only Kira's people, or time, can do.
type Step struct {
	Do      string          // the argument that it is written as, such as "reject"
	On      []addr.Resource // the resources that it is done to; nil of "advance"
	Reasons []string        // of "reject"
	For     time.Duration   // of "advance"
	Range   hcl.Range
}

// stepKinds has the kinds that each step can be done to; nil means every kind.
var stepKinds = map[string][]string{
	"verify": {"kira_user"}, "review": {"kira_user"}, "reject": {"kira_user"},
	"activate": {"kira_virtual_account"}, "decline": {"kira_virtual_account"}, "close": {"kira_virtual_account"},
	"lose": nil,
}

// StepKinds returns the kinds that a step can be done to; none means every kind.
func StepKinds(step string) []string { return stepKinds[step] }

var stepSchema = &hcl.BodySchema{Attributes: []hcl.AttributeSchema{
	{Name: "verify"}, {Name: "review"}, {Name: "reject"}, {Name: "reasons"}, {Name: "activate"}, {Name: "decline"}, {Name: "close"},
	{Name: "lose"}, {Name: "advance"}}}

// steps reads a simulator block: its steps, in the order in which they are written.
func steps(b *hcl.Block) (all []Step, diags hcl.Diagnostics) {
	c, diags := content(b.Body, stepSchema)
	var reasons []string
	if a, ok := c.Attributes["reasons"]; ok {
		v, d := literal(a, cty.List(cty.String))
		diags = append(diags, d...)
		for _, e := range elements(v) {
			reasons = append(reasons, e.AsString())
		}
		if c.Attributes["reject"] == nil {
			diags = append(diags, diag.Error("invalid-step", &a.NameRange, "Reasons for nothing",
				"The argument \"reasons\" says why users are rejected. Write reject = [...] beside it."))
		}
	}
	for _, a := range inOrder(c.Attributes) {
		s := Step{Do: a.Name, Range: a.Range}
		switch a.Name {
		case "reasons":
			continue
		case "advance":
			s.For = period(a, &diags)
		default:
			s.On = stepAddresses(a, &diags)
		}
		if a.Name == "reject" {
			s.Reasons = reasons
		}
		all = append(all, s)
	}
	return all, diags
}

// elements are those of a list that is known, or none.
func elements(v cty.Value) []cty.Value {
	if !v.IsWhollyKnown() || v.IsNull() {
		return nil
	}
	return slices.DeleteFunc(v.AsValueSlice(), func(e cty.Value) bool { return e.IsNull() })
}

// period reads how far the time moves on.
func period(a *hcl.Attribute, diags *hcl.Diagnostics) time.Duration {
	v, d := literal(a, cty.String)
	*diags = append(*diags, d...)
	if d.HasErrors() {
		return 0
	}
	length, err := time.ParseDuration(v.AsString())
	if err != nil || length <= 0 {
		*diags = append(*diags, diag.Error("invalid-step", a.Expr.Range().Ptr(), "Not a length of time",
			"The argument %q takes a length of time, such as \"90s\", \"15m\" or \"24h\".", a.Name))
	}
	return length
}

// stepAddresses reads the resources that a step is done to.
func stepAddresses(a *hcl.Attribute, diags *hcl.Diagnostics) []addr.Resource {
	all := addresses(a, addr.Of, diags)
	for _, on := range all {
		if kinds := stepKinds[a.Name]; on.Data || on.Action || kinds != nil && !slices.Contains(kinds, on.Kind) {
			*diags = append(*diags, diag.Error("invalid-step", a.Expr.Range().Ptr(), "Not for this kind",
				"People at Kira cannot %s %s. Write the addresses of resources of kind %s.", a.Name, on, kindsOr(kinds)))
		}
	}
	return all
}

func kindsOr(kinds []string) string {
	if len(kinds) == 0 {
		return "kira_user or another one"
	}
	return kinds[0]
}
