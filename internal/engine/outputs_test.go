package engine_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"kiraform/apply"
	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/norace"
	"kiraform/internal/simulator"
)

// kept are the outputs of the state on disk, as "name=text", sorted.
func (w *world) kept(t failer) (all []string) {
	t.Helper()
	st, err := w.store().Load(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(st.Outputs)) {
		text := "null"
		if v, err := convert.Convert(st.Outputs[name].Value, cty.String); err == nil && !v.IsNull() {
			text = v.AsString()
		}
		all = append(all, name+"="+text)
	}
	return all
}

// perform plans src and applies it, whatever comes of it.
func (w *world) perform(t failer, src string, po engine.PlanOptions, ao engine.ApplyOptions) (apply.Summary, error) {
	t.Helper()
	p, err := engine.Open(w.options(src))
	if err != nil {
		t.Fatalf("open: %v\n%s", err, w.said())
	}
	pl, err := p.Plan(context.Background(), po)
	if err != nil {
		t.Fatalf("plan: %v\n%s", err, w.said())
	}
	sum, err := p.Apply(context.Background(), pl, ao)
	return sum, err
}

func output(name, value string) string {
	return fmt.Sprintf("output %q {\n  value = %s\n}\n", name, value)
}

// changed says which outputs the last plan said would change.
func (w *world) changed() (names []string) {
	for _, e := range w.events {
		if end, ok := e.(event.PlanEnd); ok {
			names = nil
			for _, n := range end.Outputs {
				names = append(names, n.Name)
			}
		}
	}
	return names
}

// Outputs have the values after the run, not the planned ones.
func TestOutputsAreTrue(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	a, b := one("a", "ana"), one("b", "bob")
	family := func(block, name string) string { return strings.Replace(block, `"Person"`, fmt.Sprintf("%q", name), 1) }
	names := output("a", "kira_user.a.last_name") + output("b", "kira_user.b.last_name")
	put := simulator.Fault{Kind: simulator.BadGateway, Method: "PUT", Path: "/v1/users/*", Times: 100}
	post := simulator.Fault{Kind: simulator.BadGateway, Method: "POST", Path: "/v1/users", Times: 100}
	for _, tt := range []struct {
		name          string
		before, after string
		fault         simulator.Fault
		targets       []string
		apply         engine.ApplyOptions
		slow          bool // nobody is verified
		fails         bool
		changed       []string // outputs that the plan shows
		want          []string
	}{
		{name: "an update that fails", before: a + b + names, after: family(a, "Changed") + b + names, fault: put, fails: true,
			changed: []string{"a"}, want: []string{"a=Person", "b=Person"}},
		{name: "what depends on an update that fails", before: a + b + names,
			after: family(a, "Changed") + strings.Replace(b, `"Person"`, "kira_user.a.last_name", 1) + names, fault: put, fails: true,
			changed: []string{"a", "b"}, want: []string{"a=Person", "b=Person"}},
		{name: "a create that fails", before: a + output("a", "kira_user.a.last_name"), after: a + b + names, fault: post, fails: true,
			changed: []string{"b"}, want: []string{"a=Person"}},
		{name: "an output of several, of which one fails", before: a + output("all", "kira_user.a.last_name"),
			after: a + b + output("all", `"${kira_user.a.last_name} ${kira_user.b.last_name}"`) + output("new", `"n"`), fault: post, fails: true,
			changed: []string{"all", "new"}, want: []string{"all=Person", "new=n"}},
		{name: "what is written otherwise, but was not sent", before: a + output("f", "kira_user.a.source_of_funds"),
			after: strings.Replace(a, `"salary"`, `"savings"`, 1) + output("f", "kira_user.a.source_of_funds"), fault: put, fails: true,
			changed: []string{"f"}, want: []string{"f=salary"}},
		{name: "what Kira cannot show, and is as it was sent", before: a + output("f", "kira_user.a.source_of_funds"),
			after: family(a, "Changed") + output("f", "kira_user.a.source_of_funds") + output("g", "upper(kira_user.a.source_of_funds)"), fault: put, fails: true,
			changed: []string{"g"}, want: []string{"f=salary", "g=SALARY"}},
		{name: "a resource that -target leaves out", before: a + b + names, after: family(a, "New") + family(b, "New") + names,
			targets: []string{"kira_user.a"}, changed: []string{"a"}, want: []string{"a=New", "b=Person"}},
		{name: "one that never was", before: a + output("a", "kira_user.a.last_name"), after: a + b + names,
			targets: []string{"kira_user.a"}, want: []string{"a=Person"}},
		{name: "what needs no resource, beside a target", before: a + output("n", `"old"`) + output("gone", `"x"`), after: family(a, "New") + output("n", `"new"`),
			targets: []string{"kira_user.a"}, want: []string{"gone=x", "n=old"}},
		{name: "one that is in error, but left out", before: a + b + names, after: family(a, "New") + b +
			output("a", "kira_user.a.last_name") + output("b", "regex(\"x\", kira_user.b.last_name)"),
			targets: []string{"kira_user.a"}, changed: []string{"a"}, want: []string{"a=New", "b=Person"}},
		{name: "what is deferred", before: a, after: a + anAccount + output("m", "kira_virtual_account.v.mode") + output("id", "kira_virtual_account.v.id"),
			slow: true, want: nil},
		{name: "an output that is taken out", before: a + output("x", `"x"`) + output("y", `"y"`), after: a + output("y", `"y"`),
			changed: []string{"x"}, want: []string{"y=y"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := bubbled(t)
				if tt.slow {
					w.sim.VerifyAfter = 0
				}
				if sum, err := w.perform(t, simulated+tt.before, engine.PlanOptions{}, engine.ApplyOptions{}); err != nil || !sum.OK() {
					t.Fatalf("%+v %v\n%s", sum, err, w.said())
				}
				if tt.fault.Kind != "" {
					w.sim.SetFaults(simulator.Faults{Rules: []simulator.Fault{tt.fault}})
				}
				var po engine.PlanOptions
				for _, s := range tt.targets {
					r, err := addr.Parse(s)
					if err != nil {
						t.Fatal(err)
					}
					po.Targets = append(po.Targets, r)
				}
				sum, err := w.perform(t, simulated+tt.after, po, tt.apply)
				if err != nil || sum.OK() == tt.fails {
					t.Fatalf("%+v %v\n%s", sum, err, w.said())
				}
				if got := w.changed(); !slices.Equal(got, tt.changed) {
					t.Errorf("the plan changes outputs %q, want %q", got, tt.changed)
				}
				if got := w.kept(t); !slices.Equal(got, tt.want) {
					t.Errorf("the state has %q, want %q", got, tt.want)
				}
			})
		})
	}
}

