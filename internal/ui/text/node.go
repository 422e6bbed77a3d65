package text

import (
	"fmt"
	"math"
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
	labels := words.Column(in.nodes, math.MaxInt, func(n event.Node) string { return n.Label(in.shape) })
	for i, n := range in.nodes {
		l := line{lead: b.lead(in.depth, n.Op), depth: in.depth, gone: in.gone}
		if in.shape == event.ListShape {
			l.tail = ","
		} else {
			l.lead += labels[i] + " = "
		}
		if toNull(n, in) {
			l.tail = b.paint(" -> null", grey)
		}
		b.node(l, n)
	}
	if in.hidden > 0 {
		b.WriteString(indent(in.depth) + "  " + b.paint("# ("+words.Count(in.hidden, in.shape.Unchanged())+" hidden)", grey) + "\n")
	}
}

// toNull reports whether n is to say that null takes its place: not in a list,
// where the others move up, and not if it was null before.
func toNull(n event.Node, in block) bool {
	open, _ := n.Shape.Brackets()
	return n.Op == event.Remove && !in.gone && in.shape != event.ListShape && (open != "" || !n.Before.IsNull())
}

// line is where a node stands.
type line struct {
	lead  string // before the value
	tail  string // after it
	depth int
	gone  bool
}

func (b *body) node(l line, n event.Node) {
	open, end := n.Shape.Brackets()
	if open == "" {
		b.leaf(l, n)
		return
	}
	if !n.After.IsNull() { // a whole object, map or list that gives way to something without parts
		l.tail = " " + b.arrow() + " " + b.value(n.After) + l.tail
	}
	if len(n.Nodes) == 0 && n.Hidden == 0 {
		b.WriteString(l.lead + open + end + l.tail + b.note(n, "") + "\n")
		return
	}
	b.WriteString(l.lead + open + b.note(n, "") + "\n")
	b.nodes(block{nodes: n.Nodes, shape: n.Shape, depth: l.depth + 1, hidden: n.Hidden, gone: l.gone || n.Op == event.Remove})
	b.WriteString(indent(l.depth) + "  " + end + l.tail + "\n")
}

// note is the comment after a value: that it forces a replacement, why it
// changes, or else the renderer's own remark.
func (b *body) note(n event.Node, or string) string {
	cause := inline(n.Cause)
	if cause == "" {
		cause = or
	}
	forced, why := words.Remark(n.Replaces, cause)
	if forced+why == "" {
		return ""
	}
	return " " + b.paint(forced, red) + b.paint(why, grey)
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
