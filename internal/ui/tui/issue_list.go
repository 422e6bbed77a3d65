package tui

import (
	"fmt"
	"maps"

	tea "github.com/charmbracelet/bubbletea"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// like has the diagnostics that say the same of several resources.
type like struct {
	key string
	all []event.Diagnostic
}

// problem takes in a diagnostic, beside those that it is like.
func (r *run) problem(d event.Diagnostic) {
	r.said++
	r.problems = append(r.problems, d)
	key := words.Likeness(d.Addr, d.Detail, d.Severity, d.Code, d.Summary, d.Mends(), d.About)
	l := r.likeAt[key]
	if l == nil {
		l = &like{key: key}
		r.likeAt[key], r.likes = l, append(r.likes, l)
	}
	l.all = append(l.all, d)
}

// issueRow is a row of the list of diagnostics: a heading over those that are alike,
// or one of them.
type issueRow struct {
	of  *like
	at  int // which of those that are alike; -1 for the heading
	nth int // in the whole list, from 1
}

// diagnostic is the one that a row is about; of a heading it is the first below it.
func (r issueRow) diagnostic() event.Diagnostic { return r.of.all[max(r.at, 0)] }

// heads reports whether rows can be unfolded below r.
func (r issueRow) heads() bool { return r.at < 0 }

// relistIssues lists the rows again, errors first. Diagnostics that are alike are one
// row until somebody unfolds it. The cursor stays on its row.
func (m *Model) relistIssues() {
	on, ok := m.currentIssue()
	m.issueRows, m.issuesOf = nil, m.run.said
	nth := 1
	for _, warnings := range []bool{false, true} {
		for _, l := range m.run.likes {
			if (l.all[0].Severity == warning) == warnings {
				m.issueRows = append(m.issueRows, m.rowsOf(l, nth)...)
				nth += len(l.all)
			}
		}
	}
	if ok {
		m.findIssue(func(r issueRow) bool { return r.of.key == on.of.key && (r.at == on.at || r.heads()) })
		m.findIssue(func(r issueRow) bool { return r.of.key == on.of.key && r.at == on.at })
	}
}

func (m *Model) rowsOf(l *like, nth int) (out []issueRow) {
	if len(l.all) > 1 {
		out = append(out, issueRow{l, -1, nth})
		if !m.unfolded[l.key] {
			return out
		}
	}
	for i := range l.all {
		out = append(out, issueRow{l, i, nth + i})
	}
	return out
}

func (m *Model) currentIssue() (issueRow, bool) {
	if m.issue.at < 0 || m.issue.at >= len(m.issueRows) {
		return issueRow{}, false
	}
	return m.issueRows[m.issue.at], true
}

// findIssue moves the cursor to the first row that is meant.
func (m *Model) findIssue(meant func(issueRow) bool) {
	for i, r := range m.issueRows {
		if meant(r) {
			m.issue.at = i
			return
		}
	}
}

// unfoldIssues shows the diagnostics below the heading of the cursor, or hides them.
func (m *Model) unfoldIssues(show bool) {
	on, ok := m.currentIssue()
	if !ok || len(on.of.all) == 1 {
		return
	}
	m.unfolded = maps.Clone(m.unfolded)
	m.unfolded[on.of.key] = show
	m.relistIssues()
}

// unfoldAllIssues shows all diagnostics one by one, or folds those that are alike
// where all are shown.
func (m *Model) unfoldAllIssues() {
	show := false
	for _, l := range m.run.likes {
		show = show || len(l.all) > 1 && !m.unfolded[l.key]
	}
	m.unfolded = maps.Clone(m.unfolded)
	for _, l := range m.run.likes {
		m.unfolded[l.key] = show
	}
	m.relistIssues()
}

// visit goes to the resource that a diagnostic is about, or shows those below a
// heading.
func (m *Model) visit() tea.Cmd {
	on, ok := m.currentIssue()
	switch {
	case !ok:
		return nil
	case on.heads():
		m.unfoldIssues(!m.unfolded[on.of.key])
		return nil
	}
	res := m.run.about(on.diagnostic())
	if res == nil {
		m.notice = "This is not about one resource."
		if at := subject(on.diagnostic()); at != "" {
			m.notice = inline(at) + " is not in this plan."
		}
		m.detailed = true
		return nil
	}
	m.issues = false
	if !m.reveal(res) {
		m.unfilter()
		m.reveal(res)
	}
	return nil
}

// issueRow draws a row of the list of diagnostics.
func (m *Model) issueRow(r issueRow) line {
	d := r.diagnostic()
	switch {
	case len(m.run.likes) == len(m.run.problems): // nothing can be unfolded
		return issueLine(d)
	case len(r.of.all) > 1 && !r.heads():
		return append(line{{"    ", plain}}, memberLine(d)...)
	case !r.heads():
		return append(line{{"  ", plain}}, issueLine(d)...)
	}
	arrow := "▸ "
	if m.unfolded[r.of.key] {
		arrow = "▾ "
	}
	sign, _, look := severity(d)
	return line{{arrow, faint}, {sign + " ", look | bold}, {fmt.Sprintf("%d × ", len(r.of.all)), bold}, {inline(d.Summary), plain},
		{"  " + words.Few(1, r.of.subjects()...), faint}}
}

// memberLine is the row of a diagnostic below a heading that has said it.
func memberLine(d event.Diagnostic) line {
	at := inline(spot(d))
	if at == "" {
		return issueLine(d)
	}
	sign, _, look := severity(d)
	return line{{sign + " ", look | bold}, {at, plain}}
}

// subjects are the resources that diagnostics which are alike are about, each once.
func (l *like) subjects() []string {
	var out []string
	seen := map[string]bool{}
	for _, d := range l.all {
		at := inline(spot(d))
		if at != "" && !seen[at] {
			out, seen[at] = append(out, at), true
		}
	}
	return out
}

// subject is the resource that a diagnostic is about, as far as it names one.
func subject(d event.Diagnostic) string {
	if d.Addr != "" {
		return d.Addr
	}
	return words.Instance(d.Detail)
}

// spot is where one of several diagnostics that are alike stands.
func spot(d event.Diagnostic) string {
	if at := subject(d); at != "" || d.Source == nil {
		return at
	}
	return fmt.Sprintf("%s line %d", d.Source.File, d.Source.Line)
}

// likeLines shows diagnostics that are alike: the first as a whole, and the resources
// of all.
func likeLines(l *like, width int) []line {
	out := problemLines(l.all[0], width)
	b := &body{width: width}
	subjects := l.subjects()
	if len(subjects) > 1 {
		b.lines = append(b.lines, nil)
		b.put(0, inked(bold, "The same holds for all of these:"), 0)
		for _, at := range subjects {
			b.put(2, uninked(at), 2)
		}
	}
	return append(out, b.lines...)
}
