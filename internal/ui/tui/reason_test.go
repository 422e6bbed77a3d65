package tui

import (
	"strings"
	"testing"

	"kiraform/internal/event"
)

// Failures have a heading in common where they differ in the object alone.
func TestReasonOf(t *testing.T) {
	for text, want := range map[string]string{
		"look at kira_user.u[79]: GET /v1/users/51000000-59dd-4a0c-be12-8691c1d87f22: no answer (5 tries)": "no answer (5 tries)",
		`kira_user.u["ana"] is CREATED`:                           `kira_user.u[…] is CREATED`,
		"POST /v1/users: 400 Bad Request (request id 1, 2 tries)": "400 Bad Request (2 tries)",
		"POST /v1/users: 409 Conflict: ana@example.com is taken":  "409 Conflict: … is taken",
		"": "failed",
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
		m := send(New(Options{CanApply: true, CanWait: true, Again: true}), batch{noon, of.told})
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
