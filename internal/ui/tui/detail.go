package tui

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// page is the subject of the detail pane. As long as it stays the same, so do
// the lines.
type page struct {
	res               *resource
	key               string // of a heading
	out               int    // left out below it
	issue             *like  // whose diagnostics are alike
	at                int    // which of them
	why               bool
	width             int
	version, problems int
}

// describe brings the lines of the detail pane up to date.
func (m *Model) describe(width int) {
	p := page{width: width, why: m.why, version: m.run.version}
	on, ok := m.current()
	issue, listed := m.currentIssue()
	switch {
	case m.issues && listed:
		p.issue, p.at, p.problems, p.why = issue.of, issue.at, len(issue.of.all), false
	case ok && on.res != nil:
		p.res = on.res
		if !m.why {
			p.version, p.problems = on.res.version, m.run.said
		}
	case ok:
		p.key, p.out = on.group.key, on.group.out
	}
	was := m.detailOf
	if p == was {
		return
	}
	if p.res != was.res || p.key != was.key || p.issue != was.issue || p.at != was.at || p.why != was.why {
		m.scroll = 0
	}
	m.detailOf = p
	switch {
	case p.issue != nil && issue.heads():
		m.detail = likeLines(p.issue, width)
	case p.issue != nil:
		m.detail = problemLines(issue.diagnostic(), width)
	case p.res != nil && p.why:
		m.detail = m.run.whyLines(p.res, width)
	case p.res != nil:
		m.detail = m.run.resourceLines(p.res, width)
	case ok:
		m.detail = m.run.groupLines(on.group, width)
	default:
		m.detail = nil
	}
}

// resourceLines shows one resource: how the work went, then its plan.
func (r *run) resourceLines(res *resource, width int) []line {
	a := actionOf(res.Action)
	b := &body{width: width, changes: res.Action == event.Update || res.Action == event.Replace}
	b.put(0, line{{inline(res.Addr), bold}}, 2)
	b.put(0, line{{strings.TrimSpace(a.Sign) + " ", a.ink | bold}, {a.will(), plain}}, 2)
	if len(res.Known) > 0 {
		var parts []string
		for _, part := range res.Known {
			parts = append(parts, inline(part))
		}
		b.put(2, uninked(strings.Join(parts, " · ")), 0)
	}
	if res.From != "" {
		b.put(2, line{{"moved from ", cyan}, {inline(res.From), plain}}, 0)
	}
	if res.Why != "" {
		b.put(2, uninked(inline(res.Why)), 0)
	}
	if res.After != "" {
		b.put(2, line{{"waits ", magenta}, {inline(res.After), plain}}, 0)
	}
	if res.ID != "" {
		b.put(2, line{{"id ", faint}, {inline(res.ID), plain}}, 0)
	}
	if res.File != "" {
		b.put(2, line{{"in ", faint}, {fmt.Sprintf("%s, line %d", inline(res.File), res.Line), plain}}, 0)
	}
	r.history(b, res)
	var shown []event.Diagnostic
	for _, d := range r.problems {
		if r.about(d) == res && !slices.ContainsFunc(shown, func(s event.Diagnostic) bool { return reflect.DeepEqual(s, d) }) { // instances of a block share its lines
			shown = append(shown, d)
			if res.phase == failed && d.Detail == res.text {
				d.Detail = "" // it stands above already
			}
			b.lines = append(b.lines, nil)
			b.lines = append(b.lines, problemLines(d, width)...)
		}
	}
	if len(res.Nodes) > 0 || res.Hidden > 0 {
		b.lines = append(b.lines, nil)
		b.nodes(res.Nodes, event.ObjectShape, 0, res.Hidden)
	}
	return b.lines
}

