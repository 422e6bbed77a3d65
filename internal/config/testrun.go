package config

import (
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
)

// TestRun is a run block: the command for a configuration, and the conditions
// that have to hold then.
type TestRun struct {
	Name      string
	Plan      bool // it only plans; otherwise it applies
	Parallel  bool // it may be carried out while others are
	Variables []TestVariable
	Module    string // the folder of the module under test; "." is the root module
	StateKey  string // names the Kira that it works with; "" is that of the file
	Options   TestOptions
	Wait      time.Duration // how long an apply may be held up; 0 means not at all
	Invoke    addr.Resource // the action to run in place of planning the resources; the zero value is none
	Steps     []Step        // at Kira, before the run
	Asserts   []Condition
	Expects   []Expectation
	DefRange  hcl.Range
}

// TestOptions are those of the plan.
type TestOptions struct {
	Destroy                   bool
	NoRefresh                 bool
	Targets, Exclude, Replace []addr.Resource
}

// Expectation is a failure without which a run does not pass: of an object with a
// condition, such as var.region or kira_user.maria, or of a code.
type Expectation struct {
	Object string // "" if it is a code
	Code   string
	Range  hcl.Range
}

// String writes e as in the file.
func (e Expectation) String() string {
	if e.Code != "" {
		return fmt.Sprintf("%q", e.Code)
	}
	return e.Object
}

var runSchema = &hcl.BodySchema{
	Attributes: []hcl.AttributeSchema{{Name: "command"}, {Name: "parallel"}, {Name: "state_key"}, {Name: "expect_failures"}, {Name: "providers"}, {Name: "wait"}, {Name: "invoke"}},
	Blocks: []hcl.BlockHeaderSchema{{Type: "variables"}, {Type: "module"}, {Type: "plan_options"}, {Type: "simulator"}, {Type: "assert"},
		{Type: "provider", LabelNames: []string{"name"}}, {Type: "mock_provider", LabelNames: []string{"name"}},
		{Type: "override_resource"}, {Type: "override_data"}, {Type: "override_module"}},
}

// testRun reads a run block, which is parallel unless it says otherwise.
func testRun(b *hcl.Block, parallel bool) (*TestRun, hcl.Diagnostics) {
	c, diags := content(b.Body, runSchema)
	r := &TestRun{Name: b.Labels[0], Module: ".", DefRange: b.DefRange, StateKey: text(c.Attributes, "state_key", &diags)}
	if !hclsyntax.ValidIdentifier(r.Name) {
		diags = append(diags, invalidName(r.Name, b.LabelRanges[0]))
	}
	if a, ok := c.Attributes["providers"]; ok {
		diags = append(diags, diag.Error("unexpected-attribute", &a.NameRange, "Unexpected attribute",
			"There is one provider, and a run against the simulator. Take %q away.", a.Name))
	}
	r.Parallel = flag(c.Attributes, "parallel", parallel, &diags)
	if a, ok := c.Attributes["command"]; ok {
		switch hcl.ExprAsKeyword(a.Expr) {
		case "plan":
			r.Plan = true
		case "apply":
		default:
			diags = append(diags, diag.Error("invalid-run", a.Expr.Range().Ptr(), "No such command",
				"The command of a run is plan or apply, without quotes."))
		}
	}
	if a, ok := c.Attributes["expect_failures"]; ok {
		all, d := expectations(a)
		r.Expects, diags = all, append(diags, d...)
	}
	one := make(map[string]hcl.Range) // blocks of which there is one at most
	for _, b := range c.Blocks {
		if first, ok := one[b.Type]; ok && (b.Type == "module" || b.Type == "plan_options") {
			diags = append(diags, second(b, first))
			continue
		}
		one[b.Type] = b.DefRange
		diags = append(diags, r.add(b)...)
	}
	return r, append(diags, r.action(c.Attributes, one)...)
}

// action reads the action that is run, and how long the run waits for Kira.
func (r *TestRun) action(attrs hcl.Attributes, blocks map[string]hcl.Range) (diags hcl.Diagnostics) {
	if a, ok := attrs["wait"]; ok {
		if r.Wait = period(a, &diags); r.Plan {
			diags = append(diags, diag.Error("invalid-run", &a.NameRange, "Nothing to wait for",
				"A run that only plans waits for nothing. Write command = apply, or take \"wait\" away."))
		}
	}
	a, ok := attrs["invoke"]
	if !ok {
		return diags
	}
	t, d := hcl.AbsTraversalForExpr(a.Expr)
	if !d.HasErrors() {
		r.Invoke, ok = addr.Of(t)
	}
	if d.HasErrors() || !ok || !r.Invoke.Action {
		diags = append(diags, diag.Error("invalid-reference", a.Expr.Range().Ptr(), "Not an action",
			"The argument \"invoke\" takes the address of an action, without quotes, as in invoke = action.kira_payout.rent."))
	}
	if at, ok := blocks["plan_options"]; ok {
		diags = append(diags, diag.Error("invalid-run", &at, "Nothing of that is planned",
			"A run with \"invoke\" runs the action only, so that options of a plan have no meaning in it. Take the block away."))
	}
	return diags
}

