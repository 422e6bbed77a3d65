package tui

import (
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/teatest"

	"kiraform/internal/event"
)

// script is a key that a person types, and the text on the screen then.
type script struct {
	name         string
	told         [][]event.Event // nil means the plan
	options      func(*Options)
	keys         []string
	shows, hides []string
	decided      []event.Decision
}

var scripts = []script{
	{name: "down and up move the cursor", keys: []string{"down", "j", "up", "k", "j"}, shows: []string{"› ▾ kira_user"}},
	{name: "G and end go to the end", keys: []string{"G", "end"}, shows: []string{"› • unchanged"}},
	{name: "g and home go to the beginning", keys: []string{"G", "g", "end", "home"}, shows: []string{"› ▾ kira_recipient"}},
	{name: "a page is as long as the pane", keys: []string{"pgdown"}, shows: []string{"› • unchanged"}},
	{name: "a page up comes back", keys: []string{"pgdown", "pgup"}, shows: []string{"› ▾ kira_recipient"}},
	{name: "left folds and right unfolds", keys: []string{"left"}, shows: []string{"› ▸ kira_recipient"}, hides: []string{"supplier  "}},
	{name: "right unfolds again", keys: []string{"h", "right", "j"}, shows: []string{"› +/- supplier"}},
	{name: "l unfolds the heading of the cursor", keys: []string{"h", "l"}, shows: []string{"› ▾ kira_recipient"}},
	{name: "left on a folded heading folds the one above", keys: []string{"G", "k", "k", "k", "h", "h"}, shows: []string{"› ▸ module.eu"}},
	{name: "enter on a heading folds it", keys: []string{"k", "enter"}, shows: []string{"› ▸ kira_recipient"}},
	{name: "enter on a resource goes to its details", keys: []string{"enter"}, shows: []string{" ┃ "}},
	{name: "enter on the outputs goes to their details", keys: []string{"G", "k", "enter"}, shows: []string{" ┃ ", `~ supplier = "rcp_1" -> "rcp_2"`}},
	{name: "n goes to the next change", keys: []string{"n", "n"}, shows: []string{"›   + maria"}},
	{name: "N goes to the change before", keys: []string{"n", "n", "N"}, shows: []string{"›   ~ acme"}},
	{name: "n finds changes that are folded away", keys: []string{"j", "h", "g", "n", "n"}, shows: []string{"›   ~ acme"}},
	{name: "n says when there are no more", keys: []string{"G", "n"}, shows: []string{"No more changes that way."}},
	{name: "tab goes to the other pane", keys: []string{"tab"}, shows: []string{" ┃ "}},
	{name: "tab comes back", keys: []string{"tab", "tab"}, hides: []string{" ┃ "}},
	{name: "esc comes back from the details", keys: []string{"tab", "esc"}, hides: []string{" ┃ "}},

	{name: "a filter counts while it is typed", keys: []string{"/", `"usd"`}, shows: []string{"/usd█", "2 of 9 resources", "maria_usdc"}, hides: []string{"supplier"}},
	{name: "enter keeps a filter", keys: []string{"/", `"usd"`, "enter"}, shows: []string{"/usd  esc clears", "2 of 9"}},
	{name: "esc shows all again", keys: []string{"/", `"usd"`, "enter", "esc"}, shows: []string{"supplier"}},
	{name: "esc while typing shows all again", keys: []string{"/", `"usd"`, "esc"}, shows: []string{"supplier"}},
	{name: "a filter finds a kind and an action together", keys: []string{"/", `"kira_user"`, "space", `"create"`}, shows: []string{"2 of 9"}},
	{name: "a filter finds an attribute", keys: []string{"/", `"webhook_url"`}, shows: []string{"1 of 9"}},
	{name: "backspace takes back a letter", keys: []string{"/", `"usx"`, "backspace"}, shows: []string{"/us█"}},
	{name: "ctrl-w takes back a word", keys: []string{"/", `"usd"`, "space", `"zzz"`, "ctrl+w"}, shows: []string{"/usd █", "2 of 9"}},
	{name: "ctrl-u takes back everything", keys: []string{"/", `"zzz"`, "ctrl+u"}, shows: []string{"supplier"}},
	{name: "a filter that finds nothing says so", keys: []string{"/", `"zzz"`}, shows: []string{"No match.", "0 of 9"}},

	{name: "space leaves a resource out", keys: []string{"space"}, shows: []string{"○ supplier", "Left out kira_recipient.supplier.", "○ 1 left out"}},
	{name: "space takes it in again", keys: []string{"space", "space"}, shows: []string{"Took in kira_recipient.supplier."}, hides: []string{"○"}},
	{name: "what needs it follows", keys: []string{"n", "space"},
		shows: []string{"Left out kira_user.acme, and 2 more that need it.", "○ supplier  Maria Gonzalez  left out, since it"}},
	{name: "taking in brings back what it needs", keys: []string{"n", "space", "N", "space"},
		shows: []string{"Took in kira_recipient.supplier, and 2 more that it needs or that need it."}, hides: []string{"○"}},
	{name: "space on a heading leaves out all below it", keys: []string{"j", "space"}, shows: []string{"Left out 3 resources, and 3 more that need them."}},
	{name: "what is deferred cannot be left out", keys: []string{"G", "N", "N", "space"}, shows: []string{"nothing to leave out"}},
	{name: "w says why", keys: []string{"w"}, shows: []string{"Why kira_recipient.supplier", "which forces replacement", "~ kira_user.acme  to change", "address_city: changed at Kira"}},
	{name: "w again shows the attributes", keys: []string{"w", "w"}, shows: []string{"7 unchanged attributes"}},
	{name: "esc leaves why", keys: []string{"w", "esc"}, shows: []string{"7 unchanged attributes"}},
	{name: "e lists errors and warnings", keys: []string{"e"}, shows: []string{"› ! Not encrypted  main.kira.hcl:39", "Use https."}},
	{name: "e again shows the tree", keys: []string{"e", "e"}, shows: []string{"› +/- supplier"}},
	{name: "enter jumps from a diagnostic to its resource", keys: []string{"e", "enter"}, shows: []string{"›   + this"}},
	{name: "and does so although a filter hides it", keys: []string{"/", `"usd"`, "enter", "e", "enter"}, shows: []string{"›   + this"}},
	{name: "esc leaves the list", keys: []string{"e", "esc"}, shows: []string{"› +/- supplier"}},
	{name: "diagnostics that are alike are one row", told: [][]event.Event{alikes(9)}, keys: []string{"e"},
		shows: []string{"›   ✗ Cannot be read  kira_user.z", "▸ ! 9 × Never answered  kira_user.u[0] and 8 more", "1 of 10"}, hides: []string{"u[3]"}},
	{name: "their heading says it once, and of whom", told: [][]event.Event{alikes(9)}, keys: []string{"e", "down"},
		shows: []string{"with kira_user.u[0]", "The same holds for all of these:", "kira_user.u[8]"}, hides: []string{"with kira_user.u[1]"}},
	{name: "right unfolds them", told: [][]event.Event{alikes(9)}, keys: []string{"e", "down", "right", "down", "down"},
		shows: []string{"▾ ! 9 × Never", "›     ! kira_user.u[1]", "with kira_user.u[1]", "3 of 10"}},
	{name: "left folds them again", told: [][]event.Event{alikes(9)}, keys: []string{"e", "z", "G", "left"}, shows: []string{"› ▸ ! 9 × Never"}},
	{name: "enter unfolds them, and goes to a resource below", told: [][]event.Event{alikes(9)}, keys: []string{"e", "down", "enter", "down", "enter"}, shows: []string{"›   + u[0]"}},
	{name: "a resource that was not planned is said not to be there", told: [][]event.Event{alikes(9)}, keys: []string{"e", "enter"}, shows: []string{"kira_user.z is not in this plan."}},
	{name: "z unfolds all that are alike, and folds them", told: [][]event.Event{alikes(9)}, keys: []string{"e", "z", "z"}, shows: []string{"▸ ! 9 ×"}},
	{name: "w and the list of diagnostics do not meet", keys: []string{"e", "w", "e"}, hides: []string{"Why "}},
	{name: "arrows move while a filter is typed", keys: []string{"/", `"kira_user"`, "down", "down"}, shows: []string{"/kira_user█", "›   + team"}},
	{name: "ctrl-z suspends no work", told: [][]event.Event{plan(), work()}, keys: []string{"ctrl+z"}, shows: []string{"Work that goes on is not suspended."}},
	{name: "? shows the keys", keys: []string{"?"}, shows: []string{"leave out, or take in again", "Moving", "Deciding"}, hides: []string{"While it runs"}},
	{name: "any key leaves the help", keys: []string{"?", "x"}, shows: []string{"› +/- supplier"}},

	{name: "a asks, with the counts", keys: []string{"a"}, shows: []string{"Apply to SANDBOX · api.balampay.com/sandbox · acct 1a2b3c4d", "3 to add      2 users, 1 webhook", "◷   2 later", "maria_usdc: until", "can never be deleted at Kira", "y apply", "n back", "› +/- supplier"}},
	{name: "the question counts what is selected", keys: []string{"n", "space", "a"}, shows: []string{"3 to add", "1 to forget", "○   3 left out"}, hides: []string{"to replace"}},
	{name: "the question says that a filter only hides", keys: []string{"/", `"usd"`, "enter", "a"}, shows: []string{"hidden rows are applied as well."}},
	{name: "the cursor begins on a row for changes that are alike, with the change and all names", told: [][]event.Event{alikeUpdates()},
		shows: []string{"›   ▸ ~ 3 users  email: the same change", "Of the first of them:", `~ email = "u0" -> "all@one.example"`, "~ u[2]  Person 2"}},
	{name: "reasons that differ in the resource alone are one row", told: [][]event.Event{alikeUpdates()}, keys: []string{"G"},
		shows: []string{"›   ▸ » 3 virtual accounts  kira_user.u[…] is CREATED"}},
	{name: "the question says for whom they wait", told: [][]event.Event{alikeUpdates()}, keys: []string{"a"}, shows: []string{"a[0], a[1], a[2]: its user is CREATED"}},
	{name: "a heading names the shared values in its details", told: [][]event.Event{siblings()}, keys: []string{"g"},
		shows: []string{"› ▾ kira_user  + 2  all: individual, MEX", "All of them have:", "  type                  individual", "  address_country       MEX"}, hides: []string{"  email "}},
	{name: "a filter finds a value", keys: []string{"/", `"ciudad de"`}, shows: []string{"1 of 9", "acme"}},
	{name: "a filter finds a name that is typed without its accents", told: [][]event.Event{accents()}, keys: []string{"/", `"jose"`}, shows: []string{"1 of 2", "María José"}},
	{name: "and with them", told: [][]event.Event{accents()}, keys: []string{"/", `"MARÍA"`}, shows: []string{"1 of 2", "María José"}},
	{name: "a filter finds an outcome and its reason", told: [][]event.Event{plan(), work(), end()}, keys: []string{"/", `"failed"`, "space", `"business_type"`}, shows: []string{"1 of 9", "株式会社アクメ"}},
	{name: "a filter finds a name", keys: []string{"/", `"gonzalez"`}, shows: []string{"2 of 9"}},
	{name: "z folds all", keys: []string{"z"}, shows: []string{"› ▸ kira_recipient", "▸ module.eu"}, hides: []string{"supplier  "}},
	{name: "z again unfolds all", keys: []string{"z", "z"}, shows: []string{"▾ kira_recipient", "sweep"}},
	{name: "resources are counted, and headings are not", keys: []string{"n"}, shows: []string{"2 of 9 resources"}},
	{name: "w waits for Kira", options: waits, keys: []string{"a", "w"}, shows: []string{"applying"}, decided: []event.Decision{event.Apply{Without: []string{}, Wait: true}}},
	{name: "w is offered where something waits", options: waits, keys: []string{"a"}, shows: []string{"w apply and wait for Kira"}},
	{name: "w is no answer where waiting is not offered", keys: []string{"a", "w"}, shows: []string{"Apply to"}, hides: []string{"and wait for Kira"}},
	{name: "w is no answer where nothing waits", options: waits, told: [][]event.Event{{event.Start{Command: "apply"}, event.Planned{Addr: "kira_user.a", Kind: "kira_user", Action: "create"}, event.PlanEnd{Counts: map[string]int{"create": 1}}}},
		keys: []string{"a", "w"}, shows: []string{"1 user"}, hides: []string{"and wait for Kira"}},
	{name: "a wrong name is said to be wrong, and another try may be right", options: confirm, keys: []string{"a", `"acm"`, "enter", `"acme"`, "enter"}, decided: []event.Decision{event.Apply{Without: []string{}}}},
	{name: "n goes back", keys: []string{"a", "n"}, shows: []string{"› +/- supplier"}, hides: []string{"Apply to"}},
	{name: "esc goes back", keys: []string{"a", "esc"}, hides: []string{"Apply to"}},
	{name: "other keys do nothing to the question", keys: []string{"a", "x", "space"}, shows: []string{"Apply to SANDBOX"}},
	{name: "y applies", keys: []string{"a", "y"}, decided: []event.Decision{event.Apply{Without: []string{}}}, shows: []string{"applying"}},
	{name: "y applies without what was left out", keys: []string{"n", "space", "a", "y"}, decided: []event.Decision{event.Apply{Without: []string{"kira_user.acme"}}}},
	{name: "a decision is taken once", keys: []string{"a", "y", "a", "y", "space"}, decided: []event.Decision{event.Apply{Without: []string{}}}, hides: []string{"○"}},
	{name: "the wrong name does not apply", options: confirm, keys: []string{"a", `"acm"`, "enter"}, shows: []string{`"acm" is not acme.`, "> █"}},
	{name: "the name applies", options: confirm, keys: []string{"a", `"acme"`, "enter"}, decided: []event.Decision{event.Apply{Without: []string{}}}},
	{name: "with a name to type, y is a letter", options: confirm, keys: []string{"a", "y"}, shows: []string{"> y█"}},
	{name: "space on a module reaches all that is in it", keys: []string{"G", "k", "k", "k", "k", "k", "k", "space"}, shows: []string{"› ▾ module.eu", "Left out module.eu.kira_user.carlos."}},
	{name: "a is not offered where nothing can be applied", options: func(o *Options) { o.CanApply = false }, keys: []string{"a", "space"}, hides: []string{"Apply to", "○"}},
	{name: "read-only leaves out what changes something", options: readOnly, keys: []string{"a", "space", "m", "o", "?"},
		shows: []string{"read-only", "next change"}, hides: []string{"left out", "Markdown", "editor", "apply what"}},

	{name: "a refresh is taken into the state as a whole", told: [][]event.Event{moved()}, keys: []string{"space", "a"},
		shows: []string{"Take this into the state?", "Nothing is changed at Kira.", "1 changed at Kira", "1 gone at Kira", "y take it in"}, hides: []string{"left out"}},
	{name: "what runs is followed", told: [][]event.Event{plan(), work()}, shows: []string{"following the work", "›   ↻ supplier  2 of 5 in 3s: 429", "▾ ↻ retrying  1  Kira limits the rate", "▾ • running  1", "▾ ◷ waiting for Kira  1", "▸ ✓ done  3", "▸ · queued  2", "3 of 8 done"}},
	{name: "moving ends following", told: [][]event.Event{plan(), work()}, keys: []string{"G"}, shows: []string{"› • unchanged"}, hides: []string{"following the work"}},
	{name: "f follows again", told: [][]event.Event{plan(), work()}, keys: []string{"G", "f"}, shows: []string{"following the work", "›   ↻ supplier"}},
	{name: "q does not leave a run alone", told: [][]event.Event{plan(), work()}, keys: []string{"q"}, shows: []string{"ctrl-c stops it"}},
	{name: "ctrl-c stops, and says what it waits for", told: [][]event.Event{plan(), work()}, keys: []string{"ctrl+c"},
		decided: []event.Decision{event.Stop{}}, shows: []string{"stopping, ", "ctrl-c cancels", "Waiting for kira_user.team[", "and 1 more."}},
	{name: "ctrl-c again cancels", told: [][]event.Event{plan(), work()}, keys: []string{"ctrl+c", "ctrl+c"},
		decided: []event.Decision{event.Stop{}, event.Cancel{}}, shows: []string{"cancelling, ", "ctrl-c leaves"}},
	{name: "planning is stopped as well", told: [][]event.Event{plan()[:2]}, keys: []string{"ctrl+c"}, decided: []event.Decision{event.Stop{}}, shows: []string{"stopping · ctrl-c cancels"}},
	{name: "trouble stays, and comes first", told: [][]event.Event{plan(), work(), end()}, shows: []string{"▾ ✗ 400 Bad Request, business_type: is required ", "business_type is required. Add it", "▸ ✓ done  6"}},
	{name: "a stopped run says so in its title", told: [][]event.Event{plan(), work()}, keys: []string{"ctrl+c"},
		decided: []event.Decision{event.Stop{}}, shows: []string{"stopping", "ctrl-c cancels"}, hides: []string{"applying,", "left  "}},
	{name: "failures that differ in their tries alone have one heading", told: [][]event.Event{tried()}, shows: []string{"▾ ✗ 2 × no answer (several tries)"}},
	{name: "r plans again", options: again, told: [][]event.Event{plan(), work(), end()}, keys: []string{"r", "r"},
		decided: []event.Decision{event.Again{}}, shows: []string{"Planning again."}},
	{name: "w on a failed row says why it failed", options: again, told: [][]event.Event{plan(), work(), end()}, keys: []string{"w"},
		shows: []string{"✗ it failed: 400 Bad Request, business_type: is"}},
	{name: "w elsewhere waits for Kira", options: again, told: [][]event.Event{plan(), work(), end()}, keys: []string{"n", "w"},
		decided: []event.Decision{event.Again{Wait: true}}},
	{name: "the second run is asked about like the first", options: again, told: [][]event.Event{plan(), work(), end(), plan()}, keys: []string{"y", "a"}, shows: []string{"Apply to SANDBOX"}},
	{name: "c copies the ids of failed requests", told: [][]event.Event{plan(), work(), end()}, keys: []string{"c"}, shows: []string{"c copy request ids"}},
	{name: "n goes from trouble to trouble", told: [][]event.Event{plan(), work(), end()}, keys: []string{"n", "n", "n"}, shows: []string{"›   ⊘ sweep", "No more changes"}},
}

