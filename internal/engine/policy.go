package engine

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/internal/event"
	"kiraform/internal/lang"
	"kiraform/internal/policy"
	"kiraform/internal/ui/words"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// countable are those that a policy can count.
var countable = event.Countable()

// causes are those that an attribute changes for.
var causes = func() (all []string) {
	for _, c := range []plan.Cause{plan.Configured, plan.Drifted, plan.Both, plan.Unreadable, plan.Depends, plan.Unanswered, plan.Restored} {
		all = append(all, string(c))
	}
	return all
}()

// readPolicies reads the policies of the configuration and of the other folders.
// Their mistakes are for those to report who judge by them: there is a plan all the
// same.
func (p *Project) readPolicies() {
	folders := append([]config.PolicyFolder{{FS: p.FS}}, p.Policies...)
	var diags hcl.Diagnostics
	p.policies, diags = p.module.Policies(folders...)
	for _, rule := range p.policies {
		rule.Resource = strings.TrimPrefix(rule.Resource, "action.") // which tells no more: no resource has the name of an action
		if rule.Resource != "" && p.schemas[rule.Resource] == nil && p.schemas["action."+rule.Resource] == nil {
			diags = append(diags, diag.Error("invalid-policy", &rule.DefRange, "Unknown resource kind",
				"There is no resource kind %q for the policy %q.%s", rule.Resource, rule.Name, diag.DidYouMean(rule.Resource, p.kindNames())))
		}
		diags = append(diags, policy.Words(rule, map[string][]string{
			"change.action": countable, "change.kind": p.kindNames(), "change.cause": causes, "plan.environment": {"simulator", "sandbox", "production", ""}})...)
	}
	p.policyDiags = diags
}

func (p *Project) kindNames() (names []string) {
	for name := range p.schemas {
		names = append(names, strings.TrimPrefix(name, "action."))
	}
	slices.Sort(names)
	return names
}

// judged are the changes and actions of a plan that policies are asked about.
func (pl *Proposal) judged() (all []policy.Change) {
	for i := range pl.Changes {
		c := &pl.Changes[i]
		if c.Action != plan.Read && (c.Action != plan.NoOp || c.Moved != (addr.Resource{})) {
			all = append(all, pl.asked(c))
		}
	}
	for _, r := range pl.dueRuns() {
		c := askedRun(r.addr, &r.kind.Schema, r.config, r.by)
		c.Deferred, c.Settled = r.later, false
		all = append(all, c)
	}
	return all
}

// askedRun is the run of an action as policies see it, right before it is sent.
func askedRun(a addr.Resource, k *schema.Action, config cty.Value, by []addr.Resource) policy.Change {
	return policy.Change{Addr: a.String(), Kind: a.Kind, Name: a.Name, Action: event.Invoke, By: addr.Texts(by), Settled: true,
		Before: cty.NullVal(cty.DynamicPseudoType), After: object(&k.Config, config)}
}

// judge judges changes by the policies, and says where the plan is against one. A
// mistake in a policy is said too, and the plan is as little carried out then.
// Without a policy nobody asks for the changes.
func (pl *Proposal) judge(changes func() []policy.Change) {
	p := pl.project
	pl.policyMistakes(p.policyDiags)
	if len(p.policies) == 0 {
		return
	}
	pl.counted = changes()
	verdicts, diags := policy.Judge(p.policies, pl.asPolicyPlan(pl.counted))
	pl.policyMistakes(diags)
	for _, v := range verdicts {
		pl.policies = append(pl.policies, pl.pronounce(v))
	}
}

func (pl *Proposal) policyMistakes(diags hcl.Diagnostics) {
	if pl.project.report(diags) != nil {
		pl.denied++
	}
}

func (pl *Proposal) asPolicyPlan(changes []policy.Change) policy.Plan {
	p := pl.project
	return policy.Plan{Environment: p.Place().Environment, Destroy: pl.options.Destroy, Actions: countable, Changes: changes,
		Functions: lang.At(nil, lang.Moment{Planned: p.planned, Now: p.now})} // a file of the configuration is no rule of those who review it
}

