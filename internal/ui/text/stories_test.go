package text_test

import (
	"time"

	"kiraform/internal/event"
)

func text(s string) event.Leaf { return event.Leaf{Text: new(event.Foreign(s))} }

func literal(s string) event.Leaf { return event.Leaf{Literal: s} }

var (
	unknown   = event.Leaf{Unknown: true}
	sensitive = event.Leaf{Sensitive: true}
	sealed    = event.Leaf{Sealed: true}
)

func same(name string, v event.Leaf) event.Node {
	return event.Node{Name: name, Op: event.Same, Shape: event.LeafShape, Before: v, After: v}
}

func add(name string, v event.Leaf) event.Node {
	return event.Node{Name: name, Op: event.Add, Shape: event.LeafShape, After: v}
}

func remove(name string, v event.Leaf) event.Node {
	return event.Node{Name: name, Op: event.Remove, Shape: event.LeafShape, Before: v}
}

func change(name string, from, to event.Leaf) event.Node {
	return event.Node{Name: name, Op: event.Change, Shape: event.LeafShape, Before: from, After: to}
}

func because(n event.Node, cause string) event.Node {
	n.Cause = cause
	return n
}

func replaces(n event.Node) event.Node {
	n.Replaces = true
	return n
}

func hiding(n event.Node, hidden int) event.Node {
	n.Hidden = hidden
	return n
}

func holding(name string, op event.Op, shape event.Shape, nodes ...event.Node) event.Node {
	return event.Node{Name: name, Op: op, Shape: shape, Nodes: nodes}
}

// richPlan has every action and every way in which a value is shown.
var richPlan = []event.Event{
	event.Start{Format: 1, Command: "plan", Place: event.Place{Environment: "sandbox", Address: "https://api.balampay.com/sandbox", Account: "1a2b3c4d"}},
	event.Refresh{Total: 7},
	event.Refresh{Done: 7, Total: 7},
	event.Planned{Addr: "data.kira_user.root", Kind: "kira_user", Name: "root", Action: "read"},
	event.Planned{Addr: "kira_recipient.landlord", Kind: "kira_recipient", Name: "landlord", Action: "replace", ID: "rcp_1",
		Nodes: []event.Node{
			change("id", text("rcp_1"), unknown),
			replaces(change("account_number", sealed, sensitive)),
			replaces(because(change("bank", text("chase"), text("wells")), "changed at Kira")),
			replaces(holding("address", event.Change, event.ObjectShape, change("city", text("MEX"), text("CDMX")))),
		}, Hidden: 1},
	event.Planned{Addr: "kira_user.carlos", Kind: "kira_user", Name: "carlos", Action: "forget", ID: "usr_3",
		Why: "it is not in the configuration", Nodes: []event.Node{
			remove("id", text("usr_3")),
			remove("notes", text("one\ntwo\n")),
			remove("password", sensitive),
			holding("roles", event.Remove, event.ListShape, remove("", text("payer"))),
			holding("tags", event.Remove, event.MapShape, remove("env", text("test"))),
		}},
	event.Planned{Addr: "kira_user.idle", Kind: "kira_user", Name: "idle", Action: "no-op"},
	event.Planned{Addr: `kira_user.team["maria"]`, Kind: "kira_user", Name: "team", Action: "update", ID: "usr_1", Nodes: richUpdate, Hidden: 2},
	event.Planned{Addr: "kira_user.nora", Kind: "kira_user", Name: "nora", Action: "create", After: "until kira_user.nora is VERIFIED",
		Nodes: richCreate},
	event.Planned{Addr: "kira_virtual_account.mxn", Kind: "kira_virtual_account", Name: "mxn", Action: "adopt", ID: "va_9", Nodes: []event.Node{
		same("id", text("va_9")),
	}},
	event.Planned{Addr: "kira_virtual_account.usd", Kind: "kira_virtual_account", Name: "usd", Action: "defer",
		Why: "kira_user.nora is CREATED, and Kira has to make it VERIFIED first"},
	event.PlanEnd{
		Counts: map[string]int{"create": 1, "update": 1, "replace": 1, "adopt": 1, "forget": 1, "defer": 1, "read": 1, "no-op": 1},
		Outputs: []event.Node{
			add("account", unknown),
			remove("old", text("x")),
			change("user", text("usr_0"), text("usr_1")),
			add("token", sensitive),
		},
	},
	event.Finish{Command: "plan", Requests: 9, Took: 1234 * time.Millisecond},
}

