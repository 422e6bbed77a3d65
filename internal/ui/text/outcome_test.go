package text_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kiraform/internal/event"
	view "kiraform/internal/ui/text"
	"kiraform/internal/ui/words"
)

func TestOutcome(t *testing.T) {
	begun := event.End{Addr: "kira_user.a", Action: "create", ID: "usr_1"}
	failed := event.Diagnostic{Severity: "error", Summary: "No"}
	for name, c := range map[string]struct {
		before []event.Event
		finish event.Finish
		want   string // "" if there is no summary
	}{
		"zeros are said of what is added and changed": {
			finish: event.Finish{Command: "apply"}, want: "Apply complete! Resources: 0 added, 0 changed."},
		"all went well": {
			finish: event.Finish{Command: "apply", Done: map[string]int{"create": 2, "update": 1, "adopt": 1, "no-op": 4, "read": 1}},
			want:   "Apply complete! Resources: 2 added, 1 changed, 1 adopted."},
		"what is deferred is success with something left": {
			finish: event.Finish{Command: "apply", Deferred: 2}, want: "Apply complete! Resources: 0 added, 0 changed, 2 deferred."},
		"what has ended is counted and named": {
			finish: event.Finish{Command: "apply", Ended: []event.Ended{{Addr: "kira_user.b", Is: "REJECTED"}, {Addr: "kira_user.a", Is: "REJECTED"}}},
			want: "Apply complete! Resources: 0 added, 0 changed. Objects: 2 ended.\n\n" +
				"Ended at Kira, and cannot be used:\n  kira_user.a: REJECTED\n  kira_user.b: REJECTED"},
		"a failure is counted": {
			finish: event.Finish{Command: "apply", Failed: 1, Skipped: 3},
			want:   "Apply finished, but 1 resource failed. Resources: 0 added, 0 changed, 1 failed, 3 skipped."},
		"stopped by the user": {
			finish: event.Finish{Command: "apply", Stopped: true}, want: "Apply stopped early. Resources: 0 added, 0 changed."},
		"a stop says how much is left": {
			finish: event.Finish{Command: "apply", Done: map[string]int{"create": 150}, Stopped: true, Undone: 840},
			want:   "Apply stopped early. Resources: 150 added, 0 changed, 840 not done."},
		"stopped by the user after a failure": {
			finish: event.Finish{Command: "apply", Stopped: true, Failed: 2},
			want:   "Apply stopped early, and 2 resources failed. Resources: 0 added, 0 changed, 2 failed."},
		"an error apart from any resource": {
			before: []event.Event{begun, failed}, finish: event.Finish{Command: "apply", Done: map[string]int{"create": 1}},
			want: "Apply finished with errors. Resources: 1 added, 0 changed."},
		"an error before any work says it all": {
			before: []event.Event{failed}, finish: event.Finish{Command: "apply"}},
		"a destroy counts what it forgot": {
			finish: event.Finish{Command: "destroy"}, want: "Destroy complete! Resources: 0 forgotten."},
		"another command counts nothing": {
			finish: event.Finish{Command: "refresh"}, want: "Refresh complete!"},
		"the command may come from the start": {
			before: []event.Event{event.Start{Command: "apply"}}, finish: event.Finish{}, want: "Apply complete! Resources: 0 added, 0 changed."},
		"of a plan only what it cost is left to say": {
			finish: event.Finish{Command: "plan", Requests: 3, Took: 1200 * time.Millisecond}, want: "3 requests to Kira in 1.2s."},
	} {
		t.Run(name, func(t *testing.T) {
			full := show(view.Options{}, append(c.before, c.finish))
			got, next, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(full, show(view.Options{}, c.before))), "\n\nTo ")
			if left := c.finish.Failed+c.finish.Deferred > 0 || c.finish.Stopped; left != strings.Contains(next, "\n  kiraform apply") {
				t.Errorf("how to go on is %q", next)
			}
			if len(c.finish.Ended) > 0 && !strings.Contains(next, "\n  kiraform status") {
				t.Errorf("the remedies of those that have ended are %q", next)
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestPlanLine(t *testing.T) {
	for name, c := range map[string]struct {
		counts map[string]int
		want   string
	}{
		"terraform's counts are always there": {map[string]int{"replace": 1}, "Plan: 0 to add, 0 to change, 1 to replace.\n"},
		"all of them": {map[string]int{"create": 3, "update": 1, "replace": 1, "adopt": 1, "forget": 1, "defer": 2, "read": 5},
			"Plan: 3 to add, 1 to change, 1 to replace, 1 to adopt, 1 to forget, 2 deferred.\n"},
	} {
		if got := strings.TrimSpace(show(view.Options{}, []event.Event{event.PlanEnd{Counts: c.counts}})) + "\n"; got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// A plan without changes, or with outputs alone, names ended objects too.
func TestPlansSayWhatHasEnded(t *testing.T) {
	ended := []event.Ended{{Addr: "kira_user.a", Is: "REJECTED"}}
	for _, e := range []event.PlanEnd{{Ended: ended}, {Ended: ended, Counts: map[string]int{"create": 1}}, {Ended: ended, Outputs: []event.Node{{Name: "x", Op: "+"}}}} {
		for _, command := range []string{"plan", "refresh"} {
			if got := show(view.Options{}, []event.Event{event.Start{Command: command}, e}); !strings.Contains(got, "\n\nEnded at Kira, and cannot be used:\n  kira_user.a: REJECTED\n") {
				t.Errorf("%s says\n%s", command, got)
			}
		}
	}
}

func TestWhatIsLeftBehindIsListed(t *testing.T) {
	got := show(view.Options{}, []event.Event{
		event.Start{Command: "apply"},
		event.Planned{Addr: "kira_user.planned", Action: "replace", ID: "usr_1"},
		event.PlanEnd{Counts: map[string]int{"replace": 1}},
		event.Begin{Addr: "kira_user.planned", Action: "replace"},
		event.End{Addr: "kira_user.planned", Action: "replace", ID: "usr_2"},
		event.Begin{Addr: "kira_user.begun", Action: "replace", ID: "usr_3"},
		event.End{Addr: "kira_user.begun", Action: "replace", ID: "usr_4"},
		event.Begin{Addr: "kira_user.failed", Action: "replace", ID: "usr_5"},
		event.End{Addr: "kira_user.failed", Action: "replace", ID: "usr_5", Err: "no"},
		event.Finish{Command: "apply", Done: map[string]int{"replace": 2}, Failed: 1},
	})
	if want := "no longer managed:\n  kira_user.begun: usr_3\n  kira_user.planned: usr_1\n"; !strings.Contains(got, want) {
		t.Errorf("got\n%s\nwant it to have\n%s", got, want)
	}
}

// Diagnostics of one block say the same of many resources: the first is shown whole.
// The sum of a destroy of many stays in sight.
func TestManyLeftBehindAreCounted(t *testing.T) {
	for _, command := range []string{"destroy", "apply"} {
		events := []event.Event{event.Start{Format: 1, Command: command}}
		for i := range 1000 {
			events = append(events, event.End{Addr: fmt.Sprintf("kira_user.a[%d]", i), Action: "forget", ID: fmt.Sprint("usr_", i)})
		}
		events = append(events, event.Finish{Command: command, Done: map[string]int{"forget": 1000}})
		got := strings.TrimSpace(show(view.Options{Quiet: true}, events))
		if n := strings.Count(got, "\n"); n > 30 {
			t.Errorf("%s: %d lines", command, n)
		}
		for _, want := range []string{"1000 forgotten", "kira_user.a[19]: usr_19\n  and 980 more\n", "kiraform state orphans"} {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q in\n%s", command, want, got)
			}
		}
	}
}

func TestLikeDiagnosticsFold(t *testing.T) {
	var events []event.Event
	for _, addr := range []string{`kira_user.p["a"]`, `kira_user.p["b"]`, `kira_user.p["c"]`} {
		events = append(events, event.Diagnostic{Severity: "warning", Code: "x", Summary: "There is such a user already", Addr: addr,
			Detail: "It is " + addr + ".", Source: &event.Source{File: "main.kira.hcl", Line: 3, Column: 1}})
	}
	events = append(events, event.Diagnostic{Severity: "warning", Code: "x", Summary: "There is such a user already", Addr: "kira_user.other", Source: &event.Source{File: "main.kira.hcl", Line: 9}})
	got := show(view.Options{}, events)
	if strings.Count(got, "╷") != 2 || !strings.Contains(got, `Warning: There is such a user already (and 2 more like it: kira_user.p["b"], kira_user.p["c"])`) {
		t.Errorf("it says\n%s", got)
	}
}

// A warning that five thousand blocks have is one, with its places. An error is to be
// mended at each of them.
func TestWarningsOfSeveralBlocksFold(t *testing.T) {
	var events []event.Event
	for line := range 5000 {
		for _, severity := range []string{"warning", "error"} {
			if severity == "error" && line > 1 {
				continue
			}
			events = append(events, event.Diagnostic{Severity: severity, Code: "x", Summary: "Declared as no", Detail: "Write yes or no.",
				Source: &event.Source{File: "main.kira.hcl", Line: line + 1, Column: 1}})
		}
	}
	got := show(view.Options{}, events)
	if strings.Count(got, "╷") != 3 || !strings.Contains(got, "Warning: Declared as no (and 4999 more like it: "+
		"main.kira.hcl line 2, main.kira.hcl line 3, main.kira.hcl line 4 and 4996 more)\n") {
		t.Errorf("it says\n%s", got[:min(len(got), 3000)])
	}
}

// A brief view says of a plan only its sum.
func TestBrief(t *testing.T) {
	got := show(view.Options{Brief: true}, []event.Event{event.Start{Command: "plan"},
		event.Planned{Addr: "kira_user.a", Kind: "kira_user", Name: "a", Action: "create"}, event.PlanEnd{Counts: map[string]int{"create": 1}}})
	if want := "\nPlan: 1 to add, 0 to change.\n"; got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
}

// The checks of every instance say the same one after the other, and name it in their
// words only: each is shown once, and the others are counted.
func TestLikeDiagnosticsFoldInTurn(t *testing.T) {
	var events []event.Event
	for _, key := range []string{"0", "1", "2"} {
		at := &event.Source{File: "main.kira.hcl", Line: 3, Column: 1}
		events = append(events,
			event.Diagnostic{Severity: "error", Summary: "Missing attribute", Detail: "kira_user needs phone.", Source: at},
			event.Diagnostic{Severity: "error", Summary: "Missing attribute", Detail: "kira_user needs birth_date.", Source: at},
			event.Diagnostic{Severity: "error", Summary: "Not complete enough", Detail: "kira_user.u[" + key + "] lacks phone.", Source: at},
			event.Diagnostic{Severity: "warning", Summary: "There already", Detail: "It is 51000000-59dd-4a0c-be12-8691c1d87f2" + key + ".", Addr: "kira_user.u[" + key + "]", Source: at})
	}
	got := show(view.Options{}, events)
	if strings.Count(got, "╷") != 4 || strings.Count(got, "more like it") != 2 ||
		!strings.Contains(got, "Error: Not complete enough (and 2 more like it: kira_user.u[1], kira_user.u[2])\n"+
			"Warning: There already (and 2 more like it: kira_user.u[1], kira_user.u[2])\n") {
		t.Errorf("it says\n%s", got)
	}
}

// Actions are run one after the other, so that their failures come between the lines on
// what happens: those that are alike are one all the same.
func TestLikeDiagnosticsFoldBetweenEvents(t *testing.T) {
	events := []event.Event{event.Start{Command: "apply"}}
	for _, key := range []string{"a", "b", "c", "d"} {
		addr := "action.kira_simulated_deposit.first[\"" + key + "\"]"
		events = append(events, event.Begin{Addr: addr, Action: "invoke"}, event.End{Addr: addr, Action: "invoke", Err: "400 Bad Request"},
			event.Diagnostic{Severity: "error", Code: "not-done", Summary: "Refused by Kira", Detail: "400 Bad Request", Addr: addr})
	}
	got := show(view.Options{}, append(events, event.Finish{Command: "apply", Actions: event.Invocations{Failed: 4}}))
	like := "Error: Refused by Kira (and 3 more like it: action.kira_simulated_deposit.first[\"b\"], " +
		"action.kira_simulated_deposit.first[\"c\"], action.kira_simulated_deposit.first[\"d\"])\n\nApply finished, but 4 actions failed."
	if strings.Count(got, "more like it") != 1 || !strings.Contains(got, like) {
		t.Errorf("got\n%s\nwant it to have\n%s", got, like)
	}
}

// Many resources with one reason are one entry of the lists at the end, and ids of
// objects that were left behind are never put together.
func TestReasonsAreGrouped(t *testing.T) {
	events := []event.Event{event.Start{Command: "apply"}}
	for i := range 12 {
		addr := fmt.Sprintf("kira_user.u[%d]", 11-i)
		events = append(events, event.Begin{Addr: addr, Action: "create"}, event.End{Addr: addr, Action: "create", Err: event.Foreign(fmt.Sprintf("look at %s: no answer", addr))})
		events = append(events, event.Deferred{Addr: fmt.Sprintf("kira_virtual_account.v[%d]", i), Reason: "the balance is nil"})
		left := fmt.Sprintf("kira_recipient.r[%d]", i)
		events = append(events, event.Begin{Addr: left, Action: "forget", ID: fmt.Sprintf("51000000-59dd-4a0c-be12-8691c1d87f%02d", i)}, event.End{Addr: left, Action: "forget"})
	}
	events = append(events, event.End{Addr: "kira_user.z", Action: "create", Err: "POST /v1/users: 400"}, event.Finish{Command: "apply", Failed: 13, Deferred: 12})
	got := show(view.Options{}, events)
	for _, want := range []string{
		"Failed:\n  look at kira_user.u[…]: no answer\n    kira_user.u[0], kira_user.u[1], kira_user.u[2] and 9 more\n  kira_user.z: POST /v1/users: 400\n",
		"Deferred:\n  the balance is nil\n    kira_virtual_account.v[0], ",
		"  kira_recipient.r[10]: 51000000-59dd-4a0c-be12-8691c1d87f10\n  kira_recipient.r[11]: 51000000-59dd-4a0c-be12-8691c1d87f11\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwant it to have\n%s", got, want)
		}
	}
}

// Failures that differ in the number of their tries alone have one reason.
func TestTriesAreNoReason(t *testing.T) {
	var events []event.Event
	for i := range 5 {
		events = append(events, event.End{Addr: fmt.Sprintf("kira_user.u[%d]", i), Action: "create",
			Err: event.Foreign(fmt.Sprintf("no answer (%d tries, request id r%d)", i+2, i))})
	}
	events[3] = event.End{Addr: "kira_user.u[3]", Action: "create", Err: "no answer (2 tries)"}
	got := show(view.Options{}, append(events, event.Finish{Command: "apply", Failed: 5}))
	if want := "Failed:\n  no answer (several tries)\n    kira_user.u[0], kira_user.u[1], kira_user.u[2] and 2 more\n"; !strings.Contains(got, want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// The line that goes on waits longer than the run that waited in vain.
func TestNextLineWaitsLonger(t *testing.T) {
	for wait, want := range map[time.Duration]string{
		0:                "and wait for Kira:\n  kiraform apply -wait=15m\n",
		time.Second:      "and wait longer for Kira:\n  kiraform apply -wait=15m\n",
		15 * time.Minute: "and wait longer for Kira:\n  kiraform apply -wait=30m\n",
		time.Hour:        "and wait longer for Kira:\n  kiraform apply -wait=2h\n",
	} {
		if got := show(view.Options{Width: 200}, []event.Event{event.Start{Command: "apply", Wait: wait}, event.Finish{Command: "apply", Deferred: 1}}); !strings.Contains(got, want) {
			t.Errorf("after a wait of %s the line is\n%s\nwant\n%s", wait, got, want)
		}
	}
}

// The line that goes on has the flags that the run had.
func TestNextLineHasFlags(t *testing.T) {
	start := event.Start{Command: "apply", With: []string{"-var-file=a.hcl", "-var=pin", "-target=kira_user.a"}}
	for want, finish := range map[string]event.Finish{
		"\nTo go on, and wait for Kira, with its value after each -var:\n  kiraform apply -wait=15m -var-file=a.hcl -var=pin -target=kira_user.a\n": {Command: "apply", Deferred: 1},
		"\n  kiraform apply -var-file=a.hcl -var=pin -target=kira_user.a\n":                                                                         {Command: "apply", Stopped: true},
		"\n  kiraform status -var-file=a.hcl -var=pin\n":                                                                                            {Command: "apply", Ended: []event.Ended{{Addr: "kira_user.a", Is: "REJECTED"}}},
	} {
		if got := show(view.Options{Width: 200}, []event.Event{start, finish}); !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwant it to have\n%s", got, want)
		}
	}
}

// At a terminal no line goes beyond it, unless a word is too long or it is one to paste;
// elsewhere lines stay whole.
func TestLinesFitTheTerminal(t *testing.T) {
	events := []event.Event{event.Start{Command: "apply"}}
	for _, key := range []string{"ana", "bob", "eva", "leo", "zoe"} {
		user, account := "kira_user.people[\""+key+"\"]", "kira_virtual_account.usd[\""+key+"\"]"
		reason := event.Foreign(user + " is CREATED, and Kira has to make it VERIFIED first")
		d := event.Diagnostic{Severity: "warning", Summary: "There is such a user already", Detail: "It is one.", Addr: user}
		events = append(events, d, event.Gate{Addr: account, Text: reason}, event.Deferred{Addr: account, Reason: reason})
	}
	events = append(events, event.Finish{Command: "apply", Deferred: 5})
	for _, width := range []int{0, 40, 80, 120} {
		got, long := show(view.Options{Width: width, Screen: width}, events), 0
		for line := range strings.SplitSeq(got, "\n") {
			if words.Cells(line) > max(width, 80) && len(strings.Fields(line)) > 1 || width == 40 && words.Cells(line) > 40 && strings.Contains(strings.TrimSpace(line), " ") {
				long++
			}
		}
		if (long > 0) != (width == 0) {
			t.Errorf("in %d cells %d lines are too long:\n%s", width, long, got)
		}
	}
}

// A run that is not to run actions, and that leaves instances which are known only now,
// leaves nothing that waits for Kira.
func TestNothingToWaitFor(t *testing.T) {
	got := show(view.Options{}, []event.Event{event.Start{Command: "apply"},
		event.Deferred{Addr: "kira_recipient.r[*]", Reason: "its keys were not known"},
		event.Deferred{Addr: "action.kira_simulated_deposit.first", Reason: "-allow leaves out invoke; an apply that allows it runs it"},
		event.Finish{Command: "apply", Done: map[string]int{"create": 1}, Deferred: 1, Actions: event.Invocations{Deferred: 1}}})
	if strings.Contains(got, "-wait") || !strings.Contains(got, "\n  kiraform apply\n") {
		t.Errorf("it says\n%s", got)
	}
}

// A run that waits for Kira goes on as one that does.
func TestNextLineWaitsAgain(t *testing.T) {
	for wait, want := range map[time.Duration]string{0: "apply", 90 * time.Second: "apply -wait=1m30s", 15 * time.Minute: "apply -wait=15m", 2 * time.Hour: "apply -wait=2h"} {
		for _, finish := range []event.Finish{{Command: "apply", Stopped: true, Deferred: 1}, {Command: "apply", Failed: 1}} {
			got := show(view.Options{Width: 200}, []event.Event{event.Start{Command: "apply", Wait: wait}, finish})
			if !strings.Contains(got, "\n  kiraform "+want+"\n") {
				t.Errorf("after a wait of %s: got\n%s\nwant it to have %s", wait, got, want)
			}
		}
	}
}

// Waiting is not advised for changes that need an object that has ended, and is for the
// others.
func TestNobodyWaitsForAnObjectThatHasEnded(t *testing.T) {
	ended := []event.Ended{{Addr: "kira_user.a", Is: "REJECTED"}}
	for _, c := range []struct {
		deferred, held, unready int
		wait, mend              bool
	}{{1, 0, 0, true, false}, {1, 1, 0, false, true}, {3, 1, 0, true, true}, {1, 1, 1, true, true}} {
		got := show(view.Options{}, []event.Event{event.Start{Command: "apply"},
			event.Finish{Command: "apply", Deferred: c.deferred, Held: c.held, Unready: c.unready, Ended: ended[:min(1, c.held)]}})
		if strings.Contains(got, "\n  kiraform apply -wait=15m\n") != c.wait || strings.Contains(got, "\n  kiraform status\n") != c.mend {
			t.Errorf("%+v: got\n%s", c, got)
		}
	}
}

// People who are written in blocks of their own have one reason to wait, as instances of
// one block have.
func TestReasonsOfBlocksAreGrouped(t *testing.T) {
	var events []event.Event
	for i := range 100 {
		events = append(events, event.Deferred{Addr: fmt.Sprintf("kira_virtual_account.a%03d", i),
			Reason: event.Foreign(fmt.Sprintf("kira_user.u%03d is CREATED, and Kira has to make it VERIFIED first", i))})
	}
	got := show(view.Options{}, append(events, event.Finish{Command: "apply", Deferred: 100}))
	_, got, _ = strings.Cut(got, "\nDeferred:\n")
	if want := "  kira_user.… is CREATED, and Kira has to make it VERIFIED first\n    kira_virtual_account.a000, kira_virtual_account.a001, kira_virtual_account.a002 and 97 more\n\nTo go on"; !strings.HasPrefix(got, want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
