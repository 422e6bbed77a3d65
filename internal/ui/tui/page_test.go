package tui

import (
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"kiraform/internal/event"
	"kiraform/internal/textdiff"
)

// recorded is a model that has seen the recorded run up to the last event that
// until accepts, and for so long after it.
func recorded(t *testing.T, o Options, until func(event.Event) bool, after time.Duration) Model {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "run.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []event.Moment
	last := -1
	for m, err := range event.Moments(f) {
		if err != nil {
			t.Fatal(err)
		}
		if until(m.Event) {
			last = len(all)
		}
		all = append(all, m)
	}
	if last < 0 {
		t.Fatal("the recorded run has no such event")
	}
	m := send(New(o), tea.WindowSizeMsg{Width: 100, Height: 26})
	for _, at := range all[:last+1] {
		m = send(m, batch{at.At, []event.Event{at.Event}})
	}
	return send(m, tick(all[last].At.Add(after)))
}

func ofType[E event.Event](e event.Event) bool { _, ok := e.(E); return ok }

// frames are those of the pages.
var frames = map[string]func(*testing.T) Model{
	"review": func(t *testing.T) Model { return keys(reviewed(t), "n", "n", "n", "n") },
	"question": func(t *testing.T) Model {
		return keys(reviewed(t), "n", "n", "n", "n", "n", "space", "a")
	},
	"applying": func(t *testing.T) Model { return recorded(t, Options{}, ofType[event.Retry], 300*time.Millisecond) },
	"failed":   func(t *testing.T) Model { return recorded(t, Options{Stay: true}, ofType[event.Finish], 0) },
	"planning": func(t *testing.T) Model { return play(Options{}, 100, 26, plan()[:2]) },
	"crowd": func(t *testing.T) Model {
		return keys(play(Options{CanApply: true}, 100, 26, crowd(250)), "n", "pgdown", "pgdown")
	},
	"folded": func(t *testing.T) Model {
		return keys(play(Options{CanApply: true}, 100, 26, crowd(250)), "z", "down", "right", "down")
	},
	"waiting": func(t *testing.T) Model {
		return keys(play(Options{CanApply: true, Patience: 15 * time.Minute}, 100, 26, plan()), "a")
	},
	"production": func(t *testing.T) Model {
		events := plan()
		start := events[0].(event.Start)
		start.Place = event.Place{Environment: "production", Address: "https://api.balampay.com", Account: "1a2b3c4d", Production: true}
		events[0] = start
		return keys(play(Options{CanApply: true, Confirm: "production"}, 100, 26, events), "a", `"prod"`, "enter")
	},
	"why": func(t *testing.T) Model { return keys(reviewed(t), "/", `"usdc"`, "enter", "w") },
	"stopping": func(t *testing.T) Model {
		return keys(play(Options{}, 100, 26, plan(), work()), "ctrl+c")
	},
	"rush": func(t *testing.T) Model { return play(Options{}, 100, 26, rush(120)) },
	"alike": func(t *testing.T) Model {
		return keys(play(Options{Output: io.Discard}, 100, 26, rush(120), rushed(120)), "e")
	},
	"rushed": func(t *testing.T) Model { return play(Options{Output: io.Discard}, 100, 26, rush(120), rushed(120)) },
	"trouble": func(t *testing.T) Model {
		return play(Options{Again: true, Output: io.Discard}, 100, 26, plan(), work(), end())
	},
	"unready": func(t *testing.T) Model { return play(Options{Output: io.Discard}, 100, 26, notReady()) },
	"glance": func(t *testing.T) Model {
		return send(recorded(t, Options{}, ofType[event.Gate], 0), tea.WindowSizeMsg{Width: 100, Height: 19})
	},
	"help": func(t *testing.T) Model { return keys(reviewed(t), "?") },
}

func reviewed(t *testing.T) Model {
	o := Options{CanApply: true, Output: io.Discard, Save: func(event.Review) (string, error) { return "", nil },
		Editor: func(string, int) *exec.Cmd { return nil }}
	return recorded(t, o, ofType[event.PlanEnd], 0)
}

// keyTable lists all commands, by topic.
func keyTable() string {
	var b strings.Builder
	b.WriteString("| key | does | |\n|---|---|---|\n")
	for _, topic := range topics {
		for _, c := range commands() {
			if c.topic != topic {
				continue
			}
			note := ""
			if c.changes {
				note = " not with `-read-only`"
			}
			fmt.Fprintf(&b, "| %s | %s |%s |\n", "`"+strings.Join(strings.Fields(c.Help().Key), "` `")+"`", c.Help().Desc, note)
		}
	}
	return b.String()
}

var block = regexp.MustCompile(`(?s)<!-- (frame )?([a-z]+) -->\n.*?<!-- end -->`)

// pages are those that show the view.
var pages = []string{"README.md", "docs/tui.md", "docs/gallery.md"}

// The pages show the pictures of the view, and all of its keys. "make frames"
// writes it.
func TestPages(t *testing.T) {
	shown := map[string]bool{}
	for _, name := range pages {
		path := filepath.Join("..", "..", "..", filepath.FromSlash(name))
		page, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		want := block.ReplaceAllStringFunc(string(page), func(was string) string {
			names := block.FindStringSubmatch(was)
			mark, _, _ := strings.Cut(was, "\n")
			switch draw := frames[names[2]]; {
			case names[1] == "" && names[2] == "keys":
				return mark + "\n" + keyTable() + "<!-- end -->"
			case names[1] != "" && draw != nil:
				shown[names[2]] = true
				return mark + "\n```text\n" + screenOf(t, draw(t)) + "```\n<!-- end -->"
			}
			t.Errorf("%s: there is nothing to put for %s", name, mark)
			return was
		})
		switch d := textdiff.Lines(string(page), want); {
		case d == "":
		case flag.Lookup("update").Value.String() != "true":
			t.Errorf("%s is out of date; make frames writes it (- is, + should be):\n%s", name, d)
		default:
			if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(shown) != len(frames) {
		t.Errorf("the pages have %d frames of %d", len(shown), len(frames))
	}
}