// history says how far the work on a resource has come, and the events on the
// way.
func (r *run) history(b *body, res *resource) {
	if res.phase == queued || res.phase == deferred && res.Action == event.Defer && res.text == res.Why { // that stands above already
		return
	}
	b.lines = append(b.lines, nil)
	for _, text := range res.log {
		if text != res.text {
			b.put(2, inked(faint, inline(text)), 2)
		}
	}
	switch res.phase {
	case done:
		b.put(0, line{{"✓ ", green}, {doneText(res), plain}}, 2)
	case failed:
		b.put(0, line{{"✗ failed after " + short(res.took), red | bold}}, 2)
		b.paragraphs(2, res.text)
		if advice := adviceFor(reasonOf(res.text)); advice != "" {
			b.put(2, inked(bold, advice), 0)
		}
	case skipped:
		b.put(0, line{{"⊘ skipped because of ", yellow}, {inline(res.text), bold}}, 2)
	case deferred:
		b.put(0, line{{"» deferred", magenta | bold}}, 2)
		b.paragraphs(2, res.text)
	case unready:
		if !still(res.Action) {
			b.put(0, line{{"✓ ", green}, {actionOf(res.Action).Did + " in " + short(res.took), plain}}, 2)
		}
		b.put(0, line{{"◷ not ready for use yet", magenta | bold}}, 2)
		b.paragraphs(2, res.text)
	case untouched:
		b.put(0, uninked("· not done: the run ended first"), 2)
	case gated:
		b.put(0, line{{"◷ waiting for Kira", magenta}}, 2)
		b.paragraphs(2, res.text)
		if !res.until.IsZero() {
			b.put(2, inked(faint, "until "+res.until.UTC().Format("15:04 UTC")+" at most"), 0)
		}
	case retrying:
		b.put(0, line{{"↻ ", yellow}, {inline(res.text), plain}}, 2)
	default:
		b.put(0, line{{"• ", cyan}, {words.Lower(actionOf(res.Action).Begin), plain}}, 2)
		if res.text != "" {
			b.put(2, uninked(inline(res.text)), 0)
		}
	}
}

// groupLines shows the resources below a heading.
func (r *run) groupLines(g *group, width int) []line {
	b := &body{width: width}
	b.put(0, line{{inline(g.title), bold}}, 2)
	if g.text != "" {
		b.put(0, uninked(g.text), 0)
	}
	switch g.key {
	case outputsKey:
		b.lines = append(b.lines, nil)
		b.nodes(r.outputs, event.ObjectShape, 0, 0)
		return b.lines
	case endedKey:
		b.put(0, uninked("They cannot be used any more."), 0)
		for _, e := range r.dead {
			b.lines = append(b.lines, nil)
			b.put(0, line{{inline(e.Addr), bold}, {"  " + inline(e.Is), yellow}}, 2)
			if e.Said != "" {
				b.paragraphs(2, e.Said)
			}
		}
		b.lines = append(b.lines, nil)
		b.put(0, line{{r.carry("kiraform status"), bold}, {" says how to mend them.", plain}}, 0)
		return b.lines
	case unchangedKey:
		b.put(0, uninked(words.Count(g.total, "resource")+" of the configuration "+be(g.total)+" at Kira as written."), 0)
		return b.lines
	}
	if g.alike {
		r.alikeLines(b, g)
		return b.lines
	}
	b.put(0, uninked(words.Count(g.total, "resource")), 0)
	b.lines = append(b.lines, nil)
	for _, a := range words.Actions {
		if n := g.actions[a.Name]; n > 0 {
			b.put(0, line{{a.Sign, tones[a.Tone] | bold}, {fmt.Sprintf("  %d %s", n, a.Plan), plain}}, 6)
		}
	}
	if g.out > 0 {
		b.put(0, uninked(fmt.Sprintf("  ○  %d left out", g.out)), 6)
	}
	if len(g.given) > 0 && !r.acting {
		b.lines = append(b.lines, nil)
		b.put(0, uninked("All of them have:"), 0)
		for _, v := range g.given {
			b.put(2, line{{words.Pad(v[0], 20) + "  ", faint}, {v[1], plain}}, 22)
		}
	}
	return b.lines
}

// alikeLines shows a change that several resources have in common, as it is of the
// first, and names them all.
func (r *run) alikeLines(b *body, g *group) {
	first := g.members[0]
	if changes := slices.DeleteFunc(slices.Clone(first.Nodes), func(n event.Node) bool { return n.Op == event.Same }); len(changes) > 0 && first.Action != event.Defer {
		b.lines = append(b.lines, nil)
		b.put(0, uninked("Of the first of them:"), 0)
		b.changes = true
		b.nodes(changes, event.ObjectShape, 0, 0)
	}
	b.lines = append(b.lines, nil)
	for _, res := range g.members {
		_, out := r.leaves.excluded(res.Addr)
		sign := strings.TrimSpace(actionOf(res.Action).Sign)
		if out {
			sign = "○"
		}
		l := line{{sign + " ", actionOf(res.Action).ink | bold}, {res.label, plain}}
		for _, part := range res.Known {
			l = append(l, span{"  " + inline(part), faint})
		}
		b.put(0, l, 2)
	}
}

func be(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}
