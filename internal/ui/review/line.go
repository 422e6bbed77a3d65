package review

import (
	"fmt"
	"strings"

	"kiraform/internal/event"
	"kiraform/internal/textdiff"
	"kiraform/internal/ui/words"
)

// A line is one line of a difference, safe to show, with its sign apart.
type line struct {
	Sign byte   // '+', '-', '!' for a value that becomes another, or ' '
	Text string // indented
}

// longText is from how many characters on a text that changes takes two lines.
const longText = 40

// lines lays out attributes. Hidden counts those that are left out.
func lines(nodes []event.Node, hidden int) []line {
	var b body
	b.nodes(nodes, event.ObjectShape, 0, hidden)
	return b.lines
}

// diff is a difference as text, with the signs in the first column.
func diff(lines []line) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(strings.TrimRight(string(l.Sign)+" "+l.Text, " ") + "\n")
	}
	return b.String()
}

type body struct{ lines []line }

func (b *body) put(op event.Op, depth int, text string) {
	sign := byte(' ')
	switch op {
	case event.Add, event.Remove:
		sign = op[0]
	case event.Change:
		sign = '!'
	}
	b.lines = append(b.lines, line{sign, strings.Repeat("  ", depth) + text})
}

// nodes writes attributes that belong together, with the equals signs below each
// other.
func (b *body) nodes(nodes []event.Node, in event.Shape, depth, hidden int) {
	labels := words.Column(nodes, 24, func(n event.Node) string { return label(n, in) })
	for i, n := range nodes {
		lead := ""
		if in != event.ListShape {
			lead = labels[i] + " = "
		}
		b.node(n, lead, depth)
	}
	if hidden > 0 {
		b.put(event.Same, depth, "# "+words.Count(hidden, in.Unchanged()))
	}
}

func (b *body) node(n event.Node, lead string, depth int) {
	open, end := n.Shape.Brackets()
	if open == "" {
		b.leaf(n, lead, depth)
		return
	}
	if len(n.Nodes) == 0 && n.Hidden == 0 {
		b.put(n.Op, depth, lead+open+end+note(n))
		return
	}
	b.put(n.Op, depth, lead+open+note(n))
	b.nodes(n.Nodes, n.Shape, depth+1, n.Hidden)
	if !n.After.IsNull() {
		end += " -> " + spell(n.After)
	}
	op := n.Op
	if op == event.Change {
		op = event.Same
	}
	b.put(op, depth, end)
}

// leaf writes a value without parts, or how it changes.
func (b *body) leaf(n event.Node, lead string, depth int) {
	before, after := n.Before, n.After
	switch {
	case n.Op == event.Change && before.Text != nil && after.Text != nil:
		b.text(n, lead, depth)
	case n.Op == event.Change && before == after:
		b.put(n.Op, depth, lead+spell(after)+" (changed)"+note(n))
	case n.Op == event.Change:
		b.put(n.Op, depth, lead+spell(before)+" -> "+spell(after)+note(n))
	case n.Op == event.Remove || after.IsNull():
		b.whole(n, before, lead, depth)
	default:
		b.whole(n, after, lead, depth)
	}
}

// whole writes one value that is there, comes or goes.
func (b *body) whole(n event.Node, l event.Leaf, lead string, depth int) {
	if l.Text == nil || !strings.Contains(string(*l.Text), "\n") {
		b.put(n.Op, depth, lead+spell(l)+note(n))
		return
	}
	b.put(n.Op, depth, lead+"<<-EOT"+note(n))
	for row := range strings.SplitSeq(strings.TrimSuffix(string(*l.Text), "\n"), "\n") {
		b.put(n.Op, depth+1, row0(row))
	}
	b.put(n.Op, depth, "EOT")
}

// text writes how a text becomes another: a short one on one line, a long one line
// by line.
func (b *body) text(n event.Node, lead string, depth int) {
	before, after := string(*n.Before.Text), string(*n.After.Text)
	switch {
	case strings.Contains(before+after, "\n"):
		b.put(n.Op, depth, lead+"<<-EOT"+note(n))
		for _, d := range textdiff.Diff(before, after) {
			b.put(event.Op(d.Op), depth+1, row0(d.Text))
		}
		b.put(event.Same, depth, "EOT")
	case max(len([]rune(before)), len([]rune(after))) > longText:
		b.put(event.Remove, depth, lead+spell(n.Before))
		b.put(event.Add, depth, lead+spell(n.After)+note(n))
	default:
		b.put(n.Op, depth, lead+spell(n.Before)+" -> "+spell(n.After)+note(n))
	}
}

// row0 is one line of a text of several.
func row0(s string) string { return strings.ReplaceAll(inline(s), "\t", "  ") }

// spell writes a value on one line.
func spell(l event.Leaf) string { return event.Quiet(l.Line()) }

// note says why a value changes, if there is something to say.
func note(n event.Node) string {
	forced, why := words.Remark(n.Replaces, inline(n.Cause))
	if forced+why == "" {
		return ""
	}
	return "  " + forced + why
}

func label(n event.Node, in event.Shape) string {
	return event.Quiet(n.Label(in))
}

// where names a place in a file, from the root of the repository.
func where(file string, at int) string {
	if file == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", file, at)
}
