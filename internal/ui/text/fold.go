package text

import (
	"encoding/json"
	"fmt"
	"slices"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// folder replaces parts of an object that are equal to one which was shown.
type folder struct {
	shown map[string]string // by the JSON of a part: where it was shown
}

func newFolder() *folder { return &folder{make(map[string]string)} }

// fewParts is how many parts a value may have before showing it again is too much.
const fewParts = 3

// nodes folds the members of the part at that path.
func (f *folder) nodes(at string, nodes []event.Node, shape event.Shape) []event.Node {
	var out []event.Node
	for i, g := range groups(nodes, shape) {
		n := g.first
		where := at + "." + n.Name
		switch {
		case shape == event.ListShape:
			where = fmt.Sprintf("%s[%d]", at, i)
		case at == "":
			where = n.Name
		case shape == event.MapShape:
			where = fmt.Sprintf("%s[%q]", at, n.Name)
		}
		if len(n.Nodes) >= fewParts {
			key := signature(n)
			if before, ok := f.shown[key]; ok {
				n = event.Node{Name: n.Name, Op: event.Same, Shape: event.LeafShape, After: event.Leaf{Literal: "(as in " + inline(before) + ")"}}
				n.Before = n.After
			} else {
				f.shown[key] = where
			}
		}
		n.Nodes = f.nodes(where, n.Nodes, n.Shape)
		out = append(out, n)
		if len(g.others) > 0 {
			rest := event.Leaf{Literal: fmt.Sprintf("(and %d more with another %s: %s)", len(g.others), inline(g.by), words.Few(fewParts, g.others...))}
			out = append(out, event.Node{Op: event.Same, Shape: event.LeafShape, Before: rest, After: rest})
		}
	}
	return out
}

// signature is equal for nodes that are equal but for their names.
func signature(n event.Node) string {
	n.Name = ""
	text, err := json.Marshal(n)
	if err != nil {
		panic(err) // a node is data
	}
	return string(text)
}

// alikeGroup is one entry of a list, and the values of the attribute in which others
// differ from it.
type alikeGroup struct {
	first  event.Node
	by     string
	others []string
}

// groups puts entries of a list together that differ in their key only: the
// attribute which is another text in each.
func groups(nodes []event.Node, shape event.Shape) (all []alikeGroup) {
	key := ""
	if shape == event.ListShape {
		key = keyOf(nodes)
	}
	of := make(map[string]int)
	for _, n := range nodes {
		if key == "" {
			all = append(all, alikeGroup{first: n})
			continue
		}
		rest := n
		rest.Nodes = slices.DeleteFunc(slices.Clone(n.Nodes), func(m event.Node) bool { return m.Name == key })
		i, ok := of[signature(rest)]
		if !ok {
			of[signature(rest)] = len(all)
			all = append(all, alikeGroup{first: n, by: key})
			continue
		}
		all[i].others = append(all[i].others, inline(textOf(n, key)))
	}
	return all
}

// keyOf is the name of the text that is another one in each of several objects, or
// "".
func keyOf(nodes []event.Node) string {
	if len(nodes) < fewParts {
		return ""
	}
	for _, m := range nodes[0].Nodes {
		seen := make(map[string]bool)
		for _, n := range nodes {
			if text := textOf(n, m.Name); text != "" {
				seen[text] = true
			}
		}
		if len(seen) == len(nodes) {
			return m.Name
		}
	}
	return ""
}

// textOf is the text of a member of an object, or "".
func textOf(n event.Node, name string) string {
	for _, m := range n.Nodes {
		if m.Name == name && m.After.Text != nil {
			return string(*m.After.Text)
		}
	}
	return ""
}
