package tui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// fewest is how many resources have to change in the same way to be shown as one
// row that can be unfolded.
const fewest = 3

// bundle puts resources of one kind that change in the same way under a heading
// of their own.
func (t *tree) bundle(groups []*group) {
	for _, g := range groups {
		t.bundle(g.groups)
		if g.flat || len(g.members) < fewest {
			continue
		}
		like := map[string][]*resource{}
		for _, res := range g.members {
			if key := alike(res); key != "" {
				like[key] = append(like[key], res)
			}
		}
		placed := map[string]bool{}
		g.members = slices.DeleteFunc(slices.Clone(g.members), func(res *resource) bool {
			key := alike(res)
			if key == "" || len(like[key]) < fewest {
				return false
			}
			if !placed[key] {
				placed[key] = true
				g.groups = append(g.groups, newBundle(g, key, like[key]))
			}
			return true
		})
	}
}

func newBundle(g *group, key string, members []*resource) *group {
	first := members[0]
	b := &group{key: g.key + " " + key, title: words.Count(len(members), nounOf(first.Kind)), depth: g.depth + 1, in: g, members: members, closed: true, alike: true,
		sign: actionOf(first.Action), text: summary(first.Planned)}
	if first.Action == event.Forget && first.Why == "" {
		b.text = "live on at Kira"
	}
	var paths []string
	for _, c := range changed(first.Nodes, "") {
		paths = append(paths, inline(c.path))
	}
	if first.Action == event.Defer && slices.ContainsFunc(members, func(res *resource) bool { return res.Why != first.Why }) {
		b.text = inline(words.Alike(first.Why))
	} else if len(paths) > 0 && first.Action != event.Defer {
		b.text = strings.Join(paths, ", ") + ": the same change"
	}
	return b
}

// alike is a text that is equal for resources which change in the same way, and
// "" for one that is shown by itself: a new one, and one whose change cannot be
// compared.
func alike(res *resource) string {
	changes := changed(res.Nodes, "")
	switch res.Action {
	case event.Forget, event.Gone, event.Defer:
		if res.From != "" {
			return ""
		}
		return res.Action + " " + words.Alike(res.Why)
	case event.Update, event.Replace, event.Drift:
		if len(changes) == 0 || res.From != "" {
			return ""
		}
	default:
		return ""
	}
	var b strings.Builder
	b.WriteString(res.Action)
	for _, c := range changes {
		if !spellNode(&b, c.path, c.node) {
			return ""
		}
	}
	return b.String()
}

// spellNode spells the new value of a node, and reports false if it is hidden.
func spellNode(b *strings.Builder, path string, n event.Node) bool {
	after := n.After
	if n.Op == event.Remove {
		after = event.Leaf{}
	}
	if after.Sensitive || after.Sealed || after.Unknown || n.Before.Sensitive {
		return false
	}
	fmt.Fprintf(b, "\n%s %s %s %s", path, n.Op, after.Line(), n.Cause)
	for _, in := range n.Nodes {
		if in.Op != event.Same && !spellNode(b, path+"."+in.Name, in) {
			return false
		}
	}
	return true
}

// compare finds the values that all new resources below a heading share, so that
// no row has to say them, and how wide the others are.
func (g *group) compare() {
	if !g.flat {
		g.share()
	} else if g.key != unchangedKey && !g.closed {
		g.shareNames()
	}
	if g.flat && g.closed {
		return // its rows are seldom seen
	}
	for _, res := range g.members {
		i := 0
		for _, text := range res.parts {
			if g.shares(text) {
				continue
			}
			if i == len(g.widths) {
				g.widths = append(g.widths, 0)
			}
			g.widths[i] = max(g.widths[i], min(words.Cells(text), widest))
			i++
		}
	}
}

// shareNames finds the parts by which all members are known, and which therefore tell
// none from the others.
func (g *group) shareNames() {
	if len(g.members) < 2 {
		return
	}
	for _, part := range g.members[0].parts {
		if !slices.ContainsFunc(g.members, func(res *resource) bool { return !slices.Contains(res.parts, part) }) {
			g.shared = append(g.shared, part)
		}
	}
}

// share finds the values that all new resources below a heading have.
func (g *group) share() {
	var shared map[string]string // by the attribute, or the number of the part
	added := 0
	for _, res := range g.members {
		if res.Action != event.Create {
			continue
		}
		if added++; added == 1 {
			shared = traits(res)
			continue
		}
		if len(shared) > 0 {
			other := traits(res)
			for name, value := range shared {
				if other[name] != value {
					delete(shared, name)
				}
			}
		}
	}
	if added > 1 && added == len(g.members) {
		for _, name := range order(g.members[0]) {
			value := shared[name]
			if value == "" {
				continue
			}
			if _, err := strconv.Atoi(name); err != nil {
				g.given = append(g.given, [2]string{inline(name), value})
			}
			if !slices.Contains(g.shared, value) {
				g.shared = append(g.shared, value)
			}
		}
	}
}

// widest is how many cells a part of an identity gets before the next one begins.
const widest = 28

// shares reports whether the heading of g says text already.
func (g *group) shares(text string) bool { return slices.Contains(g.shared, text) }

// traits are the short values of a new resource.
func traits(res *resource) map[string]string {
	out := make(map[string]string, len(res.Nodes))
	for i, part := range res.parts {
		out[fmt.Sprint(i)] = part
	}
	for _, n := range res.Nodes {
		if n.Shape == event.LeafShape && n.After.Text != nil && len(*n.After.Text) <= widest {
			out[n.Name] = inline(*n.After.Text)
		}
	}
	return out
}

// order is the names of the traits of a resource as they are shown.
func order(res *resource) []string {
	var out []string
	for i := range res.Known {
		out = append(out, fmt.Sprint(i))
	}
	for _, n := range res.Nodes {
		out = append(out, n.Name)
	}
	return out
}
