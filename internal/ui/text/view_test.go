package text_test

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kiraform/internal/event"
	"kiraform/internal/golden"
	view "kiraform/internal/ui/text"
	"kiraform/internal/ui/words"
)

// show returns the output of a view with the options on both of its writers.
func show(o view.Options, events []event.Event) string {
	var buf bytes.Buffer
	o.Out = &buf
	v := view.New(o)
	for _, e := range events {
		v.Handle(e)
	}
	v.Flush()
	return buf.String()
}

var escapes = regexp.MustCompile(`\x1b\[[0-9;]*m`)

func TestGolden(t *testing.T) {
	for name, events := range map[string][]event.Event{
		"plan":        richPlan,
		"apply":       apply,
		"destroy":     destroy,
		"diagnostics": diagnostics,
		"nothing": {
			event.Start{Command: "plan"},
			event.Planned{Addr: "kira_user.maria", Action: "no-op"},
			event.PlanEnd{Counts: map[string]int{"no-op": 1}},
			event.Finish{Command: "plan"},
		},
		"production": {
			event.Start{Command: "apply", Place: event.Place{Environment: "production", Address: "https://api.balampay.com", Account: "1a2b3c4d", Production: true}},
			event.PlanEnd{Counts: map[string]int{"no-op": 2}},
			event.Finish{Command: "apply"},
		},
		"failed-at-once": {
			event.Start{Command: "plan"},
			event.Diagnostic{Severity: "error", Summary: "Invalid value"},
			event.PlanEnd{Counts: map[string]int{"no-op": 2}},
			event.Finish{Command: "plan"},
		},
		"failed-plan": {
			event.Start{Command: "plan"},
			event.Diagnostic{Severity: "error", Summary: "Invalid value"},
			event.Planned{Addr: "kira_user.maria", Kind: "kira_user", Name: "maria", Action: "create", Nodes: []event.Node{add("id", unknown)}},
			event.Finish{Command: "plan"},
		},
		"only-deferred": {
			event.Start{Command: "plan"},
			event.Planned{Addr: "kira_user.maria", Kind: "kira_user", Name: "maria", Action: "defer", Why: "not yet"},
			event.PlanEnd{Counts: map[string]int{"no-op": 3, "defer": 1}},
		},
		"only-moves": {
			event.Start{Command: "apply"},
			event.Planned{Addr: "kira_user.maria", From: "kira_user.m", Kind: "kira_user", Name: "maria", Action: "no-op", ID: "usr_1",
				Nodes: []event.Node{same("id", text("usr_1"))}, Hidden: 12},
			event.PlanEnd{Counts: map[string]int{"no-op": 3, "move": 1}},
			event.Finish{Command: "apply", Done: map[string]int{"move": 1}},
		},
		"moves": {
			event.Start{Command: "plan"},
			event.Planned{Addr: "kira_user.u[0]", From: "kira_user.u[1]", Kind: "kira_user", Name: "u", Action: "no-op", ID: "usr_2",
				Nodes: []event.Node{same("id", text("usr_2"))}},
			event.Planned{Addr: "kira_user.u[1]", From: "kira_user.u[2]", Kind: "kira_user", Name: "u", Action: "update", ID: "usr_3",
				Nodes: []event.Node{same("id", text("usr_3")), change("last_name", text("Lopez"), text("Perez"))}},
			event.Planned{Addr: "kira_user.u[2]", From: "kira_user.u[0]", Kind: "kira_user", Name: "u", Action: "forget", ID: "usr_1",
				Why: "it is not in the configuration"},
			event.PlanEnd{Counts: map[string]int{"forget": 1, "update": 1, "move": 2}},
		},
		"only-outputs": {
			event.Start{Command: "plan"},
			event.PlanEnd{Counts: map[string]int{"no-op": 3}, Outputs: []event.Node{add("user", text("usr_1"))}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			plain, colored := show(view.Options{}, events), show(view.Options{Color: true}, events)
			golden.Equal(t, name+".golden", plain)
			golden.Equal(t, name+".color.golden", strings.ReplaceAll(colored, "\x1b", "␛"))
			if strings.Contains(plain, "\x1b") {
				t.Error("there are escape codes without colour")
			}
			if got := escapes.ReplaceAllString(colored, ""); got != plain {
				t.Errorf("without its codes the coloured text is\n%s\nwant\n%s", got, plain)
			}
		})
	}
}

