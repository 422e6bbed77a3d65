package tui

import (
	"slices"
	"strings"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// body lays out the attributes of a resource.
type body struct {
	width   int
	changes bool // whether the resource exists already, so that a change has a cause
	lines   []line
}

func (b *body) put(indent int, l line, hang int) {
	lead := strings.Repeat(" ", indent)
	b.lines = append(b.lines, append(uninked(lead), l...).wrap(b.width, indent+hang)...)
}

// nodes writes the members of one value, with the equals signs below each
// other.
func (b *body) nodes(nodes []event.Node, in event.Shape, indent, hidden int) {
	labels := words.Column(nodes, 24, func(n event.Node) string { return name(n, in) })
	for i, n := range nodes {
		lead := line{{sign(n.Op) + " ", signInk(n.Op)}}
		if in != event.ListShape {
			lead = append(lead, span{labels[i], plain}, span{" = ", faint})
		}
		b.node(n, lead, indent)
	}
	if hidden > 0 {
		b.put(indent+2, inked(faint, words.Count(hidden, in.Unchanged())), 0)
	}
}

func (b *body) node(n event.Node, lead line, indent int) {
	open, end := n.Shape.Brackets()
	if open == "" {
		b.leaf(n, lead, indent)
		return
	}
	if len(n.Nodes) == 0 && n.Hidden == 0 {
		b.put(indent, b.noted(append(lead, span{open + end, plain}), n), 4)
		return
	}
	b.put(indent, b.noted(append(lead, span{open, plain}), n), 4)
	changes := b.changes
	b.changes = changes && n.Op == event.Change // words about the whole are not repeated for its parts
	b.nodes(n.Nodes, n.Shape, indent+2, n.Hidden)
	b.changes = changes
	tail := uninked("  " + end)
	if !n.After.IsNull() {
		tail = append(tail, span{" -> ", faint}, span{spell(n.After), plain})
	}
	b.put(indent, tail, 2)
}

// leaf writes a value without parts, or how it changes.
func (b *body) leaf(n event.Node, lead line, indent int) {
	before, after := n.Before, n.After
	switch {
	case n.Op == event.Change && before.Text != nil && after.Text != nil:
		b.text(n, lead, indent)
		return
	case n.Op == event.Change && before == after:
		lead = append(lead, span{spell(after), plain}, span{"  (changed)", yellow})
	case n.Op == event.Change:
		lead = append(lead, span{spell(before), red}, span{" -> ", faint}, span{spell(after), green})
	case n.Op == event.Remove || after.IsNull():
		b.whole(n, before, lead, indent)
		return
	default:
		b.whole(n, after, lead, indent)
		return
	}
	b.put(indent, b.noted(lead, n), 4)
}

// whole writes one value that is there, comes or goes.
func (b *body) whole(n event.Node, l event.Leaf, lead line, indent int) {
	if l.Text != nil {
		if text, ok := spread(string(*l.Text)); ok {
			b.put(indent, append(lead, b.because(n)...), 4)
			for row := range strings.Lines(text) {
				b.put(indent+4, uninked(safe(strings.TrimSuffix(row, "\n"))), 2)
			}
			return
		}
	}
	look := plain
	if l.Unknown || l.Sensitive || l.Sealed {
		look = faint
	}
	b.put(indent, b.noted(append(lead, span{spell(l), look}), n), 4)
}

// text writes how a string changes: short ones on one line, others line by
// line with the changed words marked.
func (b *body) text(n event.Node, lead line, indent int) {
	before, after := string(*n.Before.Text), string(*n.After.Text)
	x, manyA := spread(before)
	y, manyB := spread(after)
	brief := max(words.Cells(before), words.Cells(after)) < longText
	var rows []line
	switch {
	case brief && !manyA && !manyB:
		lead = append(lead, span{spell(n.Before), red}, span{" -> ", faint}, span{spell(n.After), green})
		b.put(indent, b.noted(lead, n), 4)
		return
	case !manyA && !manyB:
		rows = pairs([]string{safe(before)}, []string{safe(after)})
	default:
		rows = diffLines(x, y)
	}
	b.put(indent, append(lead, b.because(n)...), 4)
	for _, l := range rows {
		b.put(indent+4, l, 2)
	}
}

// noted is a line with why its value changes, if there is something to say.
func (b *body) noted(l line, n event.Node) line {
	if because := b.because(n); len(because) > 0 {
		return append(append(l, span{"  ", plain}), because...)
	}
	return l
}

// because says why a value changes. A value of the configuration was written by
// a person, so a person changed it.
func (b *body) because(n event.Node) line {
	cause := inline(n.Cause)
	whole := n.Shape == event.LeafShape || n.Op != event.Change
	if cause == "" && b.changes && whole && n.Op != event.Same && !n.After.Unknown {
		cause = "you changed it"
	}
	forced, why := words.Remark(n.Replaces, cause)
	return slices.DeleteFunc(line{{forced, red}, {why, faint}}, func(s span) bool { return s.text == "" })
}

func name(n event.Node, in event.Shape) string {
	return safe(n.Label(in))
}

func sign(op event.Op) string {
	switch op {
	case event.Add, event.Remove, event.Change:
		return string(op)
	}
	return " "
}

func signInk(op event.Op) ink {
	switch op {
	case event.Add:
		return green
	case event.Remove:
		return red
	case event.Change:
		return yellow
	}
	return plain
}