// alikes is a plan with n warnings that say the same, and an error after them.
func alikes(n int) []event.Event {
	out := []event.Event{event.Start{Command: "apply"}}
	for i := range n {
		a := fmt.Sprintf("kira_user.u[%d]", i)
		out = append(out, event.Planned{Addr: a, Kind: "kira_user", Name: "u", Action: "create"},
			event.Diagnostic{Severity: "warning", Code: "unanswered", Summary: "Never answered", Addr: a, Detail: "Of " + a + " nothing is known."})
	}
	return append(out, event.Diagnostic{Severity: "error", Summary: "Cannot be read", Addr: "kira_user.z", Detail: "It is gone."},
		event.PlanEnd{Counts: map[string]int{"create": n}})
}

// alikeUpdates is a plan in which three users change alike, and the account of each is
// for later.
func alikeUpdates() []event.Event {
	out := []event.Event{event.Start{Command: "apply"}}
	for i := range 3 {
		user := fmt.Sprintf("kira_user.u[%d]", i)
		out = append(out, event.Planned{Addr: user, Kind: "kira_user", Name: "u", Action: "update", Known: []event.Foreign{event.Foreign(fmt.Sprint("Person ", i))},
			Nodes: []event.Node{becomes("email", fmt.Sprint("u", i), "all@one.example")}},
			event.Planned{Addr: fmt.Sprintf("kira_virtual_account.a[%d]", i), Kind: "kira_virtual_account", Name: "a", Action: "defer", Why: user + " is CREATED", Needs: []string{user}})
	}
	return append(out, event.PlanEnd{Counts: map[string]int{"update": 3, "defer": 3}})
}

