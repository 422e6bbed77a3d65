package tui

import (
	"fmt"
	"strings"

	"kiraform/internal/event"
)

// body draws the panes, or what covers them.
func (m *Model) body(s *screen, l layout) {
	switch {
	case m.prompt != nil && !m.prompt.filter:
		s.pane(m.question(), l.whole())
	case m.help:
		s.pane(m.helpLines(l.whole())[m.helpTop:], l.whole())
	case l.beside:
		for i := range l.list.height {
			row, base := m.listRow(i, l.list)
			s.put(row.fill(l.list.width), base)
			s.paint(&s.Builder, m.separator(), "")
			s.paint(&s.Builder, m.detailRow(i).fill(l.detail.width), "")
		}
	default:
		for i := range l.list.height {
			row, base := m.listRow(i, l.list)
			s.put(row.fill(l.list.width), base)
		}
		if l.list.height > 0 && l.detail.height > 0 {
			s.put(m.rule(layout{width: l.width}, ""), "")
		}
		for i := range l.detail.height {
			s.put(m.detailRow(i).fill(l.width), "")
		}
	}
}

// separator stands between the panes. It is heavy towards the one that has the
// keys.
func (m *Model) separator() line {
	if m.detailed {
		return line{{" ┃ ", bold}}
	}
	return line{{" │ ", faint}}
}

// pane draws lines from the top of a box.
func (s *screen) pane(lines []line, b box) {
	for i := range b.height {
		var l line
		if i < len(lines) {
			l = lines[i]
		}
		s.put(l.fill(b.width), "")
	}
}

// listRow draws row i of the list's window, and what lies below it.
func (m *Model) listRow(i int, b box) (l line, base string) {
	at := m.cursor
	n := len(m.rows)
	if m.issues {
		at, n = m.issue, len(m.run.problems)
	}
	if n == 0 {
		return m.emptyRow(i), ""
	}
	from, to := at.window(n, b.height)
	i += from
	if i >= to {
		return nil, ""
	}
	mark := span{"  ", plain}
	if i == at.at {
		mark, base = span{"› ", bold | cyan}, m.style.selected(!m.detailed)
	}
	if m.issues {
		return append(line{mark}, issueLine(m.run.problems[i])...), base
	}
	return append(line{mark}, m.treeRow(m.rows[i], b.width-2)...), base
}

// emptyRow says why there is nothing to list.
func (m *Model) emptyRow(i int) line {
	text := ""
	switch {
	case i != 1:
	case len(m.filter) > 0:
		text = "  Nothing is called like that."
	case m.run.stage() == planning:
		text = "  What changes will be listed here."
	default:
		text = "  No changes: Kira matches the configuration."
	}
	return inked(faint, text)
}

// treeRow draws a heading or a resource.
func (m *Model) treeRow(r row, width int) line {
	if r.res == nil {
		return m.headingRow(r)
	}
	lead := strings.Repeat("  ", max(0, r.depth-1))
	sign, look, text, textInk := m.resourceText(r.res)
	label := r.label()
	if r.group.flat { // the heading says it
		text = strings.TrimPrefix(text, phaseWord(r.res.phase))
	}
	l := line{{lead, plain}, {sign, look}, {" ", plain}, {label, plain}}
	column := min(m.tree.column, width*2/5)
	if used := l.cells(); used < column && !r.group.flat {
		l = append(l, span{strings.Repeat(" ", column-used), plain})
	}
	if text != "" {
		l = append(l, span{"  ", plain}, span{text, textInk})
	}
	return l
}

// resourceText is the sign of a resource and what is said after its name: what
// is planned, or how far it is.
func (m *Model) resourceText(res *resource) (sign string, look ink, text string, textInk ink) {
	a := actionOf(res.Action)
	if because, out := m.choice.excluded(res.Addr); out && res.phase == queued && !still(res.Action) {
		text = "left out"
		if because != res.Addr {
			text += ", since it needs " + inline(because)
		}
		return "  ○", bold, text, faint
	}
	if !m.run.acting || still(res.Action) {
		return a.Sign, a.ink | bold, summary(res.Planned), faint
	}
	if res.phase == queued && res.Action == event.Defer {
		return "  »", magenta, "deferred: " + summary(res.Planned), faint
	}
	sign, look, text = m.run.saying(res)
	textInk = plain
	if res.phase == queued || res.phase == done {
		textInk = faint
	}
	if res.phase == failed {
		textInk = red
	}
	return "  " + sign, look | bold, text, textInk
}

// headingRow draws a heading with what is below it.
func (m *Model) headingRow(r row) line {
	g := r.group
	arrow := "▾ "
	if m.folded[g.key] && len(m.filter) == 0 {
		arrow = "▸ "
	}
	if len(g.members)+len(g.groups) == 0 {
		arrow = "• "
	}
	look := bold
	if g.key == unchangedKey {
		look = faint
	}
	l := line{{strings.Repeat("  ", r.depth) + arrow, faint}, {inline(g.title), look}}
	if m.run.stage() == applying && g.key != unchangedKey && g.key != outputsKey {
		return append(l, span{fmt.Sprintf("  %d of %d", g.settled, g.total-g.out), faint})
	}
	return append(l, span{fmt.Sprintf("  %d", g.total), faint})
}

// detailRow is row i of the detail pane's window.
func (m *Model) detailRow(i int) line {
	if i += m.scroll; i < len(m.detail) {
		return m.detail[i]
	}
	return nil
}
