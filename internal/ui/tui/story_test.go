package tui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/vt"

	"kiraform/internal/event"
)

// noon is when every story begins.
var noon = time.Date(2026, 4, 14, 12, 0, 0, 0, time.UTC)

func set(name, value string) event.Node {
	return event.Node{Name: name, Op: event.Add, Shape: event.LeafShape, After: event.Leaf{Text: new(event.Foreign(value))}}
}

func becomes(name, before, after string) event.Node {
	return event.Node{Name: name, Op: event.Change, Shape: event.LeafShape, Before: event.Leaf{Text: new(event.Foreign(before))}, After: event.Leaf{Text: new(event.Foreign(after))}}
}

func computed(name string) event.Node {
	return event.Node{Name: name, Op: event.Add, Shape: event.LeafShape, After: event.Leaf{Unknown: true}}
}

var insecure = event.Diagnostic{Severity: warning, Code: "webhook-not-https", Summary: "Not encrypted",
	Detail: "Events hold personal data, and this URL has them sent in clear text. Use https.",
	Source: &event.Source{File: "main.kira.hcl", Block: `resource "kira_webhook" "this"`, Line: 39, Column: 17, EndLine: 39, EndColumn: 39,
		Code: `  webhook_url = "http://hooks.example"`, FirstLine: 39, Mark: [2]int{16, 37}}}

// plan is a plan with one of everything.
func plan() []event.Event {
	moved := becomes("address_city", "Ciudad de Mexico", "Guadalajara")
	moved.Cause = "changed at Kira"
	iban := becomes("swift_code", "BNMXMXMM", "BNMXMXM1")
	iban.Replaces = true
	return []event.Event{
		event.Start{Format: 1, Command: "apply", Place: event.Place{Environment: "sandbox", Address: "https://api.balampay.com/sandbox", Account: "1a2b3c4d"}},
		event.Refresh{Done: 3, Total: 6},
		insecure,
		event.Planned{Addr: "kira_user.acme", Kind: "kira_user", Name: "acme", Action: "update", ID: "usr_1", Hidden: 22,
			Known: []event.Foreign{"Acme Trading LLC", "office@acme.example"},
			Nodes: []event.Node{
				becomes("email", "ops@acme.example", "office@acme.example"),
				becomes("notes", "Opens at nine.\nCloses at five.\nAsk for Ana.\n", "Opens at nine.\nCloses at seven.\nAsk for Ana.\n"),
				becomes("profile", `{"tier":"gold","limit":100}`, `{"tier":"gold","limit":250}`),
				becomes("description", "A trading company with offices in Austin and Dallas", "A trading company with offices in Austin and Houston"),
				moved,
			}, File: "main.kira.hcl", Line: 107},
		event.Planned{Addr: "kira_user.maria", Kind: "kira_user", Name: "maria", Action: "create", File: "main.kira.hcl", Line: 43,
			Known: []event.Foreign{"Maria Gonzalez", "maria@example.com"},
			Nodes: []event.Node{set("type", "individual"), set("first_name", "Maria"), set("email", "maria@example.com"),
				{Name: "ssn", Op: event.Add, Shape: event.LeafShape, After: event.Leaf{Sensitive: true}},
				{Name: "passport", Op: event.Add, Shape: event.LeafShape, After: event.Leaf{Literal: "image/png of 8 bytes, sha256 4c4b6a3b…"}}, computed("id")}},
		event.Planned{Addr: `kira_user.team["日本支社"]`, Kind: "kira_user", Name: "team", Action: "create", File: "main.kira.hcl", Line: 60,
			Known: []event.Foreign{"株式会社アクメ", "tokyo@acme.example"},
			Nodes: []event.Node{set("business_legal_name", "株式会社アクメ"), computed("id")}},
		event.Planned{Addr: "kira_virtual_account.maria_usdc", Kind: "kira_virtual_account", Name: "maria_usdc", Action: "create", Known: []event.Foreign{"slovak_savings_bank", "crypto USDC solana"},
			After: "until kira_user.maria is VERIFIED", Needs: []string{"kira_user.maria"}, File: "main.kira.hcl", Line: 157,
			Nodes: []event.Node{computed("user_id"), set("type", "US_BANK"), set("mode", "crypto")}},
		event.Planned{Addr: "kira_virtual_account.acme_usd", Kind: "kira_virtual_account", Name: "acme_usd", Action: "adopt", ID: "va_9",
			Needs: []string{"kira_user.acme"}, File: "main.kira.hcl", Line: 149},
		event.Planned{Addr: "kira_recipient.supplier", Kind: "kira_recipient", Name: "supplier", Action: "replace", ID: "rcp_1", Known: []event.Foreign{"Maria Gonzalez", "SWIFT"},
			Needs: []string{"kira_user.acme"}, Nodes: []event.Node{iban}, Hidden: 7, File: "main.kira.hcl", Line: 171},
		event.Planned{Addr: "kira_webhook.this", Kind: "kira_webhook", Name: "this", Action: "create", File: "main.kira.hcl", Line: 38,
			Known: []event.Foreign{"hooks.example"},
			Nodes: []event.Node{set("webhook_url", "http://hooks.example"), computed("id")}},
		event.Planned{Addr: "module.eu.kira_user.carlos", Module: "module.eu", Kind: "kira_user", Name: "carlos", Action: "forget",
			ID: "usr_3", Why: "not in the configuration"},
		event.Planned{Addr: "module.eu.kira_liquidation_address.sweep", Module: "module.eu", Kind: "kira_liquidation_address", Name: "sweep",
			Action: "defer", Why: "its account has no number yet", Needs: []string{"kira_virtual_account.maria_usdc"}, File: "eu/main.kira.hcl", Line: 3},
		event.PlanEnd{Counts: map[string]int{"create": 4, "update": 1, "adopt": 1, "replace": 1, "forget": 1, "defer": 1, "no-op": 2},
			Outputs: []event.Node{becomes("supplier", "rcp_1", "rcp_2")}},
	}
}

