package tui

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"kiraform/internal/event"
)

// searchable is the text that a filter looks through: the address, the kind, the
// action, the attributes and their values, in small letters.
func searchable(p event.Planned) string {
	a := actionOf(p.Action)
	var b strings.Builder
	b.WriteString(p.Addr + "\n" + p.Kind + "\n" + p.ID + "\n" + a.Name + " " + a.Plan)
	for _, part := range p.Known {
		b.WriteString("\n" + string(part))
	}
	attributes(&b, p.Nodes)
	return bareText(b.String())
}

// bareText is text in small letters without accents, as people type it who look for
// a name.
func bareText(text string) string {
	if strings.IndexFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) < 0 {
		return strings.ToLower(text)
	}
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(text)))
}

func attributes(b *strings.Builder, nodes []event.Node) {
	for _, n := range nodes {
		if n.Name != "" {
			b.WriteString("\n" + n.Name)
		}
		for _, l := range []event.Leaf{n.Before, n.After} {
			if l.Text != nil && len(*l.Text) < longestSought {
				b.WriteString("\n" + string(*l.Text))
			}
			if l.Literal != "" {
				b.WriteString("\n" + l.Literal)
			}
		}
		attributes(b, n.Nodes)
	}
}

// longestSought bounds the values that a filter finds: a longer one is a document.
const longestSought = 2000

// filter keeps the resources that hold all of its words.
type filter []string

func newFilter(text string) filter { return strings.Fields(bareText(text)) }

// keeps looks through the plan of a resource, and through how far it has come.
func (f filter) keeps(r *resource) bool {
	if len(f) == 0 {
		return true
	}
	now := bareText(r.ID + "\n" + r.phase.String() + "\n" + r.text)
	for _, word := range f {
		if !strings.Contains(r.search, word) && !strings.Contains(now, word) {
			return false
		}
	}
	return true
}
