// Package policy judges a plan by the rules of those who review it.
//
// A policy sees the changes of a plan and their numbers, and nothing else: no
// variable, no file and no resource of the configuration that it judges. The run of
// an action is a change too. A value that is not known yet leaves it undecided, so
// that it has to be asked again; one that is not known in time never does better.
package policy

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"

	"kiraform/internal/budget"
	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/internal/lang"
)

// Change is a change that policies are asked about.
type Change struct {
	Addr, Kind, Name, From string
	Action                 string   // that it comes to
	Deferred               bool     // not by the next apply
	Settled                bool     // an apply learns no more about it: a value that is not known stays so
	By                     []string // of the run of an action: the addresses that trigger it; none if it is asked for
	Cause                  []string
	Before, After          cty.Value // objects, or null; marks included
}

// Plan is a plan that is judged.
type Plan struct {
	Environment string
	Destroy     bool
	Changes     []Change
	Counted     []Change // whose numbers a policy sees; nil for those of Changes
	Actions     []string // every action that there is, counted also where it is zero
	Functions   map[string]function.Function
}

// Verdict is the judgement of a plan by one policy.
type Verdict struct {
	*config.Policy
	Judged int // changes that it was asked about
	Broken []Breach
	Open   []string // addresses of changes about which nothing can be said yet; "" is the plan
	Never  []string // of those about which nothing can be said in time
}

// Never marks a value that nobody knows before the request for the change has left.
const Never = never("never known in time")

type never string

// Breach is a change that a policy is against.
type Breach struct {
	Addr string // "" means the plan as a whole
	Text string
}

// Judge asks each policy about each change that it is for or, if it looks at no
// change, about the plan. Diagnostics are mistakes in the policies.
func Judge(policies []*config.Policy, p Plan) (all []Verdict, diags hcl.Diagnostics) {
	for _, rule := range policies {
		v := Verdict{Policy: rule}
		if rule.Condition.Condition == nil || rule.ErrorMessage == nil {
			continue // reported
		}
		about, counted := of(rule, p.Changes), of(rule, p.Counted)
		if p.Counted == nil {
			counted = about
		}
		v.Judged = len(about)
		ctx := &hcl.EvalContext{Functions: p.Functions, Variables: map[string]cty.Value{"plan": p.object(counted)}}
		if !AboutChanges(rule) {
			diags = append(diags, v.judge(ctx, "", true)...)
		} else {
			for i := range about {
				ctx.Variables["change"] = about[i].object()
				d := v.judge(ctx, about[i].Addr, about[i].Settled)
				diags = append(diags, d...)
				if d.HasErrors() {
					break // it would be the same mistake again
				}
			}
		}
		all = append(all, v)
	}
	return all, diags
}

// of returns the changes that a policy is for.
func of(rule *config.Policy, all []Change) []Change {
	return slices.DeleteFunc(slices.Clone(all), func(c Change) bool { return rule.Resource != "" && c.Kind != rule.Resource })
}

// AboutChanges reports whether a policy is asked about each change, rather than about
// the plan as a whole.
func AboutChanges(p *config.Policy) bool {
	for _, e := range []hclsyntax.Expression{p.Condition.Condition, p.ErrorMessage} {
		for _, t := range e.Variables() {
			if t.RootName() == "change" {
				return true
			}
		}
	}
	return false
}

// judge evaluates the condition for one change, or for the plan. A value that is not
// known then stays so if it is settled.
func (v *Verdict) judge(ctx *hcl.EvalContext, addr string, settled bool) (diags hcl.Diagnostics) {
	is, diags := budget.Alone(v.Condition.Condition, ctx)
	if diags.HasErrors() {
		return diag.Coded("invalid-policy", diags)
	}
	is, marks := is.Unmark()
	ok, err := convert.Convert(is, cty.Bool)
	if err != nil || ok.IsNull() {
		return append(diags, diag.Error("invalid-condition", v.Condition.Condition.Range().Ptr(), "Invalid condition",
			"A condition must be true or false, and this is neither. Compare something with something."))
	}
	switch {
	case !ok.IsKnown() && (settled || hasNever(marks)):
		v.Never = append(v.Never, addr)
	case !ok.IsKnown():
		v.Open = append(v.Open, addr)
	case ok.False():
		text, d := v.message(ctx)
		v.Broken = append(v.Broken, Breach{addr, text})
		return d
	}
	return nil
}

// message evaluates the message, which must not give a secret away.
func (v *Verdict) message(ctx *hcl.EvalContext) (string, hcl.Diagnostics) {
	const silent = "The condition is false, and its error message cannot be shown."
	m, diags := budget.Alone(v.ErrorMessage, ctx)
	if diags.HasErrors() {
		return silent, diag.Coded("invalid-policy", diags)
	}
	if lang.IsSensitive(m) {
		return "The condition is false. Its error message holds a sensitive value, so it is not shown.", nil
	}
	m, _ = m.UnmarkDeep()
	text, err := convert.Convert(m, cty.String)
	if err != nil || text.IsNull() || !text.IsKnown() {
		return silent, nil
	}
	return text.AsString(), nil
}

func hasNever(marks cty.ValueMarks) bool {
	_, has := marks[Never]
	return has
}

// object is the value in which a policy sees a change.
func (c *Change) object() cty.Value {
	return cty.ObjectVal(map[string]cty.Value{
		"address": cty.StringVal(c.Addr), "kind": cty.StringVal(c.Kind), "name": cty.StringVal(c.Name), "previous_address": cty.StringVal(c.From),
		"action": cty.StringVal(c.Action), "deferred": cty.BoolVal(c.Deferred), "cause": texts(c.Cause), "triggered_by": texts(c.By),
		"before": c.Before, "after": c.After,
	})
}

func texts(all []string) cty.Value {
	if len(all) == 0 {
		return cty.ListValEmpty(cty.String)
	}
	var out []cty.Value
	for _, s := range all {
		out = append(out, cty.StringVal(s))
	}
	return cty.ListVal(out)
}

// Object is the value in which a test sees a plan: that of a policy, and the changes
// by their addresses. An empty plan changes nothing.
func (p *Plan) Object(empty bool) cty.Value {
	all := p.object(p.Changes).AsValueMap()
	changes := make(map[string]cty.Value, len(p.Changes))
	for i := range p.Changes {
		changes[p.Changes[i].Addr] = p.Changes[i].object()
	}
	all["changes"], all["empty"] = cty.ObjectVal(changes), cty.BoolVal(empty)
	return cty.ObjectVal(all)
}

// object is the value in which a policy sees a plan: the numbers count the changes
// in about.
func (p *Plan) object(about []Change) cty.Value {
	counts := make(map[string]int, len(p.Actions)+1)
	for _, a := range p.Actions {
		counts[a] = 0
	}
	for i := range about {
		counts[about[i].Action]++
	}
	counts["total"] = len(about)
	numbers := make(map[string]cty.Value, len(counts))
	for name, n := range counts {
		numbers[name] = cty.NumberIntVal(int64(n))
	}
	return cty.ObjectVal(map[string]cty.Value{
		"counts": cty.ObjectVal(numbers), "environment": cty.StringVal(p.Environment), "destroy": cty.BoolVal(p.Destroy)})
}
