package tui

import (
	"fmt"
	"time"

	"kiraform/internal/event"
)

// rush is the first part of an apply of a plan for n people: some have failed, some are
// tried again, many wait for Kira.
func rush(n int) []event.Event {
	out := []event.Event{event.Start{Command: "apply", Place: event.Place{Environment: "sandbox", Address: "https://api.balampay.com/sandbox", Account: "1a2b3c4d"}}}
	user := func(i int) string { return fmt.Sprintf("kira_user.p[\"u%05d\"]", i) }
	account := func(i int) string { return fmt.Sprintf("kira_virtual_account.a[\"u%05d\"]", i) }
	for i := range n {
		out = append(out,
			event.Planned{Addr: user(i), Kind: "kira_user", Name: "p", Action: "create", Known: []event.Foreign{event.Foreign(fmt.Sprintf("N%d Person", i)), event.Foreign(fmt.Sprintf("u%05d@many.example", i))}},
			event.Planned{Addr: account(i), Kind: "kira_virtual_account", Name: "a", Action: "create", After: "until " + user(i) + " is VERIFIED", Needs: []string{user(i)}})
	}
	out = append(out, event.PlanEnd{Counts: map[string]int{"create": 2 * n}})
	for i := range n / 2 {
		out = append(out, event.Begin{Addr: user(i), Action: "create"})
		switch {
		case i%9 == 4:
			text := fmt.Sprintf("POST /v1/users: 500 Internal Server Error: Internal server error (5 tries, request id req-%d)", i)
			out = append(out, event.End{Addr: user(i), Action: "create", Took: 3 * time.Second, Err: event.Foreign(text)},
				event.Diagnostic{Severity: "error", Summary: "Could not be created", Addr: user(i), Detail: text},
				event.Skip{Addr: account(i), Cause: user(i)})
		case i%9 == 7:
			out = append(out, event.Retry{Addr: user(i), Text: "waiting 530ms: Kira asked for fewer requests"})
		default:
			out = append(out, event.End{Addr: user(i), Action: "create", ID: fmt.Sprint("usr_", i), Took: 200 * time.Millisecond},
				event.Gate{Addr: account(i), Text: event.Foreign(user(i) + " is CREATED, and Kira has to make it VERIFIED first")})
		}
	}
	return append(out, event.Begin{Addr: user(n / 2), Action: "create"}, event.Begin{Addr: user(n/2 + 1), Action: "create"})
}

// rushed is the end of it, after the person has stopped it.
func rushed(n int) (out []event.Event) {
	for i := range n / 2 {
		user, account := fmt.Sprintf("kira_user.p[\"u%05d\"]", i), fmt.Sprintf("kira_virtual_account.a[\"u%05d\"]", i)
		switch {
		case i%9 == 4:
		case i%9 == 7:
			out = append(out, event.End{Addr: user, Action: "create", Took: time.Second})
		default:
			out = append(out, event.Deferred{Addr: account, Reason: event.Foreign(user + " is CREATED, and Kira has to make it VERIFIED first")})
		}
	}
	return append(out, event.Finish{Command: "apply", Done: map[string]int{"create": n / 2}, Failed: n / 18, Stopped: true, Undone: n / 2, Requests: 99})
}