// accents is a plan for somebody with accents, and somebody without.
func accents() []event.Event {
	return []event.Event{event.Start{Command: "apply"},
		event.Planned{Addr: "kira_user.m", Kind: "kira_user", Name: "m", Action: "create", Known: []event.Foreign{"María José"}},
		event.Planned{Addr: "kira_user.l", Kind: "kira_user", Name: "l", Action: "create", Known: []event.Foreign{"Luis"}},
		event.PlanEnd{Counts: map[string]int{"create": 2}}}
}

// tried is a run in which two requests were never answered, after another number of
// tries each.
func tried() (out []event.Event) {
	for i := range 2 {
		out = append(out, event.End{Addr: fmt.Sprintf("kira_user.u[%d]", i), Action: "create", Err: event.Foreign(fmt.Sprintf("POST /v1/users: no answer (%d tries, request id r%d)", i+2, i))})
	}
	return append(out, event.Finish{Command: "apply", Failed: 2})
}

// siblings is a plan for two people who share some values.
func siblings() []event.Event {
	out := []event.Event{event.Start{Command: "apply"}}
	for _, name := range []string{"ana", "eva"} {
		out = append(out, event.Planned{Addr: "kira_user." + name, Kind: "kira_user", Name: name, Action: "create", Known: []event.Foreign{event.Foreign(name)},
			Nodes: []event.Node{set("type", "individual"), set("email", name+"@one.example"), set("address_country", "MEX")}})
	}
	return append(out, event.PlanEnd{Counts: map[string]int{"create": 2}})
}

