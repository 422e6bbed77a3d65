// Package eventtest has a plan to test renderings with: one that has each action,
// each form of a value and each cause in it. It is for tests only.
package eventtest

import (
	"time"

	"kiraform/internal/event"
)

// Rich returns a plan with everything that a plan can have.
func Rich() event.Review {
	r := event.Review{
		Start: event.Start{Format: 1, Command: "plan", TurnedDown: []string{"phone (off)"}, Extra: []string{"kira_user.maria: loyalty_tier"},
			Place: event.Place{Environment: "sandbox", Address: "https://api.balampay.com/sandbox", Account: "ffe7c770"}},
		Version: "0.1.0", At: time.Date(2026, 11, 27, 10, 0, 0, 0, time.UTC), Wait: 15 * time.Minute,
		Diagnostics: []event.Diagnostic{{
			Severity: "warning", Code: "kept-at-kira", Summary: "Kira keeps removed entries", Detail: "metadata[\"team\"] cannot be unset.",
			Addr: "kira_user.ana", Source: &event.Source{File: "main.kira.hcl", Block: `resource "kira_user" "ana"`, Line: 12, Column: 3, EndLine: 12,
				EndColumn: 11, Byte: 240, EndByte: 248, Code: "  metadata = {}", FirstLine: 12, Mark: [2]int{2, 10}},
			Values: []string{"var.team is \"payroll\""},
		}},
		Changes: changes(),
		Outputs: []event.ReviewedOutput{
			{Name: "kept", Before: value("kept", "a"), After: value("kept", "a")},
			{Name: "number", After: &event.Node{Name: "number", Op: event.Same, Shape: event.LeafShape, After: event.Leaf{Unknown: true}}},
			{Name: "old", Before: value("old", "x")},
			{Name: "secret", Before: hidden("secret"), After: hidden("secret")},
			{Name: "status", Before: value("status", "CREATED"), After: value("status", "VERIFIED")},
		},
	}
	r.End = event.PlanEnd{
		Counts: map[string]int{event.NoOp: 1, event.Create: 1, event.Update: 1, event.Replace: 1, event.Adopt: 2, event.Forget: 1, event.Gone: 1, event.Defer: 2, event.Read: 1, event.Move: 1, event.Invoke: 1, event.Later: 1},
		Outputs: []event.Node{
			{Name: "number", Op: event.Add, Shape: event.LeafShape, After: event.Leaf{Unknown: true}},
			{Name: "old", Op: event.Remove, Shape: event.LeafShape, Before: text("x")},
			{Name: "status", Op: event.Change, Shape: event.LeafShape, Before: text("CREATED"), After: text("VERIFIED")},
		},
		Ended: []event.Ended{{Addr: "kira_user.bea", Is: "REJECTED"}}, Unproven: 1,
		Digest: "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
	}
	return r
}

func text(s string) event.Leaf { return event.Leaf{Text: new(event.Foreign(s))} }

func leaf(name string, op event.Op, before, after event.Leaf) event.Node {
	return event.Node{Name: name, Op: op, Shape: event.LeafShape, Before: before, After: after}
}

// is is an attribute with a text.
func is(name, s string) event.Node { return leaf(name, event.Same, text(s), text(s)) }

func value(name, s string) *event.Node { return new(is(name, s)) }

func hidden(name string) *event.Node {
	return new(leaf(name, event.Same, event.Leaf{Sensitive: true}, event.Leaf{Sensitive: true}))
}

