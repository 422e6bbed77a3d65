package tui

import (
	"fmt"
	"strings"

	"kiraform/internal/ui/words"
)

// status is the line above the hints: the effect of the last key, the question,
// or the gate that is waited for; and to the right where the cursor is.
func (m *Model) status(width int) line {
	l := uninked(m.notice)
	switch {
	case m.prompt != nil && m.prompt.filter:
		l = line{{"/" + inline(m.prompt.text) + "█", bold}}
	case m.notice != "":
	case m.stopping() != "":
		l = inked(yellow, m.stopping())
	case len(m.filter) > 0:
		l = line{{"/" + inline(strings.Join(m.filter, " ")), bold}, {"  esc clears", faint}}
	case m.follow && m.run.stage() == applying:
		l = inked(faint, "following the work")
	}
	return l.spread(m.position(), width)
}

// position counts the shown rows.
func (m *Model) position() line {
	switch {
	case len(m.filter) > 0:
		return inked(faint, fmt.Sprintf("%d of %s", len(m.tree.all), words.Count(len(m.run.resources), "resource")))
	case m.issues:
		on, _ := m.currentIssue()
		return inked(faint, fmt.Sprintf("%d of %s", on.nth, words.Count(len(m.run.problems), "issue")))
	case m.detailed && m.surplus > 0:
		return inked(faint, fmt.Sprintf("line %d of %d", m.scroll+1, len(m.detail)))
	case len(m.rows) > 0:
		return inked(faint, m.whichResource())
	}
	return nil
}

// whichResource counts resources, and not the headings between them.
func (m *Model) whichResource() string {
	all := len(m.tree.all)
	if on, ok := m.current(); ok && on.res != nil {
		return fmt.Sprintf("%d of %s", on.res.nth, words.Count(all, "resource"))
	}
	return words.Count(all, "resource")
}

// bottom names keys.
func (m *Model) bottom(width int) line {
	switch {
	case m.prompt != nil && m.prompt.filter:
		return line{{"enter", bold}, {" keeps it  ", faint}, {"esc", bold}, {" shows all again", faint}}
	case m.prompt != nil:
		return nil
	case m.help:
		return inked(faint, "↑ ↓ scroll, any other key goes back")
	}
	return m.hints(width)
}