// work is the first part of an apply of that plan.
func work() []event.Event {
	return []event.Event{
		event.Begin{Addr: "kira_user.acme", Action: "update", ID: "usr_1"},
		event.Begin{Addr: "kira_user.maria", Action: "create"},
		event.Begin{Addr: `kira_user.team["日本支社"]`, Action: "create"},
		event.End{Addr: "kira_user.acme", Action: "update", ID: "usr_1", Took: 400 * time.Millisecond},
		event.Begin{Addr: "kira_virtual_account.acme_usd", Action: "adopt", ID: "va_9"},
		event.Adopted{Addr: "kira_virtual_account.acme_usd", ID: "va_9"},
		event.End{Addr: "kira_virtual_account.acme_usd", Action: "adopt", ID: "va_9", Took: 90 * time.Millisecond},
		event.Begin{Addr: "kira_recipient.supplier", Action: "replace", ID: "rcp_1"},
		event.End{Addr: "kira_user.maria", Action: "create", ID: "usr_9", Took: 1200 * time.Millisecond},
		event.Gate{Addr: "kira_virtual_account.maria_usdc", Text: "kira_user.maria is REVIEW, and Kira has to make it VERIFIED first"},
		event.Retry{Addr: "kira_recipient.supplier", Text: "retry 2 of 5 in 3s: 429 Too Many Requests"},
	}
}

// notReady is a run that ends while accounts have no number yet, so that an action for one
// of them is held.
func notReady() []event.Event {
	account := func(name string) string { return "kira_virtual_account." + name }
	action := event.Planned{Addr: "action.kira_simulated_deposit.first", Kind: "kira_simulated_deposit", Name: "first", Action: "invoke",
		Why: "triggered by the creation of " + account("maria_usd"), Needs: []string{account("maria_usd")}, Nodes: []event.Node{set("amount", "5.00")}}
	later := action
	later.Addr, later.Name, later.Action, later.Why = "action.kira_simulated_deposit.second", "second", "defer", "triggered by the creation of "+account("luis_usd")+", which has to wait"
	out := []event.Event{event.Start{Format: 1, Command: "apply", Place: event.Place{Environment: "sandbox", Address: "https://api.balampay.com/sandbox", Account: "1a2b3c4d"}}}
	for _, name := range []string{"acme_usd", "maria_usd"} {
		out = append(out, event.Planned{Addr: account(name), Kind: "kira_virtual_account", Name: name, Action: "create", Nodes: []event.Node{set("mode", "fiat"), computed("account_number")}})
	}
	out = append(out, action, later, event.PlanEnd{Counts: map[string]int{"create": 2, "invoke": 1, "later": 1, "no-op": 2}})
	for _, name := range []string{"acme_usd", "maria_usd"} {
		out = append(out, event.Begin{Addr: account(name), Action: "create"}, event.End{Addr: account(name), Action: "create", ID: "va_" + name[:1], Took: 300 * time.Millisecond},
			event.Unready{Addr: account(name), Reason: "Kira has to provide its account number first"})
	}
	return append(out, event.Deferred{Addr: action.Addr, Reason: event.Foreign("it cannot be run yet: " + account("maria_usd") + " waits for its account number, and Kira has to provide it first")},
		event.Deferred{Addr: later.Addr, Reason: event.Foreign(later.Why)},
		event.Finish{Command: "apply", Done: map[string]int{"create": 2}, Unready: 2, Actions: event.Invocations{Deferred: 2}, Requests: 9, Took: 2 * time.Second})
}