func changes() []event.Reviewed {
	planned := func(kind, name, action, id string, nodes ...event.Node) event.Planned {
		return event.Planned{Addr: kind + "." + name, Kind: kind, Name: name, Action: action, ID: id, Nodes: nodes, File: "main.kira.hcl", Line: 7}
	}
	id := func(n string) event.Node { return is("id", "51000000-0000-4000-8000-00000000000"+n) }
	unknown, sensitive := event.Leaf{Unknown: true}, event.Leaf{Sensitive: true}

	country := planned("kira_countries", "all", "read", "")
	country.Addr = "data.kira_countries.all"

	account := planned("kira_virtual_account", "usd", "create", "", leaf("user_id", event.Add, event.Leaf{}, text("51000000-0000-4000-8000-000000000001")),
		leaf("mode", event.Add, event.Leaf{}, text("fiat")), leaf("id", event.Add, event.Leaf{}, unknown))
	account.After, account.Needs = "until kira_user.ana is VERIFIED", []string{"kira_user.ana"}

	ana := planned("kira_user", "ana", "update", "51000000-0000-4000-8000-000000000001",
		leaf("last_name", event.Change, text("Ruiz"), text("López")),
		event.Node{Name: "phone", Op: event.Change, Shape: event.LeafShape, Before: text("+525500000000"), After: text("+525512345678"), Cause: "changed at Kira"},
		event.Node{Name: "document_number", Op: event.Change, Shape: event.LeafShape, Before: sensitive, After: sensitive},
		event.Node{Name: "source_of_funds", Op: event.Change, Shape: event.LeafShape, Before: event.Leaf{Sealed: true}, After: text("salary"),
			Cause: "cannot be read; will be sent once"},
		event.Node{Name: "metadata", Op: event.Change, Shape: event.MapShape, Hidden: 1,
			Nodes: []event.Node{leaf("team.a", event.Add, event.Leaf{}, text("payroll"))}},
		event.Node{Name: "associated_persons", Op: event.Change, Shape: event.ListShape, Hidden: 1, Nodes: []event.Node{
			{Op: event.Change, Shape: event.ObjectShape, Hidden: 2, Nodes: []event.Node{leaf("role", event.Change, text("ubo"), text("control_prong"))}},
			{Op: event.Add, Shape: event.ObjectShape, Nodes: []event.Node{leaf("email", event.Add, event.Leaf{}, text("eva@example.com"))}},
		}})
	ana.Hidden = 9

	payee := planned("kira_recipient", "rent", "replace", "51000000-0000-4000-8000-000000000003",
		event.Node{Name: "account", Op: event.Change, Shape: event.ObjectShape, Hidden: 1, Nodes: []event.Node{
			{Name: "clabe", Op: event.Change, Shape: event.LeafShape, Before: sensitive, After: sensitive, Replaces: true}}},
		leaf("id", event.Change, text("51000000-0000-4000-8000-000000000003"), unknown))
	clabe := event.Node{Name: "account", Op: event.Same, Shape: event.ObjectShape, Nodes: []event.Node{is("account_type", "SPEI"), *hidden("clabe")}}

	adopted := planned("kira_virtual_account", "eur", "adopt", "51000000-0000-4000-8000-000000000004", id("4"))
	taken := planned("kira_user", "carla", "adopt", "51000000-0000-4000-8000-000000000005", leaf("phone", event.Change, text("1"), text("2")))
	left := planned("kira_user", "dora", "forget", "51000000-0000-4000-8000-000000000006")
	left.Why, left.File, left.Line = "it is not in the configuration", "", 0
	lost := planned("kira_user", "emma", "gone", "51000000-0000-4000-8000-000000000007")
	waits := planned("kira_virtual_account", "bea", "defer", "", leaf("mode", event.Add, event.Leaf{}, text("fiat")))
	waits.Why = "kira_user.bea is REJECTED"
	later := planned("kira_user", "bea", "defer", "51000000-0000-4000-8000-000000000008", leaf("phone", event.Change, text("1"), text("2")))
	later.Why = "it cannot be read"
	moved := planned("kira_user", "staff", "no-op", "51000000-0000-4000-8000-000000000009", id("9"))
	moved.Addr, moved.From, moved.Index = `kira_user.staff["x.y"]`, "kira_user.staff[0]", event.Index{Text: new("x.y")}
	still := planned("kira_user", "clerk", "no-op", "51000000-0000-4000-8000-000000000002")
	still.Addr, still.Module, still.Index = "module.eu.kira_user.clerk[1]", "module.eu", event.Index{Number: new(1)}

	paid := planned("kira_payout", "rent", "invoke", "", leaf("amount", event.Add, event.Leaf{}, text("100.00")),
		leaf("recipient_id", event.Add, event.Leaf{}, unknown), leaf("memo", event.Add, event.Leaf{}, sensitive),
		event.Node{Name: event.Preview, Op: event.Add, Shape: event.ObjectShape, Nodes: []event.Node{leaf("to", event.Add, event.Leaf{}, text("Eva Luna, by SPEI"))}})
	paid.Addr, paid.Why, paid.Needs = "action.kira_payout.rent", "triggered by the creation of kira_recipient.rent", []string{"kira_recipient.rent"}
	unpaid := planned("kira_payout", "late", "defer", "", leaf("amount", event.Add, event.Leaf{}, text("7.00")))
	unpaid.Addr, unpaid.Why, unpaid.Needs = "action.kira_payout.late", "triggered by the creation of kira_virtual_account.bea, which has to wait", []string{"kira_virtual_account.bea"}

	return []event.Reviewed{
		{Planned: payee, Before: []event.Node{clabe, id("3")}, Result: []event.Node{clabe, leaf("id", event.Same, unknown, unknown)}},
		{Planned: ana, Before: []event.Node{is("last_name", "Ruiz"), is("phone", "+525500000000"), *hidden("document_number"), id("1")},
			Result: []event.Node{is("last_name", "López"), is("phone", "+525512345678"), *hidden("document_number"), id("1")}},
		{Planned: later, Final: event.Update, Before: []event.Node{is("phone", "1"), id("8")}, Result: []event.Node{is("phone", "2"), id("8")}},
		{Planned: taken, Before: []event.Node{is("phone", "1"), id("5")}, Result: []event.Node{is("phone", "2"), id("5")}},
		{Planned: left, Before: []event.Node{id("6")}},
		{Planned: lost, Before: []event.Node{id("7")}},
		{Planned: moved, Before: []event.Node{id("9")}, Result: []event.Node{id("9")}},
		{Planned: waits, Final: event.Create, Result: []event.Node{is("mode", "fiat"), leaf("id", event.Same, unknown, unknown)}},
		{Planned: adopted, Before: []event.Node{is("mode", "fiat"), id("4")}, Result: []event.Node{is("mode", "fiat"), id("4")}},
		{Planned: account, Result: []event.Node{is("user_id", "51000000-0000-4000-8000-000000000001"), is("mode", "fiat"), leaf("id", event.Same, unknown, unknown)}},
		{Planned: country, Result: []event.Node{leaf("codes", event.Same, unknown, unknown)}},
		{Planned: still, Before: []event.Node{leaf("hosted", event.Same, event.Leaf{Literal: "true"}, event.Leaf{Literal: "true"}), id("2")},
			Result: []event.Node{leaf("hosted", event.Same, event.Leaf{Literal: "true"}, event.Leaf{Literal: "true"}), id("2")}},
		{Planned: unpaid, Final: event.Invoke},
		{Planned: paid},
	}
}

