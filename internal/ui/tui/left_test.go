package tui

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"kiraform/internal/event"
)

var sandbox = event.Place{Environment: "sandbox", Address: "https://api.balampay.com/sandbox", Account: "1a2b3c4d"}

// forgetting is the plan of a destroy.
func forgetting() []event.Event {
	return []event.Event{
		event.Start{Format: 1, Command: "destroy", Place: sandbox},
		event.Planned{Addr: "kira_user.acme", Kind: "kira_user", Name: "acme", Action: "forget", ID: "usr_1", Known: []event.Foreign{"Acme Trading LLC"}},
		event.Planned{Addr: "kira_user.maria", Kind: "kira_user", Name: "maria", Action: "forget", ID: "usr_9", Known: []event.Foreign{"Maria Gonzalez"}},
		event.Planned{Addr: "kira_webhook.this", Kind: "kira_webhook", Name: "this", Action: "forget", ID: "webhook", Known: []event.Foreign{"hooks.example"}},
		event.PlanEnd{Counts: map[string]int{"forget": 3}},
	}
}

// later is an apply that leaves accounts for later: of a user whom Kira has not
// verified yet, and of one whom it rejected.
func later(rejected bool) []event.Event {
	finish := event.Finish{Command: "apply", Done: map[string]int{"create": 1}, Deferred: 1, Requests: 9, Took: 700 * time.Millisecond}
	reason := event.Foreign("kira_user.maria is CREATED, and Kira has to make it VERIFIED first")
	if rejected {
		reason = "kira_user.maria is REJECTED, and Kira has to make it VERIFIED first"
		finish.Held, finish.Ended = 1, []event.Ended{{Addr: "kira_user.maria", Is: "REJECTED"}}
	}
	return []event.Event{
		event.Start{Format: 1, Command: "apply", Place: sandbox},
		event.Planned{Addr: "kira_recipient.rent", Kind: "kira_recipient", Name: "rent", Action: "create", Known: []event.Foreign{"Luis Ortega", "SPEI"}, File: "main.kira.hcl", Line: 206},
		event.Planned{Addr: "kira_virtual_account.maria_usd", Kind: "kira_virtual_account", Name: "maria_usd", Action: "defer", Known: []event.Foreign{"austin_capital_trust", "fiat"},
			Why: string(reason), Needs: []string{"kira_user.maria"}, File: "main.kira.hcl", Line: 157},
		event.PlanEnd{Counts: map[string]int{"create": 1, "defer": 1, "no-op": 1}, Ended: finish.Ended},
		event.Begin{Addr: "kira_recipient.rent", Action: "create"},
		event.End{Addr: "kira_recipient.rent", Action: "create", ID: "rcp_1", Took: 300 * time.Millisecond},
		event.Deferred{Addr: "kira_virtual_account.maria_usd", Reason: reason},
		event.Outputs{},
		finish,
	}
}

// A deferral whose object has ended does not go on by waiting, so nothing offers to.
func TestNobodyWaitsForAnObjectThatHasEnded(t *testing.T) {
	o := Options{Again: true}
	waits := play(o, 120, 40, later(false))
	shows(t, waits, "w wait here", "The next apply goes on with them.")
	rejected := play(o, 120, 40, later(true))
	hides(t, rejected, "w wait here", "The next apply goes on")
	shows(t, rejected, "To mend it: kiraform status")
}

// The reason of a deferral is said once, though the plan and the run have it.
func TestADeferralIsGivenOnce(t *testing.T) {
	got := screenOf(t, play(Options{}, 120, 40, later(false)))
	var detail []string
	for row := range strings.Lines(got) {
		if _, right, ok := strings.Cut(row, "│"); ok {
			detail = append(detail, strings.Fields(right)...)
		}
	}
	if n := strings.Count(strings.Join(detail, " "), "and Kira has to make it VERIFIED first"); n != 1 {
		t.Errorf("the reason stands there %d times:\n%s", n, got)
	}
}

// Diagnostics about the lines of a block come once for each of its instances.
func TestEqualDiagnosticsOfAResourceAreShownOnce(t *testing.T) {
	events := plan()
	for range 6 {
		events = append(events[:3:3], append([]event.Event{insecure}, events[3:]...)...)
	}
	m := keys(play(Options{CanApply: true}, 120, 60, events), "/", `"hooks"`, "enter")
	if n := strings.Count(screenOf(t, m), "Not encrypted"); n != 1 {
		t.Errorf("one warning is shown %d times:\n%s", n, screenOf(t, m))
	}
}

// A run of less than a second does not say that it took none.
func TestAShortRunSaysNoTime(t *testing.T) {
	m := send(New(Options{}), tea.WindowSizeMsg{Width: 120, Height: 40})
	events := later(false)
	m = send(m, batch{noon, events[:5]}, tick(noon), batch{noon.Add(300 * time.Millisecond), events[5:]}, tick(noon.Add(300*time.Millisecond)))
	hides(t, m, " in 0s")
	shows(t, m, "1 done · 1 for later")
}

// A word that was copied with the end of its line is that word.
func TestPastedAnswers(t *testing.T) {
	for _, pasted := range []string{"production", "production\r", "production\n", "production\r\n"} {
		events := plan()
		start := events[0].(event.Start)
		start.Place.Production = true
		events[0] = start
		var d decisions
		m := keys(play(Options{CanApply: true, Confirm: "production", Decide: d.add}, 120, 40, events), "a")
		m = send(m, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(pasted), Paste: true})
		if len(d.all) != 0 {
			t.Errorf("%q alone decided %v", pasted, d.all)
		}
		shows(t, m, "> production█")
		if keys(m, "enter"); len(d.all) != 1 {
			t.Errorf("%q and enter decided %v", pasted, d.all)
		}
	}
	m := keys(play(Options{}, 120, 40, plan()), "/")
	m = send(m, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("acme\remail\r"), Paste: true})
	shows(t, m, "/acme email█")
}

