package tui

import (
	"cmp"
	"slices"
	"strings"

	"kiraform/internal/event"
)

// group is a heading of the tree with the rows below it: a module, a kind, or
// resources that have something in common, such as having failed.
type group struct {
	key     string // tells it from all others, also after the tree was built again
	title   string
	depth   int
	in      *group // the heading above, if any
	groups  []*group
	members []*resource
	more    int // resources that are known by number only
	flat    bool
	closed  bool     // folded until somebody unfolds it
	sign    action   // of a heading that has one, such as that of resources which all change alike
	text    string   // after the title
	shared  []string // values that all new resources below it have
	widths  []int    // of the parts by which its members are known
	column  int      // where the texts after the labels of its members begin

	numbers
}

// row is one row of the tree: a heading or a resource.
type row struct {
	group *group
	res   *resource // nil for a heading
	depth int
}

// tree is the resources in the order and under the headings they are shown.
type tree struct {
	groups []*group
	all    []*resource // those the filter keeps, as shown
	group  map[*resource]*group
}

// The keys of headings that are treated apart.
const (
	doneKey      = "7"
	outputsKey   = "8"
	unchangedKey = "9"
)

// grow builds the tree of the resources that f keeps. Once a run is over,
// trouble comes first.
func grow(r *run, f filter, c choice) *tree {
	t := &tree{group: map[*resource]*group{}}
	by := map[string]*group{}
	var tops []*group
	r.leaves = c
	at := func(key, title string, depth int, in *group) *group {
		g, ok := by[key]
		if !ok {
			g = &group{key: key, title: title, depth: depth, in: in}
			by[key] = g
			if in == nil {
				tops = append(tops, g)
			} else {
				in.groups = append(in.groups, g)
			}
		}
		return g
	}
	for _, res := range r.resources {
		if !f.keeps(res) {
			continue
		}
		g := place(r, res, at)
		g.members = append(g.members, res)
	}
	if n := r.unchanged(); n > 0 && len(f) == 0 {
		g := at(unchangedKey, "unchanged", 0, nil)
		g.flat, g.more = true, n-len(g.members)
	}
	if n := len(r.outputs); n > 0 && len(f) == 0 {
		at(outputsKey, "outputs", 0, nil).more = n
	}
	t.groups = tops
	if !r.acting && r.stage() != over {
		t.bundle(tops)
	}
	t.arrange(t.groups)
	if g := by[doneKey]; g != nil {
		g.text = r.doneByKind(g.members)
	}
	t.count(c)
	return t
}

// at makes a heading, or finds the one that has the key.
type at func(key, title string, depth int, in *group) *group

// place finds the heading that a resource belongs under. Keys sort as headings
// are shown.
func place(r *run, res *resource, at at) *group {
	if res.Action == event.NoOp {
		g := at(unchangedKey, "unchanged", 0, nil)
		g.flat = true
		return g
	}
	if r.acting {
		return placeWork(r, res, at)
	}
	kind := cmp.Or(res.Kind, "other")
	if res.Module == "" {
		return at("5 "+kind, kind, 0, nil)
	}
	module := at("6 "+res.Module, res.Module, 0, nil)
	return at("6 "+res.Module+" "+kind, kind, 1, module)
}

// placeWork finds the heading of a resource while the plan is carried out, and
// after that: trouble and everything that moves come first, and the rest is folded.
func placeWork(r *run, res *resource, at at) *group {
	sign, look, _ := r.saying(res)
	heading := func(key, title string) *group {
		g := at(key, title, 0, nil)
		g.flat, g.sign = true, action{ink: look}
		g.sign.Sign = sign
		return g
	}
	folded := func(key, title string) *group {
		g := heading(key, title)
		g.closed = true
		return g
	}
	switch res.phase {
	case failed:
		if r.stage() != over {
			return heading("1", "failed")
		}
		reason := reasonOf(res.text)
		g := heading("1 "+reason, reason)
		g.text = adviceFor(reason)
		return g
	case retrying:
		return heading("2", "retrying")
	case running:
		g := heading("3", "running")
		g.sign.Sign = "•"
		return g
	case gated:
		return heading("4", "waiting for Kira")
	case deferred:
		if r.stage() != over {
			return heading("4d", "for later")
		}
		reason := reasonOf(res.text)
		g := heading("4d "+reason, "for later")
		g.text = reason // behind the count, which would be cut off
		return g
	case skipped:
		return heading("4s", "skipped")
	case done:
		return folded(doneKey, "done")
	case untouched:
		if acting(res.Action) {
			return heading("4u", "not done")
		}
	}
	if res.Action == event.Defer {
		g := heading("4d", "for later")
		g.sign.Sign = "»"
		return g
	}
	if still(res.Action) {
		g := folded(doneKey+"m", "moved")
		g.sign = actionOf(event.Move)
		return g
	}
	if res.phase == queued && !r.acts(res) {
		g := folded(doneKey+"o", "left out")
		g.sign.Sign = "○"
		return g
	}
	g := folded(doneKey+"q", "queued")
	g.sign.Sign = "·"
	return g
}

// arrange sorts headings and lists the rows below them.
func (t *tree) arrange(groups []*group) {
	slices.SortFunc(groups, func(a, b *group) int { return strings.Compare(a.key, b.key) })
	for _, g := range groups {
		t.arrange(g.groups)
		g.compare()
		for _, res := range g.members {
			t.group[res] = g
			t.all = append(t.all, res)
			res.nth = len(t.all)
			if !g.flat {
				g.column = max(g.column, 2*g.depth+4+res.cells)
			}
		}
	}
}

// rows lists the visible rows when some headings are folded.
func (t *tree) rows(folded func(*group) bool) []row {
	var out []row
	var list func([]*group)
	list = func(groups []*group) {
		for _, g := range groups {
			out = append(out, row{group: g, depth: g.depth})
			if folded(g) {
				continue
			}
			list(g.groups)
			for _, res := range g.members {
				out = append(out, row{group: g, res: res, depth: g.depth + 1})
			}
		}
	}
	list(t.groups)
	return out
}

// label is how a resource is called under its heading.
func (r row) label() string {
	if r.group.flat {
		return inline(r.res.Addr)
	}
	return r.res.label
}