func waits(o *Options)    { o.Patience = 15 * time.Minute }
func again(o *Options)    { o.Again = true }
func confirm(o *Options)  { o.Confirm = "acme" }
func readOnly(o *Options) { o.ReadOnly = true }

// decisions collects the decisions of a view.
type decisions struct {
	mu  sync.Mutex
	all []event.Decision
}

func (d *decisions) add(e event.Decision) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.all = append(d.all, e)
}

// start runs a view in memory.
func start(t *testing.T, o Options, told ...[]event.Event) *teatest.TestModel {
	tm := teatest.NewTestModel(t, New(o), teatest.WithInitialTermSize(120, 40))
	for _, events := range told {
		tm.Send(batch{noon, events})
	}
	return tm
}

func press(tm *teatest.TestModel, names ...string) {
	for _, n := range names {
		for _, msg := range keyMsgs(n) {
			tm.Send(msg)
		}
	}
}

func TestKeys(t *testing.T) {
	for _, s := range scripts {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			var d decisions
			o := Options{CanApply: true, Decide: d.add, Output: &bytes.Buffer{}}
			if s.options != nil {
				s.options(&o)
			}
			told := s.told
			if told == nil {
				told = [][]event.Event{plan()}
			}
			tm := start(t, o, told...)
			press(tm, s.keys...)
			if err := tm.Quit(); err != nil {
				t.Fatal(err)
			}
			m := tm.FinalModel(t, teatest.WithFinalTimeout(10*time.Second)).(Model)
			shows(t, m, s.shows...)
			hides(t, m, s.hides...)
			if !slices.EqualFunc(d.all, s.decided, sameDecision) {
				t.Errorf("decided %v, want %v", d.all, s.decided)
			}
		})
	}
}

