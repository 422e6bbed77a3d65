package tui

import (
	"slices"
	"strings"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// whyLines says why something happens to a resource: its changes, its needs,
// down to where it began, and its dependants.
func (r *run) whyLines(res *resource, width int) []line {
	w := &why{run: r, body: body{width: width}, seen: map[string]bool{}, met: map[string]bool{}}
	a := actionOf(res.Action)
	w.put(0, line{{"Why ", bold}, {inline(res.Addr), bold}, {" " + a.will(), plain}}, 2)
	w.causes(res, 2)
	w.lines = append(w.lines, nil)
	if len(res.Needs) == 0 {
		w.put(0, uninked("It needs nothing else of this plan."), 0)
	} else {
		w.put(0, uninked("It needs, to be done first:"), 0)
		w.needs(res, 2)
	}
	needers := r.dependants(res.Addr)
	w.lines = append(w.lines, nil)
	if len(needers) == 0 {
		w.put(0, uninked("Nothing else needs it."), 0)
		return w.lines
	}
	w.put(0, uninked("Its dependants:"), 0)
	for _, n := range needers {
		w.resource(n.Addr, n, 2, "")
	}
	return w.lines
}

// deepest is how far a chain of needs is indented.
const deepest = 16

// why follows needs and remembers where it has been.
type why struct {
	run *run
	body
	seen map[string]bool
	met  map[string]bool // needs that stand for several
}

// causes names the parts of the resource itself that have it changed.
func (w *why) causes(res *resource, indent int) {
	said := len(w.lines)
	switch res.phase {
	case failed:
		w.put(indent, line{{"✗ it failed: ", red | bold}, {reasonOf(res.text), plain}}, 2)
		if advice := adviceFor(reasonOf(res.text)); advice != "" {
			w.put(indent+2, uninked(advice), 0)
		}
	case skipped:
		w.put(indent, line{{"⊘ it was skipped because of ", yellow}, {inline(res.text), bold}}, 2)
	case unready:
		w.put(indent, line{{"◷ it is not ready for use yet: ", magenta}, {inline(res.text), plain}}, 2)
	case deferred:
		w.put(indent, line{{"» it is for later: ", magenta}, {inline(res.text), plain}}, 2)
	}
	if res.Why != "" {
		w.put(indent, uninked(inline(res.Why)), 0)
	}
	if res.Action == event.Create && res.Why == "" {
		text := "it is in the configuration and not at Kira"
		if res.phase == done || res.phase == unready {
			text = "it was in the configuration and not at Kira"
		}
		w.put(indent, uninked(text), 0)
	}
	if res.Action == event.Update || res.Action == event.Replace || res.Action == event.Adopt {
		for _, c := range changed(res.Nodes, "") {
			cause := c.node.Cause
			if cause == "" {
				cause = "you changed it"
			}
			l := line{{inline(c.path), bold}, {": " + inline(cause), plain}}
			if c.node.Replaces {
				l = append(l, span{", which " + words.Replaces, red})
			}
			w.put(indent, l, 2)
		}
	}
	if res.After != "" {
		w.put(indent, line{{"waits ", magenta}, {inline(res.After), plain}}, 0)
	}
	if len(w.lines) == said && res.Action == event.NoOp {
		w.put(indent, uninked("it is as the configuration says"), 0)
	}
}

func (w *why) needs(res *resource, indent int) {
	w.seen[res.Addr] = true
	for _, addr := range slices.Sorted(slices.Values(res.Needs)) {
		needed := w.run.needed(addr)
		switch {
		case len(needed) == 0:
			w.put(indent, uninked(inline(addr)+", which does not change"), 2)
		case len(needed) > 1 && w.met[addr]:
			w.put(indent, uninked("all of "+inline(addr)+" (see above)"), 2)
		default:
			w.met[addr] = true
			for _, need := range needed {
				w.need(need, indent)
			}
		}
	}
}

func (w *why) need(need *resource, indent int) {
	if w.seen[need.Addr] {
		w.resource(need.Addr, need, indent, " (see above)")
		return
	}
	w.resource(need.Addr, need, indent, "")
	w.causes(need, indent+4)
	w.needs(need, min(indent+2, deepest))
}

func (w *why) resource(addr string, res *resource, indent int, more string) {
	a := actionOf(res.Action)
	sign, look, text := strings.TrimSpace(a.Sign), a.ink, a.Plan
	if res.phase == done && acting(res.Action) { // it is not to be done any more
		sign, look, text = "✓", green, a.Did
	}
	w.put(indent, line{{sign + " ", look | bold}, {inline(addr), plain}, {"  " + text + more, faint}}, 2)
}
