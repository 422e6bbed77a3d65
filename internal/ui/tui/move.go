package tui

import (
	"maps"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"kiraform/internal/event"
)

// move moves the cursor, or the detail pane if that has the keys.
func move(by int) func(*Model) tea.Cmd {
	return func(m *Model) tea.Cmd {
		if m.help {
			m.helpTop += by
			return nil
		}
		m.follow = false
		switch {
		case m.detailed:
			m.scroll = max(0, min(m.scroll+by, m.surplus))
		case m.issues:
			m.issue.at += by
		default:
			m.cursor.at += by
		}
		m.keepInside()
		return nil
	}
}

// keepInside brings the cursors back into their lists.
func (m *Model) keepInside() {
	m.cursor.at = max(0, min(m.cursor.at, len(m.rows)-1))
	m.issue.at = max(0, min(m.issue.at, len(m.issueRows)-1))
}

func (m *Model) page() int { return m.layout().page(m.detailed) }

func (m *Model) pageUp() tea.Cmd   { return move(-m.page())(m) }
func (m *Model) pageDown() tea.Cmd { return move(m.page())(m) }

func (m *Model) otherPane() tea.Cmd {
	m.detailed = !m.detailed
	return nil
}

// jump goes to the next resource that changes, folded or not. While a plan is
// carried out those are all that are worked on; when it is over, the trouble.
func jump(by int) func(*Model) tea.Cmd {
	return func(m *Model) tea.Cmd {
		m.follow, m.issues = false, false
		all := m.tree.all
		i := m.ordinal(by)
		for i += by; i >= 0 && i < len(all); i += by {
			if m.ofInterest(all[i]) {
				m.reveal(all[i])
				return nil
			}
		}
		m.notice = "No more changes that way."
		return nil
	}
}

func (m *Model) ofInterest(res *resource) bool {
	if m.run.stage() == over && m.run.trouble() > 0 {
		return res.phase.trouble()
	}
	return res.Action != event.NoOp
}

// ordinal is where in all resources the cursor is. On a heading that is before
// the rows below it.
func (m *Model) ordinal(by int) int {
	on, ok := m.current()
	if !ok {
		return -1
	}
	if on.res != nil {
		return slices.Index(m.tree.all, on.res)
	}
	first := len(m.tree.all)
	if below := on.group.first(); below != nil {
		first = slices.Index(m.tree.all, below)
	}
	if by > 0 {
		return first - 1
	}
	return first
}

// first is the first resource below g.
func (g *group) first() *resource {
	for _, in := range g.groups {
		if res := in.first(); res != nil {
			return res
		}
	}
	if len(g.members) > 0 {
		return g.members[0]
	}
	return nil
}

// fold hides the rows below a heading, or shows them.
func (m *Model) fold(key string, hide bool) {
	m.folded = maps.Clone(m.folded)
	m.folded[key] = hide
	m.relist()
}

// open folds or unfolds a heading; a resource is looked at more closely.
func (m *Model) open() tea.Cmd {
	switch on, ok := m.current(); {
	case !ok:
	case on.res != nil:
		m.detailed = !m.detailed
	case len(on.group.members)+len(on.group.groups) == 0:
		m.detailed = !m.detailed
	default:
		m.fold(on.group.key, !m.isFolded(on.group))
	}
	return nil
}

// foldHere folds the heading of the cursor, or the one it is under.
func (m *Model) foldHere() tea.Cmd {
	if m.issues {
		m.detailed = false
		m.unfoldIssues(false)
		return nil
	}
	on, ok := m.current()
	if !ok {
		return nil
	}
	m.detailed = false
	g := on.group
	if on.res == nil && m.isFolded(g) && g.in != nil {
		g = g.in
	}
	m.fold(g.key, true)
	m.find(func(r row) bool { return r.res == nil && r.group == g })
	return nil
}

func (m *Model) unfoldHere() tea.Cmd {
	if m.issues {
		m.unfoldIssues(true)
		return nil
	}
	if on, ok := m.current(); ok && on.res == nil {
		m.fold(on.group.key, false)
	}
	return nil
}

// foldAll hides all that is below the headings, or shows it again where all of it
// is hidden.
func (m *Model) foldAll() tea.Cmd {
	m.follow = false
	if m.issues {
		m.unfoldAllIssues()
		return nil
	}
	hide := false
	m.tree.each(func(g *group) { hide = hide || g.in == nil && !g.empty() && !m.isFolded(g) })
	m.folded = maps.Clone(m.folded)
	m.tree.each(func(g *group) { m.folded[g.key] = hide })
	on, ok := m.current()
	m.relist()
	if ok {
		top := on.group
		for ; hide && top.in != nil; top = top.in {
		}
		m.find(func(r row) bool { return r.group == top && (r.res == on.res || hide) })
	}
	return nil
}

// each calls visit for each heading, outer ones first.
func (t *tree) each(visit func(*group)) {
	var walk func([]*group)
	walk = func(groups []*group) {
		for _, g := range groups {
			visit(g)
			walk(g.groups)
		}
	}
	walk(t.groups)
}

// empty reports whether nothing can be unfolded below g.
func (g *group) empty() bool { return len(g.members)+len(g.groups) == 0 }
