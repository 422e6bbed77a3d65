package engine

import (
	"fmt"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/config"
	"kiraform/internal/eval"
	"kiraform/internal/policy"
	"kiraform/plan"
	"kiraform/schema"
)

// judgeLate asks the policies again that could say nothing about a change at the
// plan, now that its values are known. A change that a deny policy is against,
// or still cannot judge, is an error.
func (pl *Proposal) judgeLate(c *plan.Change, config cty.Value) error {
	open := pl.later[c.Addr.String()]
	if len(open) == 0 {
		return nil
	}
	return pl.judgeBy(open, pl.lateChange(c, config))
}

// judgeRun asks every policy about the run of an action whose values are known now:
// the plan may not have known which runs there are.
func (pl *Proposal) judgeRun(c policy.Change) error {
	open := pl.later[c.Addr]
	return pl.judgeBy(slices.DeleteFunc(slices.Clone(pl.project.policies), func(rule *config.Policy) bool {
		return !policy.AboutChanges(rule) || rule.Level == config.Warn && !slices.Contains(open, rule)
	}), c)
}

func (pl *Proposal) judgeBy(rules []*config.Policy, c policy.Change) error {
	p := pl.project
	if len(rules) == 0 {
		return nil
	}
	now := pl.asPolicyPlan([]policy.Change{c})
	now.Counted = pl.counted // it is one of those, and no plan of its own
	verdicts, diags := policy.Judge(rules, now)
	for _, d := range diags {
		return fmt.Errorf("a policy cannot be judged: %s: %s", d.Summary, d.Detail)
	}
	for _, v := range verdicts {
		for _, b := range v.Broken {
			if v.Level == config.Deny {
				return &againstPolicy{fmt.Sprintf("%s (policy %q)", p.secrets.Text(b.Text), v.Name)}
			}
			p.Emit(pl.against(v.Policy, b))
		}
		if v.Level == config.Deny && len(v.Open)+len(v.Never) > 0 {
			return fmt.Errorf("the policy %q looks at a value that is still not known, so that it cannot be judged. Nothing was sent", v.Name)
		}
	}
	return nil
}

// againstPolicy is a change that a policy denies.
type againstPolicy struct{ text string }

func (e *againstPolicy) Error() string { return "against a policy: " + e.text }

// lateChange is a change whose written values are known by now, as policies see it.
func (pl *Proposal) lateChange(c *plan.Change, config cty.Value) policy.Change {
	now := *c
	now.Config = config
	if k := pl.project.schemas[c.Addr.Schema()]; k != nil && c.After.Value() != cty.NilVal && !c.After.Value().IsNull() {
		after := c.After.Value().AsValueMap()
		for i := range k.Attrs {
			name := k.Attrs[i].Name
			if v := schema.Member(config, name); !schema.Member(c.Config, name).IsWhollyKnown() {
				after[name] = v
			}
		}
		now.After = eval.Now(cty.ObjectVal(after))
	}
	return pl.asked(&now)
}