const anAccount = `
resource "kira_virtual_account" "v" {
  user_id  = kira_user.a.id
  type     = "US_BANK"
  provider = "act"
  mode     = "fiat"
}
`

// An output that cannot be evaluated once everything is known is an error at
// its place; the other outputs are saved.
func TestOutputThatFailsAfterApply(t *testing.T) {
	w := newWorld(t)
	src := simulated + one("a", "ana") + output("bad", `regex("NEVER", kira_user.a.status)`) + output("good", "kira_user.a.status") +
		"output \"judged\" {\n  value = kira_user.a.id\n  precondition {\n    condition     = kira_user.a.status == \"NEVER\"\n    error_message = \"Never.\"\n  }\n}\n"
	sum, err := w.perform(t, src, engine.PlanOptions{}, engine.ApplyOptions{})
	if !errors.Is(err, engine.ErrReported) || !sum.OK() {
		t.Errorf("%+v, %v; want an error that was reported", sum, err)
	}
	if got := w.kept(t); len(got) != 1 || !strings.HasPrefix(got[0], "good=") {
		t.Errorf("the state has %q, want the good output alone", got)
	}
	var codes []string
	for _, e := range w.events {
		if d, ok := e.(event.Diagnostic); ok {
			codes = append(codes, d.Code)
			if d.Source == nil || !strings.HasPrefix(d.Source.Block, "output ") {
				t.Errorf("%s is not at an output: %+v", d.Code, d.Source)
			}
		}
	}
	if want := []string{"function-failed", "precondition-failed"}; !slices.Equal(codes, want) {
		t.Errorf("said %q, want %q\n%s", codes, want, w.said())
	}
}

// Destroying takes out every output, also those with unknown values.
func TestDestroyTakesTheOutputsOut(t *testing.T) {
	w := newWorld(t)
	src := simulated + one("a", "ana") + output("n", `"n"`) + output("id", "kira_user.a.id")
	w.run(t, src, engine.PlanOptions{}, true)
	w.run(t, src, engine.PlanOptions{Destroy: true}, true)
	if got := w.kept(t); len(got) > 0 {
		t.Errorf("the state still has %q", got)
	}
}

// An attribute that Kira shows only in the answer to a create is kept, however
// often the object is looked at.
func TestWaitingKeepsWhatIsShownOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := bubbled(t)
		w.sim.VerifyAfter, w.sim.ActivateAfter = time.Minute, time.Minute
		w.complete(t, simulated+one("a", "ana")+anAccount+output("vt", "kira_user.a.verification_triggered"))
		if got, want := w.kept(t), []string{"vt=true"}; !slices.Equal(got, want) {
			t.Errorf("the state has %q, want %q", got, want)
		}
	})
}
