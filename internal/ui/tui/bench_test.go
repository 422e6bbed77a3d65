package tui

import (
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// A plan of 10,000 resources arrives at once.
func BenchmarkFoldPlan10000(b *testing.B) {
	planned, _ := many(10_000)
	for b.Loop() {
		play(Options{}, 120, 40, planned)
	}
}

// An apply of 10,000 resources, in batches of a thirtieth of a second at 3,000
// events a second. One iteration is one batch, tree and details included.
func BenchmarkFoldBatchOf10000(b *testing.B) {
	planned, applied := many(10_000)
	m := play(Options{}, 120, 40, planned)
	at := 0
	for b.Loop() {
		next := min(at+100, len(applied))
		m = send(m, batch{noon.Add(time.Second), applied[at:next]})
		if at = next; at == len(applied) {
			at = 0
		}
	}
}

// One frame of 10,000 resources.
func BenchmarkRender10000(b *testing.B) {
	planned, applied := many(10_000)
	m := play(Options{Color: true, Back: DarkBackground}, 200, 60, planned, applied[:9_000])
	for b.Loop() {
		_ = m.View()
	}
}

// One key press among 10,000 resources.
func BenchmarkMove10000(b *testing.B) {
	planned, _ := many(10_000)
	m := play(Options{}, 120, 40, planned)
	for b.Loop() {
		m = send(m, tea.KeyMsg{Type: tea.KeyDown})
	}
}

// One letter of a filter over 10,000 resources.
func BenchmarkFilter10000(b *testing.B) {
	planned, _ := many(10_000)
	m := keys(play(Options{}, 120, 40, planned), "/")
	for b.Loop() {
		m = keys(m, "9", "backspace")
	}
}