var richCreate = []event.Node{
	add("id", unknown),
	add("email", text("nora@example.com")),
	add("ssn", sensitive),
	add("bio", text("first \"line\"\n\n  indented\n\x1b[2J\n")),
	add("empty", literal("[]")),
	add("odd key", literal("1")),
	holding("address", event.Add, event.ObjectShape,
		add("city", text("CDMX")),
		add("country", text("MEX")),
		holding("lines", event.Add, event.ListShape, add("", text("Calle 1")), add("", text("日本\\")))),
	holding("tags", event.Add, event.MapShape, add("env", text("test")), add("部門", text("ventas")), add("k", literal("true"))),
	holding("none", event.Add, event.MapShape),
}

var richUpdate = []event.Node{
	same("id", text("usr_1")),
	hiding(holding("address", event.Change, event.ObjectShape,
		because(change("city", text("Ciudad de Mexico"), text("Guadalajara")), "changed at Kira"),
		remove("street_2", text("int. 4"))), 2),
	change("bio", text("first line\nsecond line\nthird line\n"), text("first line\nsecond line changed\nthird line\n")),
	change("short", text("one"), text("one\ntwo")),
	change("story", text("one\ntwo\n"), unknown),
	change("poem", event.Leaf{}, text("one\ntwo\n")),
	hiding(holding("roles", event.Change, event.ListShape,
		remove("", text("x")), change("", text("a"), text("b")), add("", text("z")), same("", text("c")), change("", text("d\ne"), text("d\nf"))), 1),
	hiding(holding("people", event.Change, event.ListShape,
		hiding(holding("", event.Change, event.ObjectShape, change("age", literal("1"), literal("2"))), 1)), 1),
	change("ssn", sensitive, sensitive),
	because(change("phone", sealed, sealed), "cannot be read; will be sent once"),
	holding("tags", event.Change, event.MapShape,
		change("env", text("PROD"), text("sandbox")), add("new", text("n")), remove("gone", event.Leaf{})),
	change("limit", literal("10"), event.Leaf{}),
	change("description",
		text("An account for the rent of the office in the Calle de la Amargura number 12, paid on the first of each month, and for nothing else at all."),
		text("An account for the rent of the office in the Calle de la Amargura number 14, paid on the first of each month, and for nothing else at all.")),
	{Name: "meta", Op: event.Change, Shape: event.ObjectShape, After: unknown, Nodes: []event.Node{remove("a", literal("1"))}},
}

// apply has every outcome a resource can have.
var apply = []event.Event{
	event.Start{Format: 1, Command: "apply"},
	event.Begin{Addr: "kira_user.maria", Action: "create"},
	event.Begin{Addr: "kira_user.nora", Action: "create"},
	event.Begin{Addr: "kira_user.pepe", Action: "update", ID: "usr_2"},
	event.Note{Addr: "kira_user.maria", Text: "verification was triggered"},
	event.Retry{Addr: "kira_user.pepe", Text: "retry 2 of 5 in 3s: 503 Service Unavailable"},
	event.Still{Addr: "kira_user.maria", Action: "create", Elapsed: 10 * time.Second},
	event.Still{Addr: "kira_user.pepe", Action: "update", ID: "usr_2", Elapsed: 70 * time.Second},
	event.End{Addr: "kira_user.maria", Action: "create", ID: "usr_1", Took: 12500 * time.Millisecond},
	event.End{Addr: "kira_user.pepe", Action: "update", ID: "usr_2", Took: 71 * time.Second},
	event.End{Addr: "kira_user.nora", Action: "create", Took: time.Second,
		Err: "POST /v1/users: 400 Bad Request\nmissing: email\nrequest id req_1"},
	event.Diagnostic{Severity: "error", Code: "kira", Summary: "Kira refused the request", Addr: "kira_user.nora", Detail: "POST /v1/users: 400"},
	event.Skip{Addr: "kira_virtual_account.nora", Cause: "kira_user.nora"},
	event.Begin{Addr: "kira_recipient.landlord", Action: "replace", ID: "rcp_1"},
	event.End{Addr: "kira_recipient.landlord", Action: "replace", ID: "rcp_2"},
	event.Begin{Addr: "kira_virtual_account.mxn", Action: "adopt", ID: "va_9"},
	event.Adopted{Addr: "kira_virtual_account.mxn", ID: "va_9"},
	event.End{Addr: "kira_virtual_account.mxn", Action: "adopt", ID: "va_9"},
	event.Begin{Addr: "kira_virtual_account.eur", Action: "create"},
	event.Adopted{Addr: "kira_virtual_account.eur", ID: "va_8"},
	event.End{Addr: "kira_virtual_account.eur", Action: "create", ID: "va_8"},
	event.Begin{Addr: "kira_user.carlos", Action: "forget", ID: "usr_3"},
	event.End{Addr: "kira_user.carlos", Action: "forget", ID: "usr_3"},
	event.Gate{Addr: "kira_virtual_account.usd", Text: "kira_user.maria is REVIEW, waiting for VERIFIED"},
	event.Still{Addr: "kira_virtual_account.usd", Action: "create", Elapsed: 20 * time.Second},
	event.Deferred{Addr: "kira_virtual_account.usd", Reason: "kira_user.maria is REVIEW, waiting for VERIFIED"},
	event.Outputs{Nodes: []event.Node{
		same("account", text("va_9")),
		same("token", sensitive),
		holding("tags", event.Same, event.MapShape, same("a", literal("1")), holding("b", event.Same, event.ListShape, same("", text("x")))),
		holding("nothing", event.Same, event.ListShape),
		same("poem", text("one\n\x1b[2Jtwo\n")),
	}},
	event.Finish{Command: "apply", Done: map[string]int{"create": 1, "update": 1, "replace": 1, "adopt": 2, "forget": 1},
		Failed: 1, Skipped: 1, Deferred: 1, Requests: 41, Took: 72345 * time.Millisecond},
}