func sameDecision(a, b event.Decision) bool {
	x, ok := a.(event.Apply)
	y, too := b.(event.Apply)
	if ok && too {
		return slices.Equal(x.Without, y.Without)
	}
	return a == b
}

// Every key that is bound is pressed in a script, here or below.
func TestEveryKeyHasAScript(t *testing.T) {
	pressed := map[string]bool{"q": true, "y": true, "m": true, "o": true, "ctrl+b": true, "ctrl+f": true, "p": true}
	for _, s := range scripts {
		for _, k := range s.keys {
			pressed[k] = true
		}
	}
	for _, c := range commands() {
		for _, k := range c.Keys() {
			if name := strings.Replace(k, " ", "space", 1); !pressed[name] {
				t.Errorf("nothing presses %s (%s)", name, c.Help().Desc)
			}
		}
	}
}

func TestLeaving(t *testing.T) {
	for name, c := range map[string]struct {
		told    [][]event.Event
		keys    []string
		decided int
	}{
		"q leaves a plan":                      {[][]event.Event{plan()}, []string{"q"}, 1},
		"ctrl-c leaves a plan":                 {[][]event.Event{plan()}, []string{"ctrl+c"}, 1},
		"q leaves the help as well":            {[][]event.Event{plan()}, []string{"?", "q", "q"}, 1},
		"q leaves while planning":              {[][]event.Event{plan()[:2]}, []string{"q"}, 2},
		"q leaves what is over":                {[][]event.Event{plan(), work(), end()}, []string{"q"}, 0},
		"the third ctrl-c leaves a stuck run":  {[][]event.Event{plan(), work()}, []string{"ctrl+c", "ctrl+c", "ctrl+c"}, 2},
		"a clean apply leaves by itself":       {[][]event.Event{plan(), work(), {event.Finish{Command: "apply"}}}, nil, 0},
		"a plan without changes does so, too":  {[][]event.Event{{event.Start{}, event.PlanEnd{}, event.Finish{Command: "plan"}}}, nil, 0},
		"a refresh that went well does so too": {[][]event.Event{{event.Start{}, event.Refresh{}, event.Finish{Command: "refresh"}}}, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var d decisions
			tm := start(t, Options{CanApply: true, Decide: d.add}, c.told...)
			press(tm, c.keys...)
			if m := tm.FinalModel(t, teatest.WithFinalTimeout(10*time.Second)).(Model); m.View() != "" {
				t.Error("the last frame stays on the screen")
			}
			if len(d.all) != c.decided {
				t.Errorf("decided %v, want %d decisions", d.all, c.decided)
			}
		})
	}
}