// moved has the changes that a refresh finds.
func moved() []event.Event {
	return []event.Event{
		event.Start{Format: 1, Command: "refresh"},
		event.Planned{Addr: "kira_user.acme", Kind: "kira_user", Name: "acme", Action: "drift", ID: "usr_1",
			Nodes: []event.Node{becomes("email", "ops@acme.example", "office@acme.example")}},
		event.Planned{Addr: "kira_user.maria", Kind: "kira_user", Name: "maria", Action: "gone", ID: "usr_9"},
		event.PlanEnd{Counts: map[string]int{"drift": 1, "gone": 1, "no-op": 2}},
	}
}

// end is the rest of it.
func end() []event.Event {
	return []event.Event{
		event.End{Addr: `kira_user.team["日本支社"]`, Action: "create", Took: 2 * time.Second,
			Err: "POST /v1/users: 400 Bad Request\nbusiness_type: is required\nrequest id req_1"},
		event.Diagnostic{Severity: "error", Summary: "Kira refused the request", Addr: `kira_user.team["日本支社"]`,
			Detail: "Kira says that business_type is required. Add it to the block.",
			Source: &event.Source{File: "main.kira.hcl", Line: 60, FirstLine: 60, Code: `resource "kira_user" "team" {`, Mark: [2]int{0, 27}}},
		event.End{Addr: "kira_recipient.supplier", Action: "replace", ID: "rcp_2", Took: 12 * time.Second},
		event.Begin{Addr: "kira_webhook.this", Action: "create"},
		event.Note{Addr: "kira_webhook.this", Text: "registering"},
		event.Still{Addr: "kira_webhook.this", Action: "create", Elapsed: 10 * time.Second},
		event.End{Addr: "kira_webhook.this", Action: "create", ID: "webhook", Took: 300 * time.Millisecond},
		event.Begin{Addr: "module.eu.kira_user.carlos", Action: "forget", ID: "usr_3"},
		event.End{Addr: "module.eu.kira_user.carlos", Action: "forget", ID: "usr_3"},
		event.Deferred{Addr: "kira_virtual_account.maria_usdc", Reason: "kira_user.maria is REVIEW, and Kira has to make it VERIFIED first"},
		event.Skip{Addr: "module.eu.kira_liquidation_address.sweep", Cause: `kira_user.team["日本支社"]`},
		event.Outputs{},
		event.Finish{Command: "apply", Done: map[string]int{"create": 2, "update": 1, "adopt": 1, "replace": 1, "forget": 1},
			Failed: 1, Skipped: 1, Deferred: 1, Requests: 41, Took: 15 * time.Second},
	}
}

// play is a model that has seen the given events, each batch a second and a
// half after the last.
func play(o Options, width, height int, batches ...[]event.Event) Model {
	m := send(New(o), tea.WindowSizeMsg{Width: width, Height: height})
	at := noon
	for _, events := range batches {
		m = send(m, batch{at, events})
		at = at.Add(1500 * time.Millisecond)
		m = send(m, tick(at))
	}
	return m
}

func send(m Model, msgs ...tea.Msg) Model {
	for _, msg := range msgs {
		next, _ := m.Update(msg)
		m = next.(Model)
	}
	return m
}

// keys presses keys by name; a word in quotes is typed.
func keys(m Model, names ...string) Model {
	for _, n := range names {
		m = send(m, keyMsgs(n)...)
	}
	return m
}

func keyMsgs(name string) []tea.Msg {
	for t, like := range map[tea.KeyType]string{tea.KeyUp: "up", tea.KeyDown: "down", tea.KeyLeft: "left", tea.KeyRight: "right",
		tea.KeyEnter: "enter", tea.KeyEsc: "esc", tea.KeyTab: "tab", tea.KeyPgUp: "pgup", tea.KeyPgDown: "pgdown",
		tea.KeyHome: "home", tea.KeyEnd: "end", tea.KeyCtrlC: "ctrl+c", tea.KeyBackspace: "backspace", tea.KeyCtrlU: "ctrl+u", tea.KeyCtrlW: "ctrl+w", tea.KeyCtrlZ: "ctrl+z"} {
		if like == name {
			return []tea.Msg{tea.KeyMsg{Type: t}}
		}
	}
	if name == "space" {
		return []tea.Msg{tea.KeyMsg{Type: tea.KeySpace, Runes: []rune{' '}}}
	}
	var out []tea.Msg
	for _, r := range strings.Trim(name, `"`) {
		out = append(out, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}})
	}
	return out
}