var destroy = []event.Event{
	event.Start{Format: 1, Command: "destroy"},
	event.Begin{Addr: "kira_user.carlos", Action: "forget", ID: "usr_3"},
	event.End{Addr: "kira_user.carlos", Action: "forget", ID: "usr_3"},
	event.Begin{Addr: "kira_user.maria", Action: "forget", ID: "usr_1"},
	event.End{Addr: "kira_user.maria", Action: "forget", ID: "usr_1"},
	event.Finish{Command: "destroy", Done: map[string]int{"forget": 2}, Took: 5 * time.Millisecond},
}

const code = `resource "kira_user" "maria" {
  for_each = toset([kira_user.other.id,
    kira_user.mütter.id])
}`

// diagnostics has each form a diagnostic can take.
var diagnostics = []event.Event{
	event.Start{Format: 1, Command: "plan"},
	event.Diagnostic{Severity: "error", Code: "unknown-argument", Summary: "Unsupported argument",
		Detail: `An argument named "emial" is not expected here. Did you mean "email"?`,
		Source: &event.Source{File: "main.kira.hcl", Block: `resource "kira_user" "maria"`, Line: 4, Column: 3, EndLine: 4, EndColumn: 8,
			Code: `  emial = "maria@example.com"`, FirstLine: 4, Mark: [2]int{2, 7}}},
	event.Diagnostic{Severity: "error", Summary: "Invalid for_each argument", Addr: "kira_user.maria",
		Detail: "The \"for_each\" set includes values derived from resource attributes that cannot be determined until apply, and so kiraform cannot " +
			"tell how many there will be.\n\nUse a map whose keys are known:\n\n" +
			"    for_each = { first = kira_user.other.id, second = kira_user.mütter.id, third = \"this line is long and stays whole\" }\n\n" +
			"https://example.com/a-long-address-that-has-no-space-in-it-and-is-therefore-not-broken-at-all/index.html explains.",
		Source: &event.Source{File: "main.kira.hcl", Block: `resource "kira_user" "maria"`, Line: 11, Column: 14, EndLine: 12, EndColumn: 25,
			Code: code, FirstLine: 10, Mark: [2]int{44, 96}},
		Values: []string{"kira_user.mütter.id is a string, known only after apply", `kira_user.other.id is "usr_7"`}},
	event.Diagnostic{Severity: "warning", Summary: "Phone number looks wrong", Addr: "kira_user.maria",
		Source: &event.Source{File: "users/maria.kira.hcl", Line: 1}},
	event.Diagnostic{Severity: "error", Summary: "Kira refused the request", Addr: "kira_user.nora", Detail: "POST /v1/users: 400\n"},
	event.Diagnostic{Severity: "warning", Summary: "Without details"},
	event.Diagnostic{Severity: "error", Summary: "Dangerous\x1b[2Jsummary\nin two lines", Detail: "A detail with \x1b]0;title\x07 in it\rand a return."},
}