// A complete plan that is carried out without a question offers no decision, and
// ctrl-c stops it before its first request is shown.
func TestAnApprovedPlanIsStopped(t *testing.T) {
	var d decisions
	m := play(Options{CanApply: true, Approved: true, Decide: d.add}, 120, 40, plan())
	shows(t, m, "applying")
	hides(t, m, "a apply", "q leave")
	m = keys(m, "q")
	if m.leaving || len(d.all) > 0 {
		t.Fatalf("q left %t and decided %v", m.leaving, d.all)
	}
	m = keys(m, "ctrl+c")
	if _, stop := d.all[0].(event.Stop); !stop || m.leaving {
		t.Errorf("ctrl-c decided %v and left %t", d.all, m.leaving)
	}
}

// A run that is only looked at goes on when the view is left.
func TestLeavingWhatIsReadOnly(t *testing.T) {
	for _, key := range []string{"q", "ctrl+c"} {
		for stage, told := range map[string][]event.Event{"planning": plan()[:2], "reviewing": plan(), "applying": append(plan(), work()...)} {
			var d decisions
			m := play(Options{CanApply: true, ReadOnly: true, Decide: d.add}, 120, 40, told)
			shows(t, m, "q leave")
			if m = keys(m, key); !m.leaving || len(d.all) > 0 && stage == "applying" {
				t.Errorf("%s while %s: left %t and decided %v", key, stage, m.leaving, d.all)
			}
		}
	}
}

