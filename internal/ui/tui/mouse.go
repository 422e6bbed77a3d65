package tui

import tea "github.com/charmbracelet/bubbletea"

// perTurn is how many rows a turn of the wheel scrolls.
const perTurn = 3

// point takes the wheel and the clicks of a mouse. A mouse moves and unfolds; it
// never answers a question, so that no click is taken for approval.
func (m *Model) point(e tea.MouseMsg) tea.Cmd {
	if m.prompt != nil || m.width < minWidth || m.height < minHeight || e.Action != tea.MouseActionPress {
		return nil
	}
	by := 0
	switch e.Button {
	case tea.MouseButtonWheelUp:
		by = -perTurn
	case tea.MouseButtonWheelDown:
		by = perTurn
	case tea.MouseButtonLeft:
		return m.click(e.X, e.Y)
	default:
		return nil
	}
	if !m.help {
		m.detailed = m.overDetail(e.X, e.Y)
	}
	return move(by)(m)
}

// top is the first row of the panes on the screen.
func (m *Model) top() int {
	if m.height < low {
		return 2
	}
	return 3
}

// overDetail reports whether a place of the screen belongs to the detail pane.
func (m *Model) overDetail(x, y int) bool {
	l := m.layout()
	switch {
	case l.beside:
		return x > l.list.width
	case l.list.height == 0:
		return true
	}
	return y-m.top() >= l.list.height
}

// click moves the cursor to a row. A click on the row of the cursor opens it, as
// enter does.
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
		if at := m.issue.top + i; at < len(m.run.problems) {
			m.issue.at = at
		}
		return nil
	}
	at := m.cursor.top + i
	switch head := m.pinned(l.list.height); {
	case at >= len(m.rows):
	case i == 0 && head != nil:
		m.find(func(r row) bool { return r.res == nil && r.group == head.group })
	case at == m.cursor.at:
		return m.open()
	default:
		m.cursor.at = at
	}
	return nil
}