// One row for several resources says that they are left out, and its key that it takes
// them in again.
func TestAFoldedRowIsLeftOut(t *testing.T) {
	events := []event.Event{event.Start{Format: 1, Command: "destroy", Place: sandbox}}
	for i := range 4 {
		events = append(events, event.Planned{Addr: fmt.Sprintf("kira_user.a[%d]", i), Kind: "kira_user", Name: "a", Action: "forget"})
	}
	m := play(Options{CanApply: true}, 120, 40, append(events, event.PlanEnd{Counts: map[string]int{"forget": 4}}))
	shows(t, m, ". 4 users  live on at Kira", "space leave out")
	m = keys(m, " ")
	shows(t, m, "○ 4 users  left out", "space take in  ")
	hides(t, m, ". 4 users")
	shows(t, keys(m, " "), ". 4 users  live on at Kira", "space leave out")
}

// A key is named by its effect on this run, and is not named where it has none.
func TestKeysAreNamedByTheirEffect(t *testing.T) {
	o := Options{CanApply: true}
	m := play(o, 120, 40, forgetting())
	shows(t, m, "a forget  ")
	hides(t, m, "a apply")
	shows(t, keys(m, "?"), "forget the selected resources")
	m = play(o, 120, 40, moved())
	shows(t, m, "a take in  ")
	hides(t, m, "a apply")

	m = play(o, 120, 40, plan()[:1])
	hides(t, m, "/ filter", "w why")
	m = keys(play(o, 120, 40, plan()), "g")
	hides(t, m, "w why") // on a heading
	shows(t, keys(m, "down"), "w why")
	shows(t, keys(m, "down", "w", "up"), "w why") // it ends there, too
}

// In the smallest terminal, too, one sees how far a run is, and the key that ends it.
func TestSmallTerminalsSayHowFarARunIs(t *testing.T) {
	m := keys(play(Options{}, 40, 12, plan(), work()), "ctrl+c")
	shows(t, m, "stopping, 1s", "ctrl-c cancel")
	m = keys(m, "ctrl+c")
	shows(t, m, "cancelling, 1s", "ctrl-c leave the view")
	shows(t, play(Options{Again: true}, 40, 12, later(true)), "To mend it: kiraform status")
	shows(t, play(Options{Again: true}, 40, 12, later(false)), "The next apply goes on with them.")
	shows(t, play(Options{ReadOnly: true}, 40, 12, later(false)), "1 done")
}

// People who are written in blocks of their own have one reason to wait, as instances of
// one block have; a single one keeps its name.
func TestReasonsOfBlocksHaveOneHeading(t *testing.T) {
	for _, n := range []int{1, 40} {
		events := []event.Event{event.Start{Format: 1, Command: "apply", Place: sandbox}}
		for i := range n {
			events = append(events, event.Planned{Addr: fmt.Sprintf("kira_virtual_account.a%d", i), Kind: "kira_virtual_account", Name: fmt.Sprint("a", i), Action: "create"})
		}
		events = append(events, event.PlanEnd{Counts: map[string]int{"create": n}})
		gates, later := slices.Clone(events), slices.Clone(events)
		for i := range n {
			addr, reason := fmt.Sprintf("kira_virtual_account.a%d", i), event.Foreign(fmt.Sprintf("kira_user.u%d is CREATED, and Kira has to make it VERIFIED first", i))
			gates, later = append(gates, event.Gate{Addr: addr, Text: reason}), append(later, event.Deferred{Addr: addr, Reason: reason})
		}
		later = append(later, event.Finish{Command: "apply", Deferred: n})
		name := "kira_user.…"
		if n == 1 {
			name = "kira_user.u0"
		}
		shows(t, play(Options{}, 200, 60, gates), fmt.Sprintf("◷ waiting for Kira  %d  %s is CREATED", n, name))
		shows(t, play(Options{}, 200, 60, later), fmt.Sprintf("» for later  %d  %s is CREATED", n, name))
	}
}

// The causes of a change speak of needs that are met as of such.
func TestWhySpeaksOfDoneNeeds(t *testing.T) {
	m := keys(play(Options{}, 120, 60, plan(), work()), "/", `"maria_usdc"`, "enter", "w")
	shows(t, m, "✓ kira_user.maria  added", "it was in the configuration and not at Kira", "it is in the configuration and not at Kira")
	hides(t, m, "+ kira_user.maria")
}

// The question of a run that waits anyway says so, and for how long.
func TestTheQuestionSaysHowLongARunWaits(t *testing.T) {
	events := plan()
	start := events[0].(event.Start)
	start.Wait = time.Minute
	events[0] = start
	for _, size := range sizes {
		shows(t, keys(play(Options{CanApply: true}, size[0], size[1], events), "a"), "y apply and wait for Kira, 1m at")
	}
	hides(t, keys(play(Options{CanApply: true}, 120, 40, plan()), "a"), "wait for Kira")
}

// An editor that does not do its work is told of in words.
func TestAnEditorThatFails(t *testing.T) {
	for want, editor := range map[string]*exec.Cmd{
		"There is no editor nope. EDITOR names another one.":      exec.Command("/bin/nope"),
		"There is no editor not-there. EDITOR names another one.": exec.Command("not-there"),
		"false ended with exit code 1.":                           exec.Command("false"),
	} {
		if got := editorFailed(editor.Path, editor.Run()); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
