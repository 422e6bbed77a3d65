package tui

import (
	"strings"

	"kiraform/internal/event"
)

// searchable is what a filter looks through: the address, the kind, the action
// and the attributes, in small letters.
func searchable(p event.Planned) string {
	a := actionOf(p.Action)
	var b strings.Builder
	b.WriteString(p.Addr + "\n" + p.Kind + "\n" + a.Name + " " + a.Plan)
	attributes(&b, p.Nodes)
	return strings.ToLower(b.String())
}

func attributes(b *strings.Builder, nodes []event.Node) {
	for _, n := range nodes {
		if n.Name != "" {
			b.WriteString("\n" + n.Name)
		}
		attributes(b, n.Nodes)
	}
}

// filter keeps the resources that hold all of its words.
type filter []string

func newFilter(text string) filter { return strings.Fields(strings.ToLower(text)) }

func (f filter) keeps(r *resource) bool {
	for _, word := range f {
		if !strings.Contains(r.search, word) {
			return false
		}
	}
	return true
}
