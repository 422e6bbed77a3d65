package engine

import (
	"fmt"
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
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// actions are those that a policy can count.
var actions = []string{"create", "update", "replace", "adopt", "forget", "gone", "move", "defer"}

// readPolicies reads the policies of the configuration and of the other folders.
func (p *Project) readPolicies() (diags hcl.Diagnostics) {
	folders := append([]config.PolicyFolder{{FS: p.FS}}, p.Policies...)
	p.policies, diags = p.module.Policies(folders...)
	for _, rule := range p.policies {
		if _, known := p.schemas[rule.Resource]; rule.Resource != "" && !known {
			diags = append(diags, diag.Error("invalid-policy", &rule.DefRange, "Unknown resource kind",
				"There is no resource kind %q for the policy %q.%s", rule.Resource, rule.Name, diag.DidYouMean(rule.Resource, p.kindNames())))
		}
	}
	return diags
}

func (p *Project) kindNames() (names []string) {
	for name := range p.schemas {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// judge judges the plan by the policies, and says where it is against one. It fails
// only for a mistake in a policy.
func (pl *Proposal) judge() error {
	p := pl.project
	if len(p.policies) == 0 {
		return nil
	}
	in := policy.Plan{Environment: p.Place().Environment, Destroy: pl.options.Destroy, Actions: actions, Functions: lang.Functions(p.FS)}
	for i := range pl.Changes {
		c := &pl.Changes[i]
		if c.Action != plan.Read && (c.Action != plan.NoOp || c.Moved != (addr.Resource{})) {
			in.Changes = append(in.Changes, pl.asked(c))
		}
	}
	verdicts, diags := policy.Judge(p.policies, in)
	if err := p.report(diags); err != nil {
		return err
	}
	for _, v := range verdicts {
		pl.policies = append(pl.policies, pl.pronounce(v))
	}
	return nil
}

// pronounce emits the judgement of one policy.
func (pl *Proposal) pronounce(v policy.Verdict) event.Policy {
	p := pl.project
	out := event.Policy{Name: v.Name, Level: v.Level, File: v.DefRange.Filename, Line: v.DefRange.Start.Line, Judged: v.Judged}
	for _, b := range v.Broken {
		say := diag.Error
		if v.Level == config.Warn {
			say = diag.Warning
		} else {
			pl.denied++
		}
		d := p.diagnostic(say("policy", &v.DefRange, "Against a policy", "%s (policy %q)", b.Text, v.Name))
		d.Addr = b.Addr
		p.Emit(d)
		out.Broken = append(out.Broken, event.Breach{Addr: b.Addr, Text: event.Foreign(p.secrets.Text(b.Text))})
	}
	if len(v.Open) > 0 {
		what := strings.Join(v.Open[:min(len(v.Open), 5)], ", ")
		if more := len(v.Open) - 5; more > 0 {
			what += fmt.Sprintf(" and %d more", more)
		}
		if v.Open[0] == "" {
			what = "the plan"
		}
		p.Emit(p.diagnostic(diag.Warning("policy-open", &v.DefRange, "Not judged",
			"The policy %q looks at values that are not known before the apply, so that it says nothing about %s. Let it look at the written values.", v.Name, what)))
	}
	return out
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
		a.Action = event.Move
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
		a.Before = object(k, c.Prior.Seen.Shown())
	}
	switch {
	case plan.Action(a.Action) == plan.Forget || plan.Action(a.Action) == plan.Gone:
	case c.After != cty.NilVal && !c.After.IsNull():
		a.After = object(k, c.After)
	case !c.Config.IsNull(): // it has to wait
		a.After = object(k, c.Config)
	}
	return a
}

// object is an object of a kind with every attribute of it, null where it has none.
// A fingerprint tells nothing, so it is not known; sensitive attributes are marked.
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
		return cty.UnknownVal(cty.String).WithMarks(marks)
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
