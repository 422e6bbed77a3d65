package tui

// body draws the panes, or the page that covers them.
func (m *Model) body(s *screen, l layout) {
	if m.help {
		s.pane(m.helpLines(l.whole())[m.helpTop:], l.whole())
		return
	}
	var box []line
	from, height := 0, l.whole().height
	if m.asking() {
		box = m.questionBox(l.width, height)
		from = max(0, (height-len(box))/2)
	}
	for i := range height {
		if i >= from && i < from+len(box) {
			s.put(box[i-from].fill(l.width), "")
			continue
		}
		m.bodyRow(s, l, i)
	}
}

// asking reports whether the question is open that is answered by applying.
func (m *Model) asking() bool { return m.prompt != nil && !m.prompt.filter }

// bodyRow draws row i of the panes.
func (m *Model) bodyRow(s *screen, l layout, i int) {
	switch {
	case l.beside:
		row, base := m.listRow(i, l.list)
		s.put(row.fill(l.list.width), base)
		s.paint(&s.Builder, m.separator(), "")
		s.paint(&s.Builder, m.detailRow(i).fill(l.detail.width), "")
	case i < l.list.height:
		row, base := m.listRow(i, l.list)
		s.put(row.fill(l.list.width), base)
	case l.list.height > 0 && i == l.list.height:
		s.put(m.rule(layout{width: l.width}, ""), "")
	case l.list.height > 0:
		s.put(m.detailRow(i-l.list.height-1).fill(l.width), "")
	default:
		s.put(m.detailRow(i).fill(l.width), "")
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

// listRow draws row i of the list's window, and the base below it.
func (m *Model) listRow(i int, b box) (l line, base string) {
	at := m.cursor
	n := len(m.rows)
	if m.issues {
		at, n = m.issue, len(m.issueRows)
	}
	if n == 0 {
		return m.emptyRow(i), ""
	}
	from, to := at.window(n, b.height)
	i += from
	if i >= to {
		return nil, ""
	}
	if head := m.pinned(b.height); head != nil && !m.issues && i == from {
		return append(uninked("  "), m.headingRow(*head)...), ""
	}
	mark := span{"  ", plain}
	if i == at.at {
		mark, base = span{"› ", bold | cyan}, m.style.selected(!m.detailed)
	}
	if m.issues {
		return append(line{mark}, m.issueRow(m.issueRows[i])...), base
	}
	return append(line{mark}, m.treeRow(m.rows[i], b.width-2)...), base
}

// emptyRow says why there is nothing to list.
func (m *Model) emptyRow(i int) line {
	text := ""
	switch {
	case i != 1:
	case len(m.filter) > 0:
		text = "  No match."
	case m.run.stage() == planning:
		text = "  Changes will be listed here."
	default:
		text = "  " + m.run.matching()
	}
	return inked(faint, text)
}

// detailRow is row i of the detail pane's window.
func (m *Model) detailRow(i int) line {
	if i += m.scroll; i < len(m.detail) {
		return m.detail[i]
	}
	return nil
}
