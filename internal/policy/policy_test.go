package policy_test

import (
	"slices"
	"testing"
	"testing/fstest"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/config"
	"kiraform/internal/lang"
	"kiraform/internal/policy"
)

// A value that is not known leaves a policy open; one that is settled, or marked so,
// is never known in time; and the run of an action is a change.
func TestJudge(t *testing.T) {
	unknown := cty.UnknownVal(cty.String)
	object := func(v cty.Value) cty.Value { return cty.ObjectVal(map[string]cty.Value{"x": v}) }
	none := cty.NullVal(cty.DynamicPseudoType)
	for _, tt := range []struct {
		name                string
		condition           string
		change              policy.Change
		broken, open, never []string
	}{
		{"a known value", `change.after.x == "a"`, policy.Change{After: object(cty.StringVal("b"))}, []string{"a.b"}, nil, nil},
		{"a value of later", `change.after.x == "a"`, policy.Change{After: object(unknown)}, nil, []string{"a.b"}, nil},
		{"a value of later, of which nothing more is learned", `change.after.x == "a"`, policy.Change{After: object(unknown), Settled: true}, nil, nil, []string{"a.b"}},
		{"a value that only the answer has", `change.after.x == "a"`, policy.Change{After: object(unknown.Mark(policy.Never))}, nil, nil, []string{"a.b"}},
		{"a value that does not matter", `change.action == "invoke" || change.after.x == "a"`, policy.Change{Action: "invoke", After: object(unknown.Mark(policy.Never))}, nil, nil, nil},
		{"the trigger of an action", `length(change.triggered_by) == 0`, policy.Change{After: none, By: []string{"a.c"}}, []string{"a.b"}, nil, nil},
		{"the number of actions", `plan.counts.invoke == 0`, policy.Change{Action: "invoke", After: none}, []string{""}, nil, nil},
	} {
		c := tt.change
		c.Addr, c.Before = "a.b", none
		m, _ := config.Load(fstest.MapFS{})
		rules, diags := m.Policies(config.PolicyFolder{FS: fstest.MapFS{"p.kirapolicy.hcl": {Data: []byte(`policy "p" {
  condition     = ` + tt.condition + `
  error_message = "no"
}`)}}})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		verdicts, diags := policy.Judge(rules, policy.Plan{Changes: []policy.Change{c}, Actions: []string{"invoke"}, Functions: lang.Functions(fstest.MapFS{})})
		if diags.HasErrors() {
			t.Errorf("%s: %v", tt.name, diags)
			continue
		}
		var broken []string
		for _, b := range verdicts[0].Broken {
			broken = append(broken, b.Addr)
		}
		if v := verdicts[0]; !slices.Equal(broken, tt.broken) || !slices.Equal(v.Open, tt.open) || !slices.Equal(v.Never, tt.never) {
			t.Errorf("%s: broken %q, open %q, never %q", tt.name, broken, v.Open, v.Never)
		}
	}
}

// A change that is asked about by itself, since its values are known by now, is still
// one of the plan: the numbers are those of the whole.
func TestJudgeCountsThePlan(t *testing.T) {
	m, _ := config.Load(fstest.MapFS{})
	rules, diags := m.Policies(config.PolicyFolder{FS: fstest.MapFS{"p.kirapolicy.hcl": {Data: []byte(`policy "p" {
  resource      = "a"
  condition     = plan.counts.create < 2 || change.after.x == "house"
  error_message = "${plan.counts.create} of ${plan.counts.total}"
}`)}}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	a := func(addr, kind string) policy.Change {
		return policy.Change{Addr: addr, Kind: kind, Action: "create", Before: cty.NullVal(cty.DynamicPseudoType),
			After: cty.ObjectVal(map[string]cty.Value{"x": cty.StringVal("other")})}
	}
	all := []policy.Change{a("a.one", "a"), a("a.two", "a"), a("b.three", "b")}
	verdicts, diags := policy.Judge(rules, policy.Plan{Changes: all[:1], Counted: all, Actions: []string{"create"}, Functions: lang.Functions(fstest.MapFS{})})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	if b := verdicts[0].Broken; len(b) != 1 || b[0].Text != "2 of 2" {
		t.Errorf("broken is %v, want one with \"2 of 2\"", b)
	}
}

// Every comparison with a word that never is, is a mistake, and no other.
func TestWords(t *testing.T) {
	known := map[string][]string{"change.action": {"create", "forget"}, "change.cause": {"drifted"}}
	for condition, want := range map[string]int{
		`change.action != "delete"`:                                    1,
		`("destroy") == (change.action)`:                               1,
		`!contains(["forget", "delete", "x"], change.action)`:          2,
		`!contains(toset(["forget", "delete"]), change.action)`:        1,
		`[for c in change.cause : c if c == "x"] == []`:                0,
		`contains(change.cause, "drift") ? change.name == "x" : false`: 1,
		`change.action == "forget" || change.name != "delete"`:         0,
		`change.action == "for${"get"}"`:                               0,
		`change.after.action == "delete"`:                              0,
	} {
		m, _ := config.Load(fstest.MapFS{})
		rules, diags := m.Policies(config.PolicyFolder{FS: fstest.MapFS{"p.kirapolicy.hcl": {Data: []byte("policy \"p\" {\n  condition     = " + condition + "\n  error_message = \"no\"\n}")}}})
		if diags.HasErrors() {
			t.Fatal(condition, diags)
		}
		if got := policy.Words(rules[0], known); len(got) != want {
			t.Errorf("%s: %d mistakes, want %d: %v", condition, len(got), want, got)
		}
	}
}