func TestStayingAfterACleanRun(t *testing.T) {
	run := append(plan(), event.Begin{Addr: "kira_user.maria", Action: "create"}, event.Finish{Command: "apply"})
	m := play(Options{ReadOnly: true, Stay: true}, 120, 40, run)
	if m = send(m, ended{}); m.leaving {
		t.Error("the view left by itself")
	}
	shows(t, m, "done")
}

func TestHoldingARecording(t *testing.T) {
	var held []bool
	m := play(Options{ReadOnly: true, Stay: true, Pause: func(hold bool) { held = append(held, hold) }}, 120, 40, plan(), work())
	shows(t, m, "p pause")
	m = keys(m, "p")
	shows(t, m, "Held. p goes on.", "p go on")
	if keys(m, "p"); !slices.Equal(held, []bool{true, false}) {
		t.Errorf("held %v", held)
	}
}

func TestSteppingThroughARecording(t *testing.T) {
	steps := 0
	m := play(Options{ReadOnly: true, Stay: true, Step: func() { steps++ }}, 120, 40, plan(), work())
	shows(t, m, "space next")
	m = send(keys(m, "space", "j", "space"), ended{})
	hides(t, m, "space next")
	if keys(m, "space"); steps != 2 {
		t.Errorf("%d steps were asked for, want one for each press of space before the end", steps)
	}
}

