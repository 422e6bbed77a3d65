package tui

import (
	"fmt"
	"strings"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// summary says the change of a resource on one line.
func summary(p event.Planned) string {
	switch p.Action {
	case event.Defer, event.NoOp:
		return inline(p.Why)
	case event.Move:
		return "from " + inline(p.From)
	case event.Forget:
		if p.Why != "" {
			return inline(p.Why)
		}
		return "lives on at Kira"
	case event.Adopt:
		if p.ID != "" && len(changed(p.Nodes, "")) == 0 {
			return "exists as " + inline(p.ID)
		}
	case event.Create, event.Read:
		return given(p)
	}
	names := changed(p.Nodes, "")
	if len(names) == 1 {
		return names[0].sentence()
	}
	var b strings.Builder
	for i, c := range names {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(inline(c.path))
		if c.node.Replaces {
			b.WriteString(" (" + words.Replaces + ")")
		}
	}
	return b.String()
}

// change is a value that changes, by the path of names that leads to it.
type change struct {
	path string
	node event.Node
}

func (c change) sentence() string {
	text := inline(c.path)
	if c.node.Shape == event.LeafShape && c.node.Op == event.Change && !c.node.Before.Sensitive && !c.node.Before.Sealed {
		text += " " + spell(c.node.Before) + " -> " + spell(c.node.After)
	}
	if c.node.Cause != "" {
		text += ", " + inline(c.node.Cause)
	}
	return text
}

// changed lists the values that change, except for those that follow from the
// others: values that are computed anew.
func changed(nodes []event.Node, under string) []change {
	var out []change
	for _, n := range nodes {
		path := n.Name
		if under != "" && path != "" {
			path = under + "." + path
		} else if path == "" {
			path = under
		}
		switch {
		case n.Op == event.Same, n.Shape == event.LeafShape && n.After.Unknown && !n.Replaces:
		case n.Op == event.Change && len(n.Nodes) > 0:
			out = append(out, changed(n.Nodes, path)...)
		default:
			out = append(out, change{path, n})
		}
	}
	return out
}

// given is the beginning of the attributes of a new resource.
func given(p event.Planned) string {
	var parts []string
	for _, n := range p.Nodes {
		if n.Shape == event.LeafShape && (n.After.Text != nil || n.After.Literal != "") {
			parts = append(parts, fmt.Sprintf("%s %s", inline(n.Name), spell(n.After)))
		}
		if len(parts) == 4 {
			break
		}
	}
	return strings.Join(parts, ", ")
}