// pronounce emits the judgement of one policy.
func (pl *Proposal) pronounce(v policy.Verdict) event.Policy {
	p := pl.project
	out := event.Policy{Name: v.Name, Level: v.Level, File: v.DefRange.Filename, Line: v.DefRange.Start.Line, Judged: v.Judged}
	for _, b := range v.Broken {
		p.Emit(pl.against(v.Policy, b))
		out.Broken = append(out.Broken, event.Breach{Addr: b.Addr, Text: event.Foreign(p.secrets.Text(b.Text))})
	}
	for _, at := range v.Never {
		if v.Level == config.Deny {
			pl.denied++
			out.Broken = append(out.Broken, event.Breach{Addr: at, Text: "It looks at a value that nobody knows before the apply has ended, so that it cannot be judged."})
		}
	}
	for _, at := range v.Open {
		if pl.later == nil {
			pl.later = make(map[string][]*config.Policy)
		}
		pl.later[at] = append(pl.later[at], v.Policy)
	}
	if len(v.Never) > 0 {
		say := diag.Error
		if v.Level == config.Warn {
			say = diag.Warning
		}
		p.Emit(p.diagnostic(say("policy-never", &v.DefRange, "Cannot be judged",
			"The policy %q looks at a value of %s that is not known before the request leaves: Kira computes it, or only a fingerprint of it is kept. Let the policy look at an attribute that is written.",
			v.Name, fewOrPlan(v.Never))))
	}
	if len(v.Open) > 0 {
		p.Emit(p.diagnostic(diag.Warning("policy-open", &v.DefRange, "Not judged yet",
			"The policy %q looks at a value of %s that is not known yet. It is asked again right before the request leaves.", v.Name, fewOrPlan(v.Open))))
	}
	return out
}

// fewOrPlan names changes; "" is the plan.
func fewOrPlan(all []string) string {
	if all[0] == "" {
		return "the plan"
	}
	return words.Few(5, all...)
}

// against says that a policy is against a change, and counts it if that is not
// carried out then.
func (pl *Proposal) against(rule *config.Policy, b policy.Breach) event.Diagnostic {
	say := diag.Error
	if rule.Level == config.Warn {
		say = diag.Warning
	} else {
		pl.denied++
	}
	d := pl.project.diagnostic(say("policy", &rule.DefRange, "Against a policy", "%s (policy %q)", b.Text, rule.Name))
	d.Addr, d.About = b.Addr, "policy."+rule.Name
	return d
}

// policyDigests names each policy, with a digest of its text.
func (p *Project) policyDigests() (all []string) {
	for _, rule := range p.policies {
		all = append(all, rule.Name+" "+rule.Digest)
	}
	slices.Sort(all)
	return all
}

// Denied reports whether a policy is against the plan, which was said.
func (pl *Proposal) Denied() bool { return pl.denied > 0 }

// asked is a change as policies see it. A change that has to wait is the one that it
// comes to.
func (pl *Proposal) asked(c *plan.Change) policy.Change {
	a := policy.Change{Addr: c.Addr.String(), Kind: c.Addr.Schema(), Name: c.Addr.Name, From: movedFrom(c), Action: string(pl.final(c)),
		Deferred: c.Action == plan.Defer, Before: cty.NullVal(cty.DynamicPseudoType), After: cty.NullVal(cty.DynamicPseudoType)}
	if c.Action == plan.NoOp {
		a.Action, a.Settled = event.Move, true
	}
	for _, r := range c.Because {
		if cause := string(r.Cause); !slices.Contains(a.Cause, cause) {
			a.Cause = append(a.Cause, cause)
		}
	}
	slices.Sort(a.Cause)
	k := pl.project.schemas[c.Addr.Schema()]
	if k == nil {
		return a
	}
	if c.Prior.ID != "" {
		a.Before = object(k, c.Prior.Looked())
	}
	switch {
	case plan.Action(a.Action) == plan.Forget || plan.Action(a.Action) == plan.Gone:
		a.Settled = true
	case c.After.Value() != cty.NilVal && !c.After.Value().IsNull():
		a.After = object(k, c.After.Value())
	case !c.Config.IsNull(): // it has to wait
		a.After = object(k, c.Config)
	}
	return a
}

// object is an object of a kind with every attribute of it, null where it has none.
// A fingerprint tells nothing, so it is not known, and never will be; sensitive
// attributes are marked.
func object(k *schema.Kind, v cty.Value) cty.Value {
	if v == cty.NilVal || v.IsNull() || !v.IsKnown() {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	return members(k.Attrs, v)
}

func members(attrs []schema.Attr, v cty.Value) cty.Value {
	out := make(map[string]cty.Value, len(attrs))
	for i := range attrs {
		a := &attrs[i]
		m := schema.Member(v, a.Name)
		if a.Computed && !m.IsWhollyKnown() {
			m = m.Mark(policy.Never)
		}
		if a.Sensitive {
			m = m.Mark(lang.Sensitive)
		}
		out[a.Name] = nested(a, m)
	}
	return cty.ObjectVal(out)
}

// nested is the value of an attribute without fingerprints.
func nested(a *schema.Attr, v cty.Value) cty.Value {
	bare, marks := v.Unmark()
	switch {
	case state.IsSealed(bare):
		return cty.UnknownVal(cty.String).WithMarks(marks).Mark(policy.Never)
	case a.Nested == nil || bare.IsNull() || !bare.IsKnown():
		return v
	case bare.Type().IsObjectType():
		return members(a.Nested, bare).WithMarks(marks)
	case a.List && bare.CanIterateElements() && bare.LengthInt() > 0:
		var all []cty.Value
		for _, e := range bare.AsValueSlice() {
			all = append(all, nested(a, e))
		}
		return cty.TupleVal(all).WithMarks(marks)
	}
	return v
}
