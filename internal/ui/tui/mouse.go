package tui

import tea "github.com/charmbracelet/bubbletea"

// perTurn is how many rows a turn of the wheel scrolls.
const perTurn = 3

// turned is how many rows a turn of the wheel scrolls, down if that is positive. It is
// 0 for everything else that a mouse does.
func turned(e tea.MouseMsg) int {
	switch {
	case e.Action != tea.MouseActionPress:
		return 0
	case e.Button == tea.MouseButtonWheelUp:
		return -perTurn
	case e.Button == tea.MouseButtonWheelDown:
		return perTurn
	}
	return 0
}

// clicked reports whether e is a press of the left button, and no drag.
func clicked(e tea.MouseMsg) bool {
	return e.Action == tea.MouseActionPress && e.Button == tea.MouseButtonLeft
}

// point takes the wheel and the clicks of a mouse. A mouse moves and unfolds; it
// never answers a question, so that no click is taken for approval.
func (m *Model) point(e tea.MouseMsg) tea.Cmd {
	if m.asking() || m.tooSmall() {
		return nil
	}
	if by := turned(e); by != 0 {
		m.wheel(e.X, e.Y, by)
	} else if clicked(e) {
		return m.click(e.X, e.Y)
	}
	return nil
}

// wheel scrolls the pane below the pointer. The keys stay with the pane that has them.
func (m *Model) wheel(x, y, by int) {
	height := max(m.layout().list.height, 1)
	switch {
	case m.help:
		m.helpTop += by
	case m.overDetail(x, y):
		m.scroll = max(0, min(m.scroll+by, m.surplus))
	case m.issues:
		m.issue = m.issue.scroll(by, len(m.issueRows), height, 0)
	default:
		m.follow = false
		m.cursor = m.cursor.scroll(by, len(m.rows), height, 1)
	}
}

// top is the first row of the panes on the screen.
func (m *Model) top() int {
	if m.height < low {
		return 2
	}
	return 3
}

// overDetail reports whether a place of the screen belongs to the detail pane.
func (m *Model) overDetail(x, y int) bool { return m.layout().overDetail(x, y-m.top()) }

// overDetail reports whether column x of row y, from the first one of the panes,
// belongs to the detail pane.
func (l layout) overDetail(x, y int) bool {
	switch {
	case l.beside:
		return x > l.list.width
	case l.list.height == 0:
		return true
	}
	return y >= l.list.height
}

// click moves the cursor to a row. A click on the row of the cursor opens it, as
// enter does, and so does one on the arrow of a heading.
func (m *Model) click(x, y int) tea.Cmd {
	l := m.layout()
	i := y - m.top()
	if m.help || i < 0 || i >= l.whole().height {
		return nil
	}
	if m.detailed = m.overDetail(x, y); m.detailed {
		return nil
	}
	m.follow = false
	if m.issues {
		return m.clickIssue(x, m.issue.top+i)
	}
	at := m.cursor.top + i
	switch head := m.pinned(l.list.height); {
	case at >= len(m.rows):
		return nil
	case i == 0 && head != nil:
		m.find(func(r row) bool { return r.res == nil && r.group == head.group })
		return nil
	}
	again := at == m.cursor.at
	m.cursor.at = at
	if r := m.rows[at]; again || r.res == nil && onArrow(x, r.depth) {
		return m.open()
	}
	return nil
}

func (m *Model) clickIssue(x, at int) tea.Cmd {
	if at >= len(m.issueRows) {
		return nil
	}
	again := at == m.issue.at
	m.issue.at = at
	if again || m.issueRows[at].heads() && onArrow(x, 0) {
		return m.visit()
	}
	return nil
}

// onArrow reports whether column x is that of the arrow before a heading.
func onArrow(x, depth int) bool { return x >= 2*depth+2 && x < 2*depth+4 }
