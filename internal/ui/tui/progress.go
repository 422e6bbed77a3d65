package tui

import (
	"fmt"
	"strings"
	"time"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// progress is how far an apply has come.
type progress struct {
	total, settled, done      int
	running, retrying, gated  int
	failed, skipped, deferred int
	undone, unready           int
	actions                   event.Invocations
	limited                   bool
}

// limits is said while Kira refuses requests because they are too many.
const limits = "Kira limits the rate"

// limited reports whether a resource is tried again later for that.
func limited(res *resource) bool {
	return strings.Contains(res.text, "429") || strings.Contains(res.text, "fewer requests")
}

// progress adds up the selected resources: each change once, one that is not to change
// only if it failed, and, apart from that, actions and the objects that are not ready.
func (r *run) progress(c choice) progress {
	var p progress
	for _, res := range r.resources {
		if _, out := c.excluded(res.Addr); out {
			continue
		}
		if res.phase == unready {
			p.unready++
		}
		switch {
		case still(res.Action) && res.phase != failed, res.Action == event.Defer && res.phase == queued:
			continue
		case r.ended() && event.IsAction(res.Addr):
			count(&p.actions, res.phase)
			continue
		case res.Action == event.Defer && res.phase == deferred: // as planned: it was never to be done
			p.deferred++
			continue
		}
		p.total++
		if res.phase.settled() {
			p.settled++
		}
		switch res.phase {
		case done, unready:
			p.done++
		case untouched:
			if acting(res.Action) {
				p.undone++
			}
		case running:
			p.running++
		case retrying:
			p.retrying++
			p.limited = p.limited || limited(res)
		case gated:
			p.gated++
		case failed:
			p.failed++
		case skipped:
			p.skipped++
		case deferred:
			p.deferred++
		}
	}
	return p
}

// count counts an action that has come to a phase.
func count(n *event.Invocations, p phase) {
	switch p {
	case done, unready:
		n.Run++
	case failed:
		n.Failed++
	case skipped:
		n.Skipped++
	case deferred:
		n.Deferred++
	default:
		n.Undone++
	}
}

// left estimates how long the rest takes, from how long the settled part took.
// It says nothing while too little is known, while people are waited for, or of
// less than a second.
func (p progress) left(elapsed time.Duration) (time.Duration, bool) {
	busy := p.total - p.settled - p.gated
	if p.settled < 3 || busy <= 0 || elapsed < time.Second {
		return 0, false
	}
	rest := elapsed / time.Duration(p.settled) * time.Duration(busy)
	if rest < time.Second {
		return 0, false
	}
	return rest, true
}

// roughly is an estimate without the digits that nobody can know, which would change
// from one moment to the next.
func roughly(d time.Duration) time.Duration {
	switch {
	case d >= 5*time.Minute:
		return d.Round(time.Minute)
	case d >= time.Minute:
		return d.Round(10 * time.Second)
	case d >= 10*time.Second:
		return d.Round(5 * time.Second)
	}
	return d
}

// bar draws n of m in width cells.
func bar(n, m, width int) line {
	if m == 0 || width < 4 {
		return nil
	}
	full := min(n*width/m, width)
	return line{{strings.Repeat("█", full), green}, {strings.Repeat("░", width-full), faint}, {" ", plain}}
}

// tally counts the resources by how far they have come, with the given numbers of those
// that run and are tried again, which come and go all the time.
func (p progress) tally(running, retrying int) (t tally) {
	t.add("✗", red, p.failed, "failed")
	t.add("•", cyan, running, "running")
	t.add("◷", magenta, p.gated, "waiting for Kira")
	t.add("↻", yellow, retrying, "retrying")
	t.add("⊘", yellow, p.skipped, "skipped")
	t.add("»", magenta, p.deferred, "deferred")
	return t
}

// progressLine is the line below the title while a plan is carried out.
func (m *Model) progressLine() line {
	p := m.run.progress(m.choice)
	t := p.tally(p.running, p.retrying)
	l := line{{fmt.Sprintf("%d of %d done", p.done, p.total), bold}}
	terse := t.line(0).cells() + 2
	if full := append(bar(p.done, p.total, min(m.width/5, 30)), l...); full.cells()+terse <= m.width {
		l = full
	}
	if rest, ok := p.left(m.elapsed()); ok && m.stops == 0 {
		if said := ", about " + whole(roughly(rest)) + " left"; l.cells()+len(said)+terse <= m.width {
			l = append(l, span{said, plain})
		}
	}
	l = append(l, span{"  ", plain})
	room := m.width - l.cells()
	if most := p.tally(10, 10); p.total > 20 && most.line(room).cells() < most.line(1<<10).cells() {
		room = 0 // signs alone, and not now with words and now without
	}
	l = append(l, t.line(room)...)
	if said := "  " + limits; p.limited && l.cells()+len(said) <= m.width {
		l = append(l, span{said, yellow})
	}
	if n := m.run.sent; n > 0 {
		if sent := "  " + words.Count(int(n), "request"); l.cells()+len(sent) <= m.width {
			l = append(l, span{sent, faint})
		}
	}
	return l
}

// outcomeLine is the line below the title when the run is over.
func (m *Model) outcomeLine() line {
	p := m.run.progress(m.choice)
	var t tally
	t.add("✗", red, p.failed, "failed")
	if p.failed+p.actions.Failed == 0 {
		t.add("✗", red, m.run.errors(), words.Plural(m.run.errors(), "error"))
	}
	t.add("»", magenta, p.deferred, "deferred")
	t.add("⊘", yellow, p.skipped, "skipped")
	t.add("·", yellow, p.undone, "not done")
	t.add("✓", green, p.done, "done")
	t.add("◷", magenta, p.unready, "not ready")
	t.actions(p.actions)
	t.add("!", yellow, len(m.run.dead), "ended at Kira")
	l := t.line(m.width)
	if f := m.run.finish; f != nil && f.Requests > 0 {
		if sent := "  " + words.Count(int(f.Requests), "request") + " to Kira"; l.cells()+len(sent) <= m.width {
			l = append(l, span{sent, faint})
		}
	}
	return l
}

// elapsed is how long the plan is being carried out.
func (m *Model) elapsed() time.Duration {
	if m.run.began.IsZero() {
		return 0
	}
	return m.run.now.Sub(m.run.began)
}

// stopping names the work that a run which was told to stop still waits for.
func (m *Model) stopping() string {
	if m.stops == 0 || m.run.ended() {
		return ""
	}
	var on []string
	for _, res := range m.run.resources {
		if res.phase == running || res.phase == retrying {
			on = append(on, inline(res.Addr))
		}
	}
	switch len(on) { // the title says the rest
	case 0:
		return ""
	case 1:
		return "Waiting for " + on[0] + "."
	}
	return fmt.Sprintf("Waiting for %s and %d more.", on[0], len(on)-1)
}