// screenOf is the text on a terminal of the model's size, without the spaces at
// the ends of its rows.
func screenOf(t testing.TB, m Model) string {
	t.Helper()
	term := vt.NewEmulator(m.width, m.height)
	if _, err := term.WriteString(strings.ReplaceAll(m.View(), "\n", "\r\n")); err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(term.String(), "\n")
	for i := range rows {
		rows[i] = strings.TrimRight(rows[i], " \r")
	}
	return strings.Join(rows, "\n") + "\n"
}

// shows fails unless the screen holds all of the texts.
func shows(t *testing.T, m Model, texts ...string) {
	t.Helper()
	got := screenOf(t, m)
	for _, text := range texts {
		if !strings.Contains(got, text) {
			t.Errorf("the screen does not show %q:\n%s", text, got)
		}
	}
}

// hides fails if the screen holds one of the texts.
func hides(t *testing.T, m Model, texts ...string) {
	t.Helper()
	got := screenOf(t, m)
	for _, text := range texts {
		if strings.Contains(got, text) {
			t.Errorf("the screen shows %q:\n%s", text, got)
		}
	}
}

// review is the plan in a terminal that is large enough for all of it, with
// every key offered, and the decisions.
func review(t *testing.T, more ...func(*Options)) (Model, *[]event.Decision) {
	t.Helper()
	decided := &[]event.Decision{}
	o := Options{CanApply: true, Decide: func(d event.Decision) { *decided = append(*decided, d) }}
	for _, set := range more {
		set(&o)
	}
	return play(o, 120, 40, plan()), decided
}

// many is a plan of n users with an account each, and the apply of it.
func many(n int) (planned, applied []event.Event) {
	planned = append(planned, event.Start{Command: "apply"})
	for i := range n / 2 {
		user := fmt.Sprintf("kira_user.u%05d", i)
		account := fmt.Sprintf("kira_virtual_account.a%05d", i)
		planned = append(planned,
			event.Planned{Addr: user, Kind: "kira_user", Name: fmt.Sprintf("u%05d", i), Action: "create", Nodes: []event.Node{set("email", "x@example.com")}},
			event.Planned{Addr: account, Kind: "kira_virtual_account", Name: fmt.Sprintf("a%05d", i), Action: "create", Needs: []string{user}})
		for _, addr := range []string{user, account} {
			applied = append(applied, event.Begin{Addr: addr, Action: "create"}, event.End{Addr: addr, Action: "create", Took: time.Millisecond})
		}
	}
	planned = append(planned, event.PlanEnd{Counts: map[string]int{"create": n}})
	return planned, applied
}

// crowd is a plan for many people: new ones who have much in common, and others
// that all change in the same way.
func crowd(n int) (events []event.Event) {
	events = append(events, event.Start{Command: "apply", Place: event.Place{Environment: "sandbox", Address: "https://api.balampay.com/sandbox", Account: "1a2b3c4d"}})
	add := func(kind, name string, p event.Planned) {
		p.Addr, p.Kind, p.Name = kind+"."+name, kind, name
		events = append(events, p)
	}
	for i := range n {
		key := fmt.Sprintf("u%05d", i)
		add("kira_user", "p[\""+key+"\"]", event.Planned{Action: "create", Known: []event.Foreign{event.Foreign(fmt.Sprintf("N%d Person", i)), event.Foreign(key + "@many.example")},
			Nodes: []event.Node{set("type", "individual"), set("email", key+"@many.example"), set("address_country", "MEX"), set("account_purpose", "receive_payments")}})
		add("kira_recipient", "r[\""+key+"\"]", event.Planned{Action: "create", Needs: []string{"kira_user.p[\"" + key + "\"]"},
			Known: []event.Foreign{event.Foreign(fmt.Sprintf("R%d Person", i)), "WALLET USDC solana"}, Nodes: []event.Node{computed("user_id")}})
		add("kira_user", "old[\""+key+"\"]", event.Planned{Action: "update", ID: "usr_" + key, Known: []event.Foreign{"Old Person"},
			Nodes: []event.Node{becomes("address_street", "Reforma "+key, "Insurgentes 100"), becomes("address_city", "Puebla", "CDMX")}})
		add("kira_virtual_account", "gone[\""+key+"\"]", event.Planned{Action: "forget", ID: "va_" + key, Why: "it is not in the configuration"})
	}
	return append(events, event.PlanEnd{Counts: map[string]int{"create": 2 * n, "update": n, "forget": n}})
}
