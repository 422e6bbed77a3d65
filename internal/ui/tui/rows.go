package tui

import (
	"cmp"
	"fmt"
	"strings"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// treeRow draws a heading or a resource.
func (m *Model) treeRow(r row, width int) line {
	if r.res == nil {
		return m.headingRow(r)
	}
	lead := strings.Repeat("  ", max(0, r.depth-1))
	sign, look, text, textInk := m.resourceText(r.res)
	if r.group.flat { // the heading says it
		text = strings.TrimPrefix(text, phaseWord(r.res.phase))
		switch {
		case r.res.phase == queued && r.res.Action == event.Defer:
			text = "" // it has been said
		case r.res.phase == gated:
			text = m.run.age(r.res)
			if r.group.text != inline(r.res.text) { // else the heading says why
				text += ": " + inline(r.res.text)
			}
		}
		if m.namesAlone(r.res) {
			text, textInk = m.run.forWhom(r.res), faint
		}
	}
	if r.group.alike && r.res.Action != event.Update && r.res.Action != event.Replace && text == m.run.planText(r.res) {
		text = m.run.forWhom(r.res)
	}
	l := line{{lead, plain}, {sign, look}, {" ", plain}, {m.tree.label(r, width), plain}}
	column := r.group.column
	if r.group.flat && width < roomy {
		column = r.group.brief
	}
	column = min(column, width*2/5)
	if used := l.cells(); used < column && !(r.group.flat && m.run.stage() == applying) { // a column would move as they come and go
		l = append(l, span{strings.Repeat(" ", column-used), plain})
	}
	parts := m.identity(r)
	for i, part := range parts {
		if r.res.phase != running && !(r.group.flat && i == len(parts)-1) { // a column would move as they come and go
			part = words.Pad(part, r.group.width(i))
		}
		l = append(l, span{"  " + part, plain})
	}
	if text != "" {
		l = append(l, span{"  ", plain}, span{text, textInk})
	}
	return l
}

// namesAlone reports whether the row of a resource says only who it is, since its
// heading says the rest.
func (m *Model) namesAlone(res *resource) bool {
	return res.phase == failed || res.phase == deferred || res.phase == unready || m.run.stage() == over && res.phase == untouched && acting(res.Action)
}

// identity is the text that tells which object a resource is, in parts. A reason to
// wait needs all the room there is.
func (m *Model) identity(r row) []string {
	brief := r.res.phase == running || r.res.phase == done
	if m.run.acting && !m.namesAlone(r.res) && !brief {
		return nil
	}
	var out []string
	for _, text := range r.res.parts {
		if !r.group.shares(text) {
			out = append(out, text)
		}
	}
	switch {
	case brief, // the text, or the change, needs the room
		r.res.Action == event.Update, r.res.Action == event.Replace, r.res.Action == event.Drift, r.res.Action == event.Defer && !m.run.acting:
		out = out[:min(len(out), 1)]
	}
	return out
}

// width is how much room part i of the identity of g's members takes.
func (g *group) width(i int) int {
	if i >= len(g.widths) {
		return 0
	}
	return g.widths[i]
}

// resourceText is the sign of a resource and the text after its name: its plan,
// or how far it is.
func (m *Model) resourceText(res *resource) (sign string, look ink, text string, textInk ink) {
	a := actionOf(res.Action)
	if because, out := m.choice.excluded(res.Addr); out && res.phase == queued && !still(res.Action) {
		text = "left out"
		if because != res.Addr {
			text += ", since it needs " + inline(because)
		}
		return "  ○", bold, text, faint
	}
	if !m.run.acting || still(res.Action) && (res.phase == queued || res.phase == done) {
		return a.Sign, a.ink | bold, m.run.planText(res), faint
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

// planText is the plan of a resource, without who it is. Of a new one that is
// known by name, it is for whom it is made.
func (r *run) planText(res *resource) string {
	switch {
	case res.Action != event.Create || len(res.Known) == 0:
		return summary(res.Planned)
	case res.After != "":
		return "waits " + inline(res.After)
	}
	return r.forWhom(res)
}

// forWhom names the first need of a resource, such as the user of an account.
func (r *run) forWhom(res *resource) string {
	if len(res.Needs) == 0 {
		return ""
	}
	return "for " + r.nameOf(res.Needs[0])
}

// nameOf is the label of the resource at addr. One that does not change may not have
// been named.
func (r *run) nameOf(addr string) string {
	if res, ok := r.at[addr]; ok {
		return res.label
	}
	if _, name, ok := strings.Cut(addr, "."); ok && strings.HasPrefix(addr, "kira_") {
		return inline(name)
	}
	return inline(addr)
}

// headingRow draws a heading with the numbers of the rows below it.
func (m *Model) headingRow(r row) line {
	g := r.group
	arrow := "▾ "
	if m.isFolded(g) {
		arrow = "▸ "
	}
	if g.empty() {
		arrow = "• "
	}
	look := bold
	if g.key == unchangedKey {
		look = faint
	}
	l := line{{strings.Repeat("  ", r.depth) + arrow, faint}}
	if g.sign.Name != "" && !g.flat && m.leavesOut(g.below()) {
		return append(l, span{"○ ", bold}, span{g.title, plain}, span{"  left out", faint})
	}
	if g.sign.Name != "" && !g.flat {
		return append(l, span{strings.TrimSpace(g.sign.Sign) + " ", g.sign.ink | bold}, span{g.title, plain}, span{"  " + g.text, faint})
	}
	if g.sign.Sign != "" {
		l = append(l, span{strings.TrimSpace(g.sign.Sign) + " ", g.sign.ink | bold})
	}
	if g.counts && m.run.stage() == applying {
		return append(l, span{"failed", bold}, span{fmt.Sprintf("  %d", g.total), faint}, span{"  " + inline(g.title), plain})
	}
	if g.counts {
		if g.total > 1 {
			l = append(l, span{fmt.Sprintf("%d × ", g.total), bold})
		}
		return append(l, span{inline(g.title), look}, span{"  " + g.text, faint})
	}
	l = append(l, span{inline(g.title), look})
	l = append(l, m.headingCounts(g)...)
	if g.text != "" {
		l = append(l, span{"  " + g.text, faint})
	}
	if len(g.shared) > 0 && !m.run.acting {
		l = append(l, span{"  all: " + strings.Join(g.shared, ", "), faint})
	}
	return l
}

// headingCounts says how many resources there are below a heading, by action
// while they are only planned.
func (m *Model) headingCounts(g *group) line {
	if m.run.acting || g.flat || g.key == outputsKey || g.key == endedKey {
		return line{{fmt.Sprintf("  %d", g.total), faint}}
	}
	var l line
	for _, a := range words.Actions {
		if n := g.actions[a.Name]; n > 0 {
			l = append(l, span{"  " + strings.TrimSpace(cmp.Or(strings.TrimSpace(a.Sign), "=")), tones[a.Tone] | bold}, span{fmt.Sprintf(" %d", n), faint})
		}
	}
	if g.out > 0 {
		l = append(l, span{"  ○", bold}, span{fmt.Sprintf(" %d", g.out), faint})
	}
	return l
}

// pinned is the heading that stands in the first row of a list of some height,
// instead of the row itself: that of the rows below it. It is nil if that heading
// is on the screen anyway.
func (m *Model) pinned(height int) *row {
	next := m.cursor.top + 1
	if m.cursor.top < 1 || height < 4 || next >= len(m.rows) || m.rows[m.cursor.top].res == nil && m.rows[m.cursor.top].depth == 0 {
		return nil
	}
	r := m.rows[next]
	g := r.group
	if r.res == nil {
		g = g.in
	}
	if g == nil || m.rows[m.cursor.top].res == nil && m.rows[m.cursor.top].group == g {
		return nil
	}
	return &row{group: g, depth: g.depth}
}
