package tui

import (
	"slices"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"kiraform/internal/event"
	"kiraform/internal/norace"
)

// Whatever is pressed or clicked while whatever happens in a terminal of any size,
// there is a frame, and it fits. A mouse decides nothing.
func TestAnyKeysAtAnyTime(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	var pressed []string
	for _, c := range commands() {
		pressed = append(pressed, c.Keys()...)
	}
	pressed = append(slices.DeleteFunc(pressed, func(k string) bool { return k == "o" || k == "pgdown" }), "x", "backspace", `"kira"`)
	events := slices.Concat(plan(), work(), end(), event.Each)
	rapid.Check(t, func(t *rapid.T) {
		decided := 0
		m := New(Options{CanApply: true, Decide: func(event.Decision) { decided++ }, Confirm: rapid.SampledFrom([]string{"", "x"}).Draw(t, "name"), ReadOnly: rapid.Bool().Draw(t, "read-only")})
		for range 30 {
			switch rapid.IntRange(0, 4).Draw(t, "what") {
			case 0:
				from := rapid.IntRange(0, len(events)-1).Draw(t, "from")
				to := rapid.IntRange(from, len(events)).Draw(t, "to")
				m = send(m, batch{noon, events[from:to]})
			case 1:
				m = send(m, tea.WindowSizeMsg{Width: rapid.IntRange(0, 130).Draw(t, "width"), Height: rapid.IntRange(0, 45).Draw(t, "height")})
			case 2:
				asked := m.asking()
				decided = 0
				m = send(m, tea.MouseMsg{X: rapid.IntRange(0, 140).Draw(t, "x"), Y: rapid.IntRange(0, 50).Draw(t, "y"),
					Button: tea.MouseButton(rapid.IntRange(0, 6).Draw(t, "button")), Action: tea.MouseAction(rapid.IntRange(0, 2).Draw(t, "action"))})
				if decided > 0 || m.asking() != asked {
					t.Fatalf("a mouse asked or answered: %d decisions", decided)
				}
			default:
				m = keys(m, rapid.SampledFrom(pressed).Draw(t, "key"))
			}
			if m.leaving {
				return
			}
			frame := m.View()
			if m.width < minWidth || m.height < minHeight {
				continue
			}
			rows := strings.Split(frame, "\n")
			if len(rows) != m.height {
				t.Fatalf("%d rows at %dx%d:\n%s", len(rows), m.width, m.height, frame)
			}
			for _, row := range rows {
				if n := ansi.StringWidth(row); n > m.width {
					t.Fatalf("%d cells at %dx%d: %s", n, m.width, m.height, row)
				}
			}
		}
	})
}
