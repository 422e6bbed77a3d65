package text

import (
	"io"
	"strings"

	"kiraform/internal/event"
)

// outputs shows the values of the outputs at the end of a run.
func (v *View) outputs(nodes []event.Node) {
	if len(nodes) > 0 {
		v.write("\n" + v.paint("Outputs:", bold, green) + "\n\n")
		Outputs(v.opts.Out, nodes, v.opts)
	}
}

// Outputs writes the values of outputs, one below the other, as a configuration
// would spell them. Of the options it heeds Color.
func Outputs(w io.Writer, nodes []event.Node, o Options) {
	b := body{style: style{o.Color}}
	for _, n := range nodes {
		b.WriteString(n.Label(event.ObjectShape) + " = ")
		b.output(n, 0)
		b.WriteString("\n")
	}
	_, _ = io.WriteString(w, b.String())
}

// output writes the value of n, of which the first line stands at depth.
func (b *body) output(n event.Node, depth int) {
	open, end := "{", "}"
	switch n.Shape {
	case event.ObjectShape, event.MapShape:
	case event.ListShape:
		open, end = "[", "]"
	default:
		b.outputLeaf(n.After)
		return
	}
	b.WriteString(open)
	for _, m := range n.Nodes {
		b.WriteString("\n" + strings.Repeat("  ", depth+1))
		if n.Shape != event.ListShape {
			b.WriteString(m.Label(n.Shape) + " = ")
		}
		b.output(m, depth+1)
		if n.Shape == event.ListShape {
			b.WriteString(",")
		}
	}
	if len(n.Nodes) > 0 {
		b.WriteString("\n" + strings.Repeat("  ", depth))
	}
	b.WriteString(end)
}

func (b *body) outputLeaf(l event.Leaf) {
	switch {
	case l.Sensitive || l.Sealed:
		b.WriteString("<sensitive>")
	case manyLines(l):
		b.WriteString("<<EOT\n" + visible(strings.TrimSuffix(string(*l.Text), "\n")) + "\nEOT")
	default:
		b.WriteString(b.value(l))
	}
}
