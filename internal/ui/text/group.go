package text

import (
	"slices"

	"kiraform/internal/ui/words"
)

// few is how many resources are listed one by one, though they have one reason.
const few = 3

// group has the resources that one reason holds for.
type group struct {
	first, alike string
	same         bool // all have the first text, to the letter
	addrs        []string
}

// reason is the text of the group, without the particulars of one resource.
func (g *group) reason() string {
	if g.same {
		return g.first
	}
	return g.alike
}

// grouped puts those that have a reason in common together, the largest group first,
// and keeps the others as they are.
func grouped(entries []entry) (alone []entry, groups []*group) {
	at := map[string]*group{}
	of := func(e entry) *group { return at[words.Cause(words.Alike(firstLine(e.text)))] }
	entries = slices.SortedStableFunc(slices.Values(entries), func(x, y entry) int { return words.Natural(x.addr, y.addr) })
	for _, e := range entries {
		g, text := of(e), firstLine(e.text)
		if g == nil {
			g = &group{first: text, alike: words.Alike(text), same: true}
			at[words.Cause(g.alike)], groups = g, append(groups, g)
		}
		g.same = g.same && text == g.first
		if words.Alike(text) != g.alike {
			g.alike = words.Nameless(g.alike)
		}
		g.addrs = append(g.addrs, inline(e.addr))
	}
	for _, e := range entries {
		if g := of(e); e.text == "" || len(g.addrs) <= few {
			alone = append(alone, e)
		}
	}
	groups = slices.DeleteFunc(groups, func(g *group) bool { return g.first == "" || len(g.addrs) <= few })
	slices.SortStableFunc(groups, func(x, y *group) int { return len(y.addrs) - len(x.addrs) })
	return alone, groups
}
