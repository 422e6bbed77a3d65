package text

import (
	"slices"
	"strings"

	"kiraform/internal/event"
	"kiraform/internal/textdiff"
)

// leaf writes a value without parts, or how it changes.
func (b *body) leaf(l line, n event.Node) {
	switch {
	case n.Op == event.Change:
		b.change(l, n)
	case n.Op == event.Remove || n.After.IsNull():
		b.whole(l, n, n.Before)
	default:
		b.whole(l, n, n.After)
	}
}

// whole writes one value that is there, comes or goes.
func (b *body) whole(l line, n event.Node, leaf event.Leaf) {
	if !manyLines(leaf) {
		b.WriteString(l.lead + b.value(leaf) + l.tail + b.note(n, "") + "\n")
		return
	}
	b.heredoc(l, textdiff.Same, string(*leaf.Text), b.note(n, ""))
}

func (b *body) change(l line, n event.Node) {
	before, after := n.Before, n.After
	switch {
	case before.Text != nil && after.Text != nil && (manyLines(before) || manyLines(after)):
		b.lines(l, n, string(*before.Text), string(*after.Text))
	case manyLines(before):
		l.tail = " " + b.arrow() + " " + b.value(after) + l.tail
		b.heredoc(l, textdiff.Remove, string(*before.Text), b.note(n, ""))
	case manyLines(after):
		l.lead += b.value(before) + " " + b.arrow() + " "
		b.heredoc(l, textdiff.Add, string(*after.Text), b.note(n, ""))
	case before == after && (before.Sensitive || before.Sealed):
		// Both sides look the same, so that there is a change has to be said.
		b.WriteString(l.lead + b.value(after) + l.tail + b.note(n, "changed") + "\n")
	case before.Text != nil && after.Text != nil:
		from, to := shorten(string(*before.Text), string(*after.Text))
		b.WriteString(l.lead + from + " " + b.arrow() + " " + to + l.tail + b.note(n, "") + "\n")
	default:
		b.WriteString(l.lead + b.value(before) + " " + b.arrow() + " " + b.value(after) + l.tail + b.note(n, "") + "\n")
	}
}

// value spells one value on one line.
func (b *body) value(l event.Leaf) string {
	if l.IsNull() {
		return b.paint(l.Line(), grey)
	}
	return l.Line()
}

func manyLines(l event.Leaf) bool { return l.Text != nil && strings.Contains(string(*l.Text), "\n") }

// lines shows the change of a string that has several lines. The line feed at
// the end is compared apart, since a line does not look different for it.
func (b *body) lines(l line, n event.Node, before, after string) {
	note := ""
	switch {
	case strings.HasSuffix(after, "\n") && !strings.HasSuffix(before, "\n"):
		note = "the line feed at the end is new"
	case strings.HasSuffix(before, "\n") && !strings.HasSuffix(after, "\n"):
		note = "the line feed at the end goes"
	}
	b.WriteString(l.lead + "<<-EOT" + b.note(n, note) + "\n")
	for _, d := range textdiff.Diff(ended(before), ended(after)) {
		b.textLine(l.depth, d)
	}
	b.WriteString(indent(l.depth) + "  EOT" + l.tail + "\n")
}

func ended(s string) string { return strings.TrimSuffix(s, "\n") + "\n" }

// heredoc shows a string of several lines, each with the same sign.
func (b *body) heredoc(l line, op textdiff.Op, s, note string) {
	b.WriteString(l.lead + "<<-EOT" + note + "\n")
	for text := range strings.SplitSeq(strings.TrimSuffix(s, "\n"), "\n") {
		b.textLine(l.depth, textdiff.Line{Op: op, Text: text})
	}
	b.WriteString(indent(l.depth) + "  EOT" + l.tail + "\n")
}

func (b *body) textLine(depth int, d textdiff.Line) {
	if d.Op == textdiff.Same && d.Text == "" {
		b.WriteString("\n")
		return
	}
	b.WriteString(b.lead(depth+1, event.Op(d.Op)) + visible(d.Text) + "\n")
}

// quote spells s as a string of HCL, except that templates, which do not occur
// in values, stay as they are.
func quote[T ~string](s T) string { return event.Foreign(s).Quoted() }

// The longest string that is shown whole when it changes, and how much around
// the change is shown of a longer one, in characters.
const (
	longText = 120
	around   = 20
)

// shorten quotes two strings. It leaves out the common ends of long ones, but
// for a little.
func shorten(before, after string) (from, to string) {
	a, b := []rune(before), []rune(after)
	if max(len(a), len(b)) <= longText {
		return quote(before), quote(after)
	}
	start := common(a, b)
	slices.Reverse(a)
	slices.Reverse(b)
	end := min(common(a, b), min(len(a), len(b))-start)
	slices.Reverse(a)
	slices.Reverse(b)
	return cut(a, start, end), cut(b, start, end)
}

func common(a, b []rune) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

// cut quotes s without its first start and last end characters, but for a
// little of both. The dots stand outside of the quotes: they are not in s.
func cut(s []rune, start, end int) string {
	from, to := max(0, start-around), min(len(s), len(s)-end+around)
	out := quote(string(s[from:to]))
	if from > 0 {
		out = "…" + out
	}
	if to < len(s) {
		out += "…"
	}
	return out
}
