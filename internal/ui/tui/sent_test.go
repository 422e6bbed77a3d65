package tui

import (
	"strings"
	"testing"

	"kiraform/internal/event"
)

func TestTheBarCountsRequests(t *testing.T) {
	got := Frame(Options{}, 120, 40,
		event.Start{Command: "apply"},
		event.Planned{Addr: "kira_user.a", Kind: "kira_user", Name: "a", Action: "create"},
		event.Planned{Addr: "kira_user.b", Kind: "kira_user", Name: "b", Action: "create"},
		event.PlanEnd{Counts: map[string]int{"create": 2}},
		event.Begin{Addr: "kira_user.a", Action: "create"},
		event.End{Addr: "kira_user.a", Action: "create", ID: "1", Sent: 21},
	)
	if !strings.Contains(got, "1 of 2") || !strings.Contains(got, "21 requests") {
		t.Errorf("the bar does not say how many requests were sent:\n%s", got)
	}
}