func TestHandlesEveryEvent(t *testing.T) {
	show(view.Options{}, event.Each)
	show(view.Options{Quiet: true, Color: true, Width: 1}, event.Each)
}

// strange is an event from outside of the closed set.
type strange struct{ event.Event }

func TestPanicsOnAnEventItDoesNotKnow(t *testing.T) {
	defer func() {
		if r, ok := recover().(string); !ok || !strings.Contains(r, "strange") {
			t.Errorf("recovered %v, want a word about the strange event", r)
		}
	}()
	show(view.Options{}, []event.Event{strange{}})
}

func TestDiagnosticsGoToTheirOwnWriter(t *testing.T) {
	var out, err bytes.Buffer
	v := view.New(view.Options{Out: &out, Err: &err})
	for _, e := range apply {
		v.Handle(e)
	}
	if got := err.String(); strings.Count(got, "╷") != 1 || strings.Contains(got, "Creating") {
		t.Errorf("Err holds\n%s\nwant one diagnostic and nothing else", got)
	}
	if strings.Contains(out.String(), "╷") {
		t.Errorf("Out holds a diagnostic:\n%s", &out)
	}
}

func TestQuietLeavesOutProgressOnly(t *testing.T) {
	got := show(view.Options{Quiet: true}, apply)
	for _, gone := range []string{"Creating...", "complete after", "Retry", "retry 2", "Waiting:", "Still", "Adopted ["} {
		if strings.Contains(got, gone) {
			t.Errorf("a quiet view says %q:\n%s", gone, got)
		}
	}
	loud := show(view.Options{}, apply)
	_, summary, _ := strings.Cut(loud, "\nApply finished")
	if !strings.Contains(got, "kira_user.nora: Failed after 1s") || !strings.HasSuffix(got, summary) {
		t.Errorf("a quiet view leaves out what matters:\n%s", got)
	}
	if plan := show(view.Options{Quiet: true}, richPlan); !strings.Contains(plan, "Plan: 1 to add") {
		t.Errorf("a quiet view leaves out the plan:\n%s", plan)
	}
}

// Events that may be missing from a stream may not be needed for its outcome.
func TestPassingEventsDoNotChangeTheOutcome(t *testing.T) {
	var kept []event.Event
	for _, e := range apply {
		switch e.(type) {
		case event.Note, event.Retry, event.Still, event.Refresh:
		default:
			kept = append(kept, e)
		}
	}
	_, all, _ := strings.Cut(show(view.Options{}, apply), "Apply finished")
	_, few, _ := strings.Cut(show(view.Options{}, kept), "Apply finished")
	if all != few || all == "" {
		t.Errorf("with passing events the end is\n%s\nwithout them\n%s", all, few)
	}
}

func TestEachStartForgetsTheRunBefore(t *testing.T) {
	twice := show(view.Options{}, append(append([]event.Event{}, apply...), apply...))
	once := show(view.Options{}, apply)
	if twice != once+once {
		t.Errorf("the second run reads\n%s\nwant\n%s", strings.TrimPrefix(twice, once), once)
	}
}

func TestEveryActionHasWords(t *testing.T) {
	var named []string
	for _, a := range words.Actions {
		named = append(named, a.Name)
	}
	if got, want := slices.Sorted(slices.Values(named)), slices.Sorted(slices.Values(event.Actions)); !slices.Equal(got, want) {
		t.Errorf("there are words for %v, and events have %v", got, want)
	}
}
