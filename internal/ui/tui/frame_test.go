package tui

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden" // teatest brings it; the flag -update exists once in a program

	"kiraform/internal/event"
	"kiraform/internal/norace"
)

var sizes = [][2]int{{40, 12}, {80, 24}, {120, 40}, {200, 60}}

// stories are the runs that are looked at in every size.
var stories = []struct {
	name string
	tell func(width, height int) Model
}{
	{"planning", func(w, h int) Model { return play(Options{}, w, h, plan()[:2]) }},
	{"review", func(w, h int) Model { return play(Options{CanApply: true}, w, h, plan()) }},
	{"update", func(w, h int) Model {
		return keys(play(Options{CanApply: true}, w, h, plan()), "/", `"acme email"`, "enter", "tab")
	}},
	{"left-out", func(w, h int) Model {
		return keys(play(Options{CanApply: true}, w, h, plan()), "/", `"usr"`, "esc", "n", "space")
	}},
	{"crowd", func(w, h int) Model {
		return keys(play(Options{CanApply: true}, w, h, crowd(250)), "pgdown", "pgdown", "down")
	}},
	{"folded", func(w, h int) Model {
		return keys(play(Options{CanApply: true}, w, h, crowd(250)), "z", "down", "right", "down", "down")
	}},
	{"why", func(w, h int) Model {
		return keys(play(Options{CanApply: true}, w, h, plan()), "/", `"usdc"`, "enter", "w")
	}},
	{"question", func(w, h int) Model {
		return keys(play(Options{CanApply: true, Confirm: "acme"}, w, h, plan()), "a", `"ac"`)
	}},
	{"production", func(w, h int) Model {
		events := plan()
		start := events[0].(event.Start)
		start.Place = event.Place{Environment: "production", Address: "https://api.balampay.com", Account: "1a2b3c4d", Production: true}
		events[0] = start
		return keys(play(Options{CanApply: true, Confirm: "production"}, w, h, events), "a", `"prod"`, "enter")
	}},
	{"diagnostics", func(w, h int) Model { return keys(play(Options{CanApply: true}, w, h, plan()), "e") }},
	{"help", func(w, h int) Model { return keys(play(Options{CanApply: true}, w, h, plan()), "?") }},
	{"applying", func(w, h int) Model { return play(Options{}, w, h, plan(), work()) }},
	{"trouble", func(w, h int) Model { return play(Options{}, w, h, plan(), work(), end()) }},
	{"not-ready", func(w, h int) Model { return play(Options{Output: io.Discard}, w, h, notReady()) }},
	{"rush", func(w, h int) Model { return play(Options{}, w, h, rush(120)) }},
	{"rushed", func(w, h int) Model { return play(Options{Output: io.Discard}, w, h, rush(120), rushed(120)) }},
	{"alike", func(w, h int) Model { return keys(play(Options{}, w, h, rush(120), rushed(120)), "e") }},
	{"no-changes", func(w, h int) Model {
		return play(Options{ReadOnly: true, Stay: true}, w, h, []event.Event{event.Start{Command: "plan"}, event.PlanEnd{Counts: map[string]int{"no-op": 3}}})
	}},
	{"ended", func(w, h int) Model {
		return play(Options{ReadOnly: true, Stay: true}, w, h, []event.Event{event.Start{Command: "plan"},
			event.PlanEnd{Counts: map[string]int{"no-op": 3}, Ended: []event.Ended{{Addr: "kira_user.maria", Is: "REJECTED"}}}})
	}},
	{"moves", func(w, h int) Model {
		return play(Options{CanApply: true}, w, h, []event.Event{
			event.Start{Command: "apply"},
			event.Planned{Addr: "kira_user.maria", From: "kira_user.m", Kind: "kira_user", Name: "maria", Action: "no-op", ID: "usr_1", Hidden: 12},
			event.Planned{Addr: "kira_user.u[1]", From: "kira_user.u[2]", Kind: "kira_user", Name: "u", Action: "forget", ID: "usr_3", Why: "it is not in the configuration"},
			event.PlanEnd{Counts: map[string]int{"no-op": 3, "move": 1, "forget": 1}},
		})
	}},
	{"forget", func(w, h int) Model { return play(Options{CanApply: true}, w, h, forgetting()) }},
	{"forget-question", func(w, h int) Model { return keys(play(Options{CanApply: true}, w, h, forgetting()), "a") }},
	{"take-in-question", func(w, h int) Model { return keys(play(Options{CanApply: true}, w, h, moved()), "a") }},
	{"filtering", func(w, h int) Model { return keys(play(Options{CanApply: true}, w, h, plan()), "/", `"acme"`) }},
	{"wrong-word", func(w, h int) Model {
		return keys(play(Options{CanApply: true, Confirm: "acme"}, w, h, plan()), "a", `"ac"`, "enter")
	}},
	{"stopping", func(w, h int) Model { return keys(play(Options{}, w, h, plan(), work()), "ctrl+c") }},
	{"cancelling", func(w, h int) Model { return keys(play(Options{}, w, h, plan(), work()), "ctrl+c", "ctrl+c") }},
	{"stopped", func(w, h int) Model {
		finish := event.Finish{Command: "apply", Done: map[string]int{"update": 1, "adopt": 1, "create": 1}, Undone: 5, Stopped: true, Requests: 9, Took: 3 * time.Second}
		return play(Options{Again: true}, w, h, plan(), work()[:9], []event.Event{finish})
	}},
	{"for-later", func(w, h int) Model { return play(Options{Again: true}, w, h, later(false)) }},
	{"held-up", func(w, h int) Model { return play(Options{Again: true}, w, h, later(true)) }},
	{"recording", func(w, h int) Model {
		return keys(play(Options{ReadOnly: true, Pause: func(bool) {}}, w, h, plan(), work()), "p")
	}},
	{"failed-plan", func(w, h int) Model {
		d := insecure
		d.Severity = "error"
		return play(Options{}, w, h, []event.Event{event.Start{Command: "plan"}, d, insecure, event.Finish{Command: "plan"}})
	}},
}