// Run returns the events of a run that carries the plan out and has everything
// happen that can happen.
func Run() []event.Event {
	var all []event.Event
	r := Rich()
	r.Start.Command = "apply"
	r.Send(func(e event.Event) { all = append(all, e) })
	at := "kira_user.ana"
	return append(all,
		event.Refresh{Done: 1, Total: 2}, r.Diagnostics[0],
		event.Begin{Addr: at, Action: event.Update, ID: "51000000-0000-4000-8000-000000000001"},
		event.Note{Addr: at, Text: "is in REVIEW"}, event.Retry{Addr: at, Text: "retry 2 of 5 in 3s: 503 Service Unavailable"},
		event.Still{Addr: at, Action: event.Update, ID: "51000000-0000-4000-8000-000000000001", Elapsed: 10 * time.Second},
		event.End{Addr: at, Action: event.Update, ID: "51000000-0000-4000-8000-000000000001", Took: 1500 * time.Millisecond, Sent: 4},
		event.Gate{Addr: "kira_virtual_account.usd", Text: "kira_user.ana is REVIEW, waiting for VERIFIED"},
		event.Adopted{Addr: "kira_user.carla", ID: "51000000-0000-4000-8000-000000000005"},
		event.End{Addr: "kira_user.carla", Action: event.Adopt, ID: "51000000-0000-4000-8000-000000000005", Sent: 5},
		event.End{Addr: "kira_recipient.rent", Action: event.Replace, ID: "51000000-0000-4000-8000-000000000003", Err: "POST /v1/recipients: 400 Bad Request", Sent: 6},
		event.Skip{Addr: "kira_virtual_account.eur", Cause: "kira_recipient.rent"},
		event.Deferred{Addr: "kira_virtual_account.usd", Reason: "kira_user.ana is REVIEW, waiting for VERIFIED"},
		event.Deferred{Addr: "kira_virtual_account.bea", Reason: "kira_user.bea is REJECTED"},
		event.Deferred{Addr: "kira_user.bea", Reason: "it cannot be read"},
		event.Unready{Addr: "module.eu.kira_user.clerk[1]", Reason: "Kira has to provide its number first"},
		event.Skip{Addr: "action.kira_payout.rent", Cause: "kira_recipient.rent"},
		event.Deferred{Addr: "action.kira_payout.late", Reason: "it is triggered by the creation of kira_virtual_account.bea, which is deferred"},
		event.Outputs{Nodes: []event.Node{is("kept", "a"), *hidden("secret"), leaf("count", event.Same, event.Leaf{Literal: "3"}, event.Leaf{Literal: "3"})}},
		event.Finish{Command: "apply", Done: map[string]int{event.Update: 1, event.Adopt: 1, event.Move: 1}, Failed: 1, Skipped: 1, Deferred: 3, Undone: 3,
			Actions: event.Invocations{Skipped: 1, Deferred: 1}, Unready: 1, Stopped: true, Requests: 9, Took: 2 * time.Second,
			Ended: []event.Ended{{Addr: "kira_user.bea", Is: "REJECTED"}}},
	)
}
