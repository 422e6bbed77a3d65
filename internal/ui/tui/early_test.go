package tui

import (
	"fmt"
	"testing"

	"kiraform/internal/event"
)

// failing is a run in which n users fail and one has an unmet condition.
func failing(n int) (planned, work, told []event.Event) {
	planned = []event.Event{event.Start{Command: "apply"}}
	for i := range n {
		a := fmt.Sprintf("kira_user.u[%d]", i)
		planned = append(planned, event.Planned{Addr: a, Kind: "kira_user", Name: "u", Action: event.Create, File: "main.kira.hcl", Line: 3})
		work = append(work, event.Begin{Addr: a, Action: event.Create}, event.End{Addr: a, Action: event.Create, Err: event.Foreign(fmt.Sprintf("400: refused %d", i))})
		told = append(told, event.Diagnostic{Severity: "error", Code: "not-done", Addr: a, Summary: "Could not be created", Detail: fmt.Sprintf("400: refused %d", i),
			Source: &event.Source{File: "main.kira.hcl", Line: 3, Block: `resource "kira_user" "u"`}})
	}
	planned = append(planned, event.Planned{Addr: "kira_user.v", Kind: "kira_user", Name: "v", Action: event.Create, File: "main.kira.hcl", Line: 9},
		event.PlanEnd{Counts: map[string]int{event.Create: n + 1}})
	work = append(work, event.Begin{Addr: "kira_user.v", Action: event.Create}, event.End{Addr: "kira_user.v", Action: event.Create, Err: "it is not verified"})
	told = append(told, event.Diagnostic{Severity: "error", Code: "condition", Summary: "Condition does not hold", Detail: "It is not verified.",
		Source: &event.Source{File: "main.kira.hcl", Line: 12, Block: `resource "kira_user" "v"`}})
	return planned, work, told
}

// A failure stands in the list of errors while the others go on, and is there once when
// the run has said it again, with its place.
func TestFailuresAreListedAsTheyHappen(t *testing.T) {
	planned, work, told := failing(3)
	m := keys(play(Options{Approved: true}, 120, 40, planned, work[:2]), "e")
	shows(t, m, "Could not be created  kira_user.u[0]", "1 of 1 issue", "400: refused 0")
	m = send(m, batch{noon, work[2:]})
	shows(t, m, "1 of 4 issues", "kira_user.u[2]", "kira_user.v")
	m = send(m, batch{noon, told})
	if n := len(m.run.problems); n != 4 {
		t.Errorf("%d problems, want 4: %v", n, m.run.problems)
	}
	shows(t, m, "on main.kira.hcl line 3", "Condition does not hold")
	if len(m.run.early) > 0 || len(m.run.stale) > 0 {
		t.Errorf("left are %v and %v", m.run.early, m.run.stale)
	}
}

// Failures of which nothing more is said stay.
func TestFailuresThatNothingIsSaidOfStay(t *testing.T) {
	planned, work, told := failing(3)
	m := play(Options{Approved: true}, 120, 40, planned, work, told[1:2])
	m = send(m, batch{noon, []event.Event{event.Diagnostic{Severity: warning, Addr: "kira_user.u[0]", Summary: "Only a warning"}}})
	if n := m.run.errors(); n != 4 {
		t.Errorf("%d errors, want 4", n)
	}
	if n := len(m.run.early); n != 3 {
		t.Errorf("%d early ones are left, want 3", n)
	}
	for a, at := range m.run.early {
		if m.run.problems[at].Addr != a {
			t.Errorf("%s is at %d, where %s is", a, at, m.run.problems[at].Addr)
		}
	}
}