// add takes in one block of the run.
func (r *TestRun) add(b *hcl.Block) hcl.Diagnostics {
	switch b.Type {
	case "variables":
		more, diags := testVariables(b)
		for _, v := range more {
			diags = append(diags, twice(r.Variables, v)...)
		}
		r.Variables = append(r.Variables, more...)
		return diags
	case "module":
		return r.module(b)
	case "plan_options":
		return r.options(b)
	case "simulator":
		steps, diags := steps(b)
		r.Steps = append(r.Steps, steps...)
		return diags
	case "assert":
		cond, diags := condition(b)
		r.Asserts = append(r.Asserts, cond)
		return diags
	}
	return hcl.Diagnostics{diag.Error("unsupported-block", &b.DefRange, "Not needed in tests",
		"A run has no block of type %q. %s", b.Type, testAdvice[b.Type])}
}

// module reads which module is under test.
func (r *TestRun) module(b *hcl.Block) hcl.Diagnostics {
	c, diags := content(b.Body, &hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: "source", Required: true}}})
	source := text(c.Attributes, "source", &diags)
	if diags.HasErrors() {
		return diags
	}
	r.Module = path.Clean(source)
	if !strings.HasPrefix(source, "./") || strings.HasPrefix(r.Module, "..") {
		diags = append(diags, diag.Error("no-module", c.Attributes["source"].Expr.Range().Ptr(), "Not a local module",
			"The module under test is a folder below that of the configuration, as in source = \"./team\"."))
	}
	return diags
}

var planOptionsSchema = &hcl.BodySchema{Attributes: []hcl.AttributeSchema{
	{Name: "mode"}, {Name: "refresh"}, {Name: "target"}, {Name: "exclude"}, {Name: "replace"}}}

// options reads a plan_options block.
func (r *TestRun) options(b *hcl.Block) hcl.Diagnostics {
	c, diags := content(b.Body, planOptionsSchema)
	if a, ok := c.Attributes["mode"]; ok {
		switch hcl.ExprAsKeyword(a.Expr) {
		case "normal":
		case "destroy":
			r.Options.Destroy = true
		default:
			diags = append(diags, diag.Error("invalid-run", a.Expr.Range().Ptr(), "No such mode",
				"The mode of a plan in tests is normal or destroy, without quotes."))
		}
	}
	r.Options.NoRefresh = !flag(c.Attributes, "refresh", true, &diags)
	for name, to := range map[string]*[]addr.Resource{"target": &r.Options.Targets, "exclude": &r.Options.Exclude, "replace": &r.Options.Replace} {
		if a, ok := c.Attributes[name]; ok {
			*to = addresses(a, addr.OfTarget, &diags)
		}
	}
	return diags
}

// addresses reads a list of addresses.
func addresses(a *hcl.Attribute, of func(hcl.Traversal) (addr.Resource, bool), diags *hcl.Diagnostics) (all []addr.Resource) {
	list, d := hcl.ExprList(a.Expr)
	if d.HasErrors() {
		*diags = append(*diags, notAddress(a.Name, a.Expr.Range()))
		return nil
	}
	for _, e := range list {
		t, d := hcl.AbsTraversalForExpr(e)
		one, ok := addr.Resource{}, false
		if !d.HasErrors() {
			one, ok = of(t)
		}
		if !ok {
			*diags = append(*diags, notAddress(a.Name, e.Range()))
			continue
		}
		all = append(all, one)
	}
	return all
}

func notAddress(name string, rng hcl.Range) *hcl.Diagnostic {
	return diag.Error("invalid-reference", &rng, "Invalid reference",
		"The argument %q takes a list of addresses, written out, such as [kira_user.maria] or [kira_user.staff[\"ana\"]].", name)
}

// expectations reads expect_failures.
func expectations(a *hcl.Attribute) (all []Expectation, diags hcl.Diagnostics) {
	list, d := hcl.ExprList(a.Expr)
	if d.HasErrors() {
		return nil, hcl.Diagnostics{badExpectation(a.Expr.Range())}
	}
	for _, e := range list {
		x := Expectation{Range: e.Range()}
		if t, d := hcl.AbsTraversalForExpr(e); !d.HasErrors() {
			x.Object = expected(t)
		} else if v, d := e.Value(nil); !d.HasErrors() && v.Type().FriendlyName() == "string" && v.IsKnown() && !v.IsNull() {
			x.Code = v.AsString()
		}
		if x.Object == "" && x.Code == "" {
			diags = append(diags, badExpectation(x.Range))
			continue
		}
		all = append(all, x)
	}
	return all, diags
}

// expected returns the name of the object that t is; "" for something that has no
// conditions.
func expected(t hcl.Traversal) string {
	switch root := t.RootName(); root {
	case "var", "check", "output", "policy":
		if len(t) != 2 {
			return ""
		}
		switch s := t[1].(type) {
		case hcl.TraverseAttr:
			return root + "." + s.Name
		case hcl.TraverseIndex:
			if s.Key.Type().FriendlyName() == "string" {
				return root + "." + s.Key.AsString()
			}
		}
		return ""
	}
	if a, ok := addr.Of(t); ok {
		return a.String()
	}
	return ""
}

func badExpectation(rng hcl.Range) *hcl.Diagnostic {
	return diag.Error("invalid-reference", &rng, "Invalid expectation",
		"An element of expect_failures is something with a condition (var.region, check.balance, output.total, kira_user.maria, policy.small), "+
			"or the code of a diagnostic in quotes, such as \"same-email\".")
}
