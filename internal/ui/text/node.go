package text

import (
	"fmt"
	"strings"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// body lays out nodes, one line each, or one nested block of lines.
type body struct {
	style
	strings.Builder
}

// block is a run of nodes that belong together.
type block struct {
	nodes  []event.Node
	shape  event.Shape // of the value that holds them
	depth  int
	hidden int
	gone   bool // the value that holds them is removed, which is said once, there
}

// nodes writes a block with its equals signs below each other.
func (b *body) nodes(in block) {
	width := 0
	labels := make([]string, len(in.nodes))
	for i, n := range in.nodes {
		labels[i] = n.Label(in.shape)
		width = max(width, words.Cells(labels[i]))
	}
	for i, n := range in.nodes {
		l := line{lead: b.lead(in.depth, n.Op), depth: in.depth, gone: in.gone}
		if in.shape == event.ListShape {
			l.tail = ","
		} else {
			l.lead += words.Pad(labels[i], width) + " = "
		}
		if toNull(n, in) {
			l.tail = b.paint(" -> null", grey)
		}
		b.node(l, n)
	}
	if in.hidden > 0 {
		noun := "unchanged attribute"
		if in.shape == event.ListShape || in.shape == event.MapShape {
			noun = "unchanged element"
		}
		b.WriteString(indent(in.depth) + "  " + b.paint("# ("+words.Count(in.hidden, noun)+" hidden)", grey) + "\n")
	}
}

// toNull reports whether n is to say that null takes its place: not in a list,
// where the others move up, and not if it was null before.
func toNull(n event.Node, in block) bool {
	parts := n.Shape == event.ObjectShape || n.Shape == event.MapShape || n.Shape == event.ListShape
	return n.Op == event.Remove && !in.gone && in.shape != event.ListShape && (parts || !n.Before.IsNull())
}

// line is where a node stands.
type line struct {
	lead  string // before the value
	tail  string // after it
	depth int
	gone  bool
}

func (b *body) node(l line, n event.Node) {
	brackets := [2]string{"{", "}"}
	switch n.Shape {
	case event.ObjectShape, event.MapShape:
	case event.ListShape:
		brackets = [2]string{"[", "]"}
	default:
		b.leaf(l, n)
		return
	}
	if !n.After.IsNull() { // a whole object, map or list that gives way to something without parts
		l.tail = " " + b.arrow() + " " + b.value(n.After) + l.tail
	}
	if len(n.Nodes) == 0 && n.Hidden == 0 {
		b.WriteString(l.lead + brackets[0] + brackets[1] + l.tail + b.note(n, "") + "\n")
		return
	}
	b.WriteString(l.lead + brackets[0] + b.note(n, "") + "\n")
	b.nodes(block{nodes: n.Nodes, shape: n.Shape, depth: l.depth + 1, hidden: n.Hidden, gone: l.gone || n.Op == event.Remove})
	b.WriteString(indent(l.depth) + "  " + brackets[1] + l.tail + "\n")
}

// note is the comment after a value: that it forces a replacement, why it
// changes, or else the renderer's own remark.
func (b *body) note(n event.Node, or string) string {
	cause := inline(n.Cause)
	if cause == "" {
		cause = or
	}
	switch {
	case n.Replaces && cause != "":
		return " " + b.paint("# "+words.Replaces, red) + b.paint("; "+cause, grey)
	case n.Replaces:
		return " " + b.paint("# "+words.Replaces, red)
	case cause != "":
		return " " + b.paint("# "+cause, grey)
	}
	return ""
}

// lead is the text before a name: the sign has a column of its own.
func (b *body) lead(depth int, op event.Op) string {
	switch op {
	case event.Add, event.Remove, event.Change:
		return indent(depth) + b.sign(string(op)) + " "
	}
	return indent(depth) + "  "
}

func indent(depth int) string { return fmt.Sprintf("%*s", 2+4*depth, "") }

func (b *body) arrow() string { return b.paint("->", yellow) }