// The events of a recording are timed by it, however fast it is played.
func TestClockOfARecording(t *testing.T) {
	m := New(Options{Clock: func() time.Time { return noon.Add(time.Hour) }})
	if got, ok := m.ticks()().(tick); !ok || !time.Time(got).Equal(noon.Add(time.Hour)) {
		t.Errorf("a tick of %v, want the clock's", got)
	}
}

func TestCopyingAnAddress(t *testing.T) {
	var out bytes.Buffer
	m, _ := review(t, func(o *Options) { o.Output = &out })
	next, cmd := m.Update(keyMsgs("y")[0])
	m = send(next.(Model), cmd())
	shows(t, m, "Copied kira_recipient.supplier.")
	if want := "\x1b]52;c;a2lyYV9yZWNpcGllbnQuc3VwcGxpZXI=\a"; out.String() != want {
		t.Errorf("the terminal got %q, want %q", out.String(), want)
	}
	shows(t, keys(m, "k", "y"), "No resource is selected, so there is no address to copy.")
}

func TestWritingMarkdown(t *testing.T) {
	var wrote event.Review
	var fails error
	m, _ := review(t, func(o *Options) {
		o.Save = func(r event.Review) (string, error) { wrote = r; return "plan.md", fails }
	})
	next, cmd := m.Update(keyMsgs("m")[0])
	shows(t, send(next.(Model), cmd()), "Wrote the plan to plan.md.")
	if wrote.Start.Command != "apply" || wrote.Start.Place.Account != "1a2b3c4d" || len(wrote.Changes) == 0 {
		t.Errorf("wrote %+v", wrote.Start)
	}
	fails = errors.New("disk full")
	shows(t, send(m, cmd()), "Could not write the plan: disk full")
}

func TestOpeningTheEditor(t *testing.T) {
	var places []string
	m, _ := review(t, func(o *Options) {
		o.Editor = func(file string, line int) *exec.Cmd {
			places = append(places, file+":"+whole(time.Duration(line)*time.Second))
			return exec.Command("true")
		}
	})
	m = keys(m, "o", "e", "o", "e", "G", "N", "o")
	if want := []string{"main.kira.hcl:2m51s", "main.kira.hcl:39s"}; !slices.Equal(places, want) {
		t.Errorf("opened %v, want %v", places, want)
	}
	shows(t, m, "This is not written in a file.")
}

// Production is named in the heading and in the question, and nowhere else is it
// as easy to say yes.
func TestProductionStandsOut(t *testing.T) {
	events := plan()
	start := events[0].(event.Start)
	start.Place = event.Place{Environment: "production", Address: "https://api.balampay.com", Account: "1a2b3c4d", Production: true}
	events[0] = start
	for width, heading := range map[int]string{120: "kiraform apply ·  PRODUCTION  · api.balampay.com · acct 1a2b3c4d", 80: "kiraform apply ·  PRODUCTION  · ", 40: "apply ·  PRODUCTION      review the plan"} {
		m := keys(play(Options{CanApply: true, Confirm: "production"}, width, 30, events), "a")
		shows(t, m, heading, "Apply to  PRODUCTION ", "api.balampay.com · acct 1a2b3c4d", "Type production", "stays")
	}
}