func TestFrames(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	for _, story := range stories {
		for _, size := range sizes {
			t.Run(fmt.Sprintf("%s.%dx%d", story.name, size[0], size[1]), func(t *testing.T) {
				golden.RequireEqual(t, []byte(screenOf(t, story.tell(size[0], size[1]))))
			})
		}
	}
}

// With colours the same text stands in the same cells.
func TestColoursAddNothing(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	for _, story := range stories {
		m := story.tell(120, 40)
		without := screenOf(t, m)
		for _, back := range []Background{UnknownBackground, DarkBackground, LightBackground} {
			m.style = style{color: true, back: back}
			if !strings.Contains(m.View(), "\x1b[") {
				t.Errorf("%s has no colours at all", story.name)
			}
			if got := screenOf(t, m); got != without {
				t.Errorf("%s in colours reads\n%s\nand without\n%s", story.name, got, without)
			}
		}
	}
}

func TestColouredFrame(t *testing.T) {
	m := play(Options{CanApply: true, Color: true, Back: DarkBackground}, 80, 24, plan())
	golden.RequireEqual(t, []byte(strings.ReplaceAll(m.View(), "\x1b", "^")+"\n"))
}

// Every frame is as many rows as the terminal has, each of them as wide at most.
func TestFramesFit(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	for _, story := range stories {
		for width := 1; width <= 130; width += 23 {
			for height := 1; height <= 40; height += 7 {
				m := story.tell(width, height)
				rows := strings.Split(m.View(), "\n")
				if len(rows) > height || width >= minWidth && height >= minHeight && len(rows) != height {
					t.Errorf("%s at %dx%d has %d rows", story.name, width, height, len(rows))
				}
				for _, row := range rows {
					if n := ansi.StringWidth(row); n > width && width > 8 {
						t.Errorf("%s at %dx%d has a row of %d cells: %q", story.name, width, height, n, row)
					}
				}
			}
		}
	}
}

func TestSmallTerminalSaysSo(t *testing.T) {
	m := play(Options{}, 39, 12, plan())
	shows(t, m, "40x12", "39x12")
	m = send(m, tea.WindowSizeMsg{Width: 40, Height: 11})
	shows(t, m, "is 40x11")
}

// A terminal that was resized shows the picture that one of that size would have
// shown, except for where a list that is longer than the screen was scrolled to.
func TestResizing(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	for _, story := range stories {
		if story.name == "crowd" || story.name == "folded" {
			continue
		}
		m := story.tell(120, 40)
		for _, size := range [][2]int{{40, 12}, {10, 3}, {200, 60}, {80, 24}, {120, 40}} {
			m = send(m, tea.WindowSizeMsg{Width: size[0], Height: size[1]})
			if got, want := render(m, 120, 40), render(m, size[0], size[1]); size[0] != 120 && got == want {
				t.Errorf("%s looks the same at 120x40 and at %v", story.name, size)
			}
		}
		if got, want := screenOf(t, m), screenOf(t, story.tell(120, 40)); got != want {
			t.Errorf("%s after resizing is\n%s\nwant\n%s", story.name, got, want)
		}
	}
}

func TestWideCharactersKeepTheColumns(t *testing.T) {
	m := play(Options{}, 120, 40, plan())
	term := screenOf(t, m)
	for row := range strings.SplitSeq(term, "\n") {
		if before, _, ok := strings.Cut(row, "│"); ok && ansi.StringWidth(before) != 63 {
			t.Errorf("the panes meet at %d: %s", ansi.StringWidth(before), row)
		}
	}
	if !strings.Contains(term, `team["日本支社"]`) {
		t.Errorf("the name is not shown:\n%s", term)
	}
}

func TestWhatATerminalWouldActOnIsSpelledOut(t *testing.T) {
	evil := "\x1b[2Jgone\u202e\nnext\ttab"
	events := plan()
	events = append(events[:3:3], event.Planned{Addr: "kira_user." + evil, Kind: "kira_user", Name: evil, Action: "create", Why: evil,
		After: evil, ID: evil, File: evil, Module: evil, Needs: []string{evil}, Nodes: []event.Node{set(evil, evil), becomes(evil, evil, evil+"x")}},
		event.Diagnostic{Summary: evil, Detail: evil, Addr: evil, Values: []string{evil}, Source: &event.Source{File: evil, Block: evil, Code: evil}},
		event.PlanEnd{Counts: map[string]int{"create": 1}})
	for _, work := range [][]event.Event{nil, {event.Retry{Addr: evil, Text: event.Foreign(evil)}, event.Gate{Addr: "x", Text: event.Foreign(evil)}, event.Skip{Addr: "y", Cause: evil}},
		{event.End{Addr: evil, Err: event.Foreign(evil)}, event.Deferred{Addr: "z", Reason: event.Foreign(evil)}, event.Finish{Failed: 1, Command: evil}}} {
		m := play(Options{}, 120, 40, events, work)
		for _, press := range []string{"down", "w", "w", "e", "down", "enter"} {
			m = keys(m, press)
			if v := strings.NewReplacer("\x1b[0m", "", "\x1b[1m", "", "\x1b[4m", "", "\x1b[7m", "", "\x1b[1;4m", "", "\x1b[1;7m", "", "\x1b[4;7m", "").Replace(m.View()); strings.ContainsAny(v, "\x1b\t\u202e") {
				t.Fatalf("a frame holds what a terminal acts on: %q", v)
			}
		}
	}
}
