package tfjson_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	terraform "github.com/hashicorp/terraform-json"

	"kiraform/internal/event"
	"kiraform/internal/event/eventtest"
	"kiraform/internal/golden"
	"kiraform/internal/ui/tfjson"
)

func written(t *testing.T, document any) string {
	t.Helper()
	var b bytes.Buffer
	if err := tfjson.Write(&b, document); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func streamed(events []event.Event, end string) string {
	var b bytes.Buffer
	s := tfjson.Stream{Out: &b, Version: "0.1.0", Command: "apply"}
	for _, e := range events {
		s.Handle(e)
	}
	s.End(end)
	return b.String()
}

// A plan with everything in it, in full.
func TestPlan(t *testing.T) {
	r := eventtest.Rich()
	text := written(t, tfjson.OfPlan(&r))
	golden.Equal(t, "plan.json", text)

	var p terraform.Plan
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		t.Fatalf("terraform-json does not read it: %v", err)
	}
	if err := p.Validate(); err != nil {
		t.Errorf("terraform-json refuses it: %v", err)
	}
	// Each word is one that its predicates know, except for the replacement that
	// leaves the old object behind.
	for _, rc := range append(p.ResourceChanges, deferred(&p)...) {
		a := rc.Change.Actions
		if known := a.NoOp() || a.Create() || a.Update() || a.Read() || a.Forget(); !known && rc.ActionReason != "replace_because_cannot_update" {
			t.Errorf("%s: no predicate knows %v", rc.Address, a)
		}
		if rc.Change.Importing == nil != !slices.Contains([]string{"kira_virtual_account.eur", "kira_user.carla"}, rc.Address) {
			t.Errorf("%s: imports %v", rc.Address, rc.Change.Importing)
		}
	}
	if *p.Complete || len(p.DeferredChanges) != 2 {
		t.Errorf("complete is %v, with %d deferred changes", *p.Complete, len(p.DeferredChanges))
	}
	if a := p.ActionInvocations; len(a) != 1 || a[0].Address != "action.kira_payout.rent" || a[0].LifecycleActionTrigger.TriggeringResourceAddress != "kira_recipient.rent" {
		t.Errorf("the actions are %+v", a)
	}
	for _, res := range p.PlannedValues.RootModule.Resources {
		if res.Address == "kira_user.dora" || res.Address == "kira_user.emma" || res.Address == "kira_virtual_account.bea" {
			t.Errorf("%s is among the planned values", res.Address)
		}
	}
	if n := len(p.PriorState.Values.RootModule.Resources) + len(p.PriorState.Values.RootModule.ChildModules); n != 9 {
		t.Errorf("%d objects are in the prior state", n)
	}
}

func deferred(p *terraform.Plan) (all []*terraform.ResourceChange) {
	for _, d := range p.DeferredChanges {
		all = append(all, d.ResourceChange)
	}
	return all
}

// The lines of a run in which everything happens.
func TestStream(t *testing.T) {
	text := streamed(eventtest.Run(), "")
	golden.Equal(t, "run.jsonl", text)
	decodable(t, text)
}

// decodable reads each line as Terraform's tools do.
func decodable(t *testing.T, stream string) (types []string) {
	t.Helper()
	for line := range strings.Lines(stream) {
		if _, err := terraform.UnmarshalLogMessage([]byte(line)); err != nil {
			t.Errorf("terraform-json does not read %s: %v", line, err)
		}
		var m struct {
			Type string `json:"type"`
		}
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatal(err)
		}
		types = append(types, m.Type)
	}
	return types
}

// Law 4, for streams: a recording gives the same lines.
func TestLawStreamReplays(t *testing.T) {
	for _, events := range [][]event.Event{event.Each, eventtest.Run()} {
		var recorded bytes.Buffer
		sink := event.JSON(&recorded)
		for _, e := range events {
			sink(e)
		}
		var again []event.Event
		if err := event.Replay(&recorded, func(e event.Event) { again = append(again, e) }); err != nil {
			t.Fatal(err)
		}
		if live, replayed := streamed(events, ""), streamed(again, ""); live != replayed {
			t.Errorf("the run was\n%s\nits recording is\n%s", live, replayed)
		}
	}
}

// However a run ends, its stream begins with a version and has a summary.
func TestStreamIsWhole(t *testing.T) {
	start := event.Start{Format: 1, Command: "apply"}
	for _, tt := range []struct {
		name   string
		events []event.Event
		end    string
		want   []string
	}{
		{"nothing happened", nil, "the command line is wrong", []string{"version", "diagnostic", "change_summary"}},
		{"the configuration is wrong", []event.Event{start, event.Diagnostic{Severity: "error", Summary: "x"}}, "", []string{"version", "diagnostic", "change_summary"}},
		{"it ended after the plan", []event.Event{start, event.PlanEnd{}}, "refused", []string{"version", "change_summary", "diagnostic", "change_summary"}},
		{"a plan", []event.Event{event.Start{Command: "plan"}, event.PlanEnd{}, event.Finish{Command: "plan"}}, "", []string{"version", "change_summary"}},
		{"a run", []event.Event{start, event.PlanEnd{}, event.Finish{Command: "apply", Failed: 1}}, "", []string{"version", "change_summary", "change_summary"}},
	} {
		if got := decodable(t, streamed(tt.events, tt.end)); !slices.Equal(got, tt.want) {
			t.Errorf("%s: the lines are %v, want %v", tt.name, got, tt.want)
		}
	}
}

// A state, and the outcome of a check.
func TestDocuments(t *testing.T) {
	r := eventtest.Rich()
	var objects []event.Planned
	for _, c := range r.Changes {
		if c.Before != nil {
			c.Planned.Nodes = c.Before
			objects = append(objects, c.Planned)
		}
	}
	state := written(t, tfjson.OfState(tfjson.StateFacts{Version: "0.1.0", Serial: 3, Place: r.Start.Place}, objects,
		[]event.Node{*r.Outputs[0].Before, *r.Outputs[3].Before}))
	golden.Equal(t, "state.json", state)
	var s terraform.State
	if err := json.Unmarshal([]byte(state), &s); err != nil {
		t.Errorf("terraform-json does not read the state: %v", err)
	}
	checked := written(t, tfjson.OfDiagnostics(append(r.Diagnostics, event.Diagnostic{Severity: "error", Summary: "x"})))
	golden.Equal(t, "validate.json", checked)
	var v terraform.ValidateOutput
	if err := json.Unmarshal([]byte(checked), &v); err != nil || v.Validate() != nil || v.ErrorCount != 1 || v.WarningCount != 1 || v.Valid {
		t.Errorf("terraform-json reads %+v, %v, %v", v, err, v.Validate())
	}
	empty := written(t, tfjson.OfState(tfjson.StateFacts{}, nil, nil))
	if err := json.Unmarshal([]byte(empty), &s); err != nil {
		t.Errorf("terraform-json does not read an empty state: %v", err)
	}
}
