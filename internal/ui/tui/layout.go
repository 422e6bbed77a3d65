package tui

// The smallest terminal that the view fits in.
const (
	minWidth  = 40
	minHeight = 12
)

// layout is how the rows of a terminal are shared out.
type layout struct {
	width        int
	list, detail box
	beside       bool // the two stand beside each other
}

// page is how far one goes by a page, in the list or in the details.
func (l layout) page(detailed bool) int {
	if detailed {
		return max(1, l.detail.height-1)
	}
	return max(1, l.list.height-1)
}

// box is the room of a pane; a pane without rows is not shown.
type box struct{ width, height int }

// The rows that the panes do not get: a title and a line below it, a rule, and
// two lines at the bottom. A low terminal goes without the rule.
const (
	around    = 5
	aroundLow = 4
	low       = 16
)

// arrange shares out a terminal. A wide one has the panes beside each other, a
// high one below each other, and a small one shows the pane with the keys.
func arrange(width, height int, detailed, busy bool) layout {
	l := layout{width: width}
	body := height - around
	if height < low {
		body = height - aroundLow
	}
	switch {
	case width >= 100:
		l.beside = true
		left := min(width*9/20+(width-100)*2/5, 80) // values wrap, and rows are cut
		l.list, l.detail = box{left, body}, box{width - left - 3, body}
	case height >= 20:
		top := (body - 1) / 2
		if busy { // the list says most
			top = (body - 1) * 2 / 3
		}
		l.list, l.detail = box{width, top}, box{width, body - 1 - top}
	case detailed:
		l.detail = box{width, body}
	default:
		l.list = box{width, body}
	}
	return l
}

// whole is the room of both panes together.
func (l layout) whole() box {
	switch {
	case l.beside || l.detail.height == 0:
		return box{l.width, l.list.height}
	case l.list.height == 0:
		return l.detail
	}
	return box{l.width, l.list.height + 1 + l.detail.height}
}

func (m *Model) layout() layout {
	return arrange(m.width, m.height, m.detailed, m.run.stage() == applying)
}

// settle brings everything that is derived up to date: the tree, the row of the
// cursor, and the lines of the detail pane. View then only draws.
func (m *Model) settle() {
	if m.width < minWidth || m.height < minHeight {
		return
	}
	switch {
	case m.grown != m.run.shape:
		m.regrow()
	case m.counted != m.run.version:
		m.tree.count(m.choice)
		m.counted = m.run.version
	}
	if m.follow && m.run.stage() == applying {
		m.followWork(m.layout().list.height)
	}
	l := m.layout()
	m.cursor = m.cursor.settle(len(m.rows), max(l.list.height, 1))
	if m.cursor.at == m.cursor.top && m.pinned(l.list.height) != nil {
		m.cursor.top--
	}
	if m.issuesOf != m.run.said {
		m.relistIssues()
	}
	m.issue = m.issue.settle(len(m.issueRows), max(l.list.height, 1))
	m.describe(max(l.detail.width, minWidth))
	m.surplus = max(0, len(m.detail)-max(l.detail.height, 1))
	m.scroll = max(0, min(m.scroll, m.surplus))
	if m.help {
		m.helpTop = max(0, min(m.helpTop, len(m.helpLines(l.whole()))-l.whole().height))
	}
}

// regrow builds the tree again and keeps the cursor on its row.
func (m *Model) regrow() {
	on, ok := m.current()
	m.tree = grow(m.run, m.filter, m.choice)
	m.grown, m.counted = m.run.shape, m.run.version
	m.relist()
	if !ok {
		return
	}
	if on.res != nil {
		if _, shown := m.tree.group[on.res]; shown {
			m.find(func(r row) bool { return r.res == on.res })
		}
		return
	}
	m.find(func(r row) bool { return r.res == nil && r.group.key == on.group.key })
}

// relist lists the rows again, after a heading was folded or unfolded.
func (m *Model) relist() {
	m.rows = m.tree.rows(m.isFolded)
}

// isFolded reports whether the rows below g are hidden. Those that a filter found
// are not.
func (m *Model) isFolded(g *group) bool {
	if len(m.filter) > 0 {
		return false
	}
	if hidden, chosen := m.folded[g.key]; chosen {
		return hidden
	}
	return g.closed
}

// current is the row of the cursor.
func (m *Model) current() (row, bool) {
	if m.cursor.at >= len(m.rows) {
		return row{}, false
	}
	return m.rows[m.cursor.at], true
}

// find moves the cursor to the first row that is meant.
func (m *Model) find(meant func(row) bool) bool {
	for i, r := range m.rows {
		if meant(r) {
			m.cursor.at = i
			return true
		}
	}
	return false
}

// followWork puts the cursor on the resource where something happens, as far as that
// can be seen with the trouble on top in sight, and unfolds nothing.
func (m *Model) followWork(height int) {
	m.cursor.top = 0
	res := m.run.busy()
	if res == nil {
		return
	}
	group := m.tree.group[res]
	m.cursor.at = 0
	for i, r := range m.rows[:min(len(m.rows), max(height, 1))] {
		switch {
		case r.res == res:
			m.cursor.at = i
			return
		case r.res == nil && r.group == group, r.res != nil && !r.res.phase.settled() && r.res.phase != queued:
			m.cursor.at = i
		}
	}
}

// reveal moves the cursor to a resource, and unfolds the headings above it.
func (m *Model) reveal(res *resource) bool {
	g, ok := m.tree.group[res]
	if !ok {
		return false
	}
	meant := func(r row) bool { return r.res == res }
	if m.find(meant) {
		return true
	}
	for ; g != nil; g = g.in {
		m.fold(g.key, false)
	}
	return m.find(meant)
}
