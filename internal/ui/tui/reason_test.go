package tui

import (
	"strings"
	"testing"

	"kiraform/internal/event"
	"time"
)

// Failures have a heading in common where they differ in the object alone.
func TestReasonOf(t *testing.T) {
	for text, want := range map[string]string{
		"look at kira_user.u[79]: GET /v1/users/51000000-59dd-4a0c-be12-8691c1d87f22: no answer (5 tries)": "no answer (5 tries)",
		`kira_user.u["ana"] is CREATED`:                           `kira_user.u[…] is CREATED`,
		"POST /v1/users: 400 Bad Request (request id 1, 2 tries)": "400 Bad Request (2 tries)",
		"POST /v1/users: 409 Conflict: ana@example.com is taken":  "409 Conflict: … is taken",
		"": "failed",
		"POST /v1/users: no answer: nobody listens there (connection refused at 127.0.0.1:1) (5 tries, request id 1). Check the address of Kira.": "no answer: nobody listens there (connection refused at 127.0.0.1:1) (5 tries). Check the address of Kira.",
	} {
		if got := reasonOf(text); got != want {
			t.Errorf("of %q it is %q, want %q", text, got, want)
		}
	}
}

// A key is shown with one meaning: the one that it has now.
func TestKeysHaveOneMeaning(t *testing.T) {
	working := []event.Event{event.Start{Command: "apply"}, event.Planned{Addr: "kira_user.a", Kind: "kira_user", Action: "create"},
		event.PlanEnd{Counts: map[string]int{"create": 1}}, event.Begin{Addr: "kira_user.a", Action: "create"}}
	for want, of := range map[string]struct {
		told  []event.Event
		stops int
	}{
		"ctrl-c stop":   {told: working},
		"ctrl-c cancel": {told: working, stops: 1},
		"w wait here":   {told: append(working[:3:3], event.Deferred{Addr: "kira_user.a", Reason: "it waits"}, event.Finish{Command: "apply", Deferred: 1})},
	} {
		m := send(New(Options{CanApply: true, Patience: 15 * time.Minute, Again: true}), batch{noon, of.told})
		m.stops = of.stops
		var said strings.Builder
		for _, s := range m.hints(200) {
			said.WriteString(s.text)
		}
		key, _, _ := strings.Cut(want, " ")
		if got := said.String(); !strings.Contains(got, want) || strings.Count("  "+got, "  "+key+" ") != 1 {
			t.Errorf("want %q, and %s once: %s", want, key, got)
		}
	}
}

// While a plan is carried out, the numbers stay within that of the resources that were to be
// done: one that was planned for later, and is not done, does not add to it.
func TestDeferredAsPlannedIsNotAmongTheWork(t *testing.T) {
	told := []event.Event{event.Start{Command: "apply"}, event.Planned{Addr: "kira_user.a", Kind: "kira_user", Action: event.Create},
		event.Planned{Addr: "kira_virtual_account.b", Kind: "kira_virtual_account", Action: event.Defer},
		event.PlanEnd{Counts: map[string]int{event.Create: 1, event.Defer: 1}}, event.Begin{Addr: "kira_user.a", Action: event.Create}}
	m := send(New(Options{CanApply: true}), batch{noon, told})
	before := m.run.progress(m.choice)
	m = send(m, batch{noon, []event.Event{event.Deferred{Addr: "kira_virtual_account.b", Reason: "it waits"}}})
	if after := m.run.progress(m.choice); before.total != 1 || after.total != 1 || after.deferred != 1 {
		t.Errorf("%+v, and then %+v: want one to be done, and then one for later beside it", before, after)
	}
	var help strings.Builder
	for _, l := range m.topic(deciding, 60) {
		for _, s := range l {
			help.WriteString(s.text)
		}
	}
	if strings.Contains(help.String(), "leave") {
		t.Errorf("the help names a key that does nothing now: %s", help.String())
	}
}
