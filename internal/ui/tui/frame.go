package tui

import (
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// render draws m on a terminal of the given size. It is a function of the
// three.
func render(m Model, width, height int) string {
	if width <= 0 || height <= 0 {
		return ""
	}
	if width != m.width || height != m.height {
		m.width, m.height = width, height
		m.settle()
	}
	s := &screen{style: m.style}
	if m.tooSmall() {
		way := "press q to leave"
		if isWorking(&m) && m.run.stage() != planning && !m.opts.ReadOnly {
			way = "stop the run with ctrl-c"
		}
		s.tooSmall(width, height, way)
		return s.String()
	}
	l := m.layout()
	s.put(m.title(width), "")
	s.put(m.state().fill(width), "")
	if height >= low {
		joint := "┬"
		if m.help {
			joint = "─" // there is one pane below
		}
		s.put(m.rule(l, joint), "")
	}
	m.body(s, l)
	s.put(m.status(width), "")
	s.put(m.bottom(width).fill(width), "")
	return s.String()
}

// Frame is the picture on a terminal of the given size after some events, as
// plain text without the spaces at the ends of rows. It is for documentation.
func Frame(o Options, width, height int, events ...event.Event) string {
	m, _ := New(o).Update(tea.WindowSizeMsg{Width: width, Height: height})
	m, _ = m.Update(batch{time.Time{}, events})
	rows := strings.Split(ansi.Strip(m.View()), "\n")
	for i := range rows {
		rows[i] = strings.TrimRight(rows[i], " ")
	}
	return strings.Join(rows, "\n")
}

// screen collects painted rows.
type screen struct {
	style
	strings.Builder
	rows int
}

func (s *screen) put(l line, base string) {
	s.next()
	s.paint(&s.Builder, l, base)
}

func (s *screen) next() {
	if s.rows > 0 {
		s.WriteByte('\n')
	}
	s.rows++
}

func (s *screen) tooSmall(width, height int, way string) {
	text := fmt.Sprintf("kiraform needs a terminal of %dx%d; this one is %dx%d. Enlarge it, or %s.", minWidth, minHeight, width, height, way)
	for i, row := range strings.Split(ansi.Wrap(text, width, ""), "\n") {
		if i < height {
			s.put(uninked(row), "")
		}
	}
}

// state is the line below the title.
func (m *Model) state() line {
	switch m.run.stage() {
	case planning:
		if m.run.looked.Total == 0 {
			return inked(faint, "Reading the configuration")
		}
		l := bar(m.run.looked.Done, m.run.looked.Total, min(m.width/5, 30))
		return append(l, span{fmt.Sprintf("Looking at live objects: %d of %d", m.run.looked.Done, m.run.looked.Total), plain})
	case applying:
		return m.progressLine()
	case over:
		if m.run.acting {
			return m.outcomeLine()
		}
	}
	return m.counters()
}

// counters sum the plan up, or the selected part of it.
func (m *Model) counters() line {
	var t tally
	t.planned(m.run.numbers(m.choice))
	t.add("○", plain, m.run.includes(choice{})-m.run.includes(m.choice), "left out")
	if len(t) == 0 && m.run.errors() == 0 && len(m.run.dead) == 0 {
		return inked(green, m.run.matching())
	}
	t.add("!", yellow, len(m.run.dead), "ended at Kira")
	errors := m.run.errors()
	t.add("✗", red, errors, words.Plural(errors, "error"))
	warnings := len(m.run.problems) - errors
	t.add("!", yellow, warnings, words.Plural(warnings, "warning"))
	l := t.line(m.width)
	if n := m.run.unchanged(); n > 0 { // left out first where room is short: the tree has it too
		rest := inked(faint, fmt.Sprintf("  %d unchanged", n))
		if l.cells()+rest.cells() <= m.width {
			l = append(l, rest...)
		}
	}
	return l
}

// rule separates the head from the panes, with a joint where they meet.
func (m *Model) rule(l layout, joint string) line {
	if !l.beside {
		return inked(faint, strings.Repeat("─", l.width))
	}
	return inked(faint, strings.Repeat("─", l.list.width+1)+joint+strings.Repeat("─", l.detail.width+1))
}
