package tui

import (
	"cmp"
	"slices"
	"strings"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
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
	alike   bool        // its members change in the same way
	counts  bool        // the title follows the number of its members, as in "3 × not found"
	closed  bool        // folded until somebody unfolds it
	sign    action      // of a heading that has one, such as that of resources which all change alike
	text    string      // after the title
	shared  []string    // values that all new resources below it have
	given   [][2]string // the same, each with the name of its attribute
	widths  []int       // of the parts by which its members are known
	column  int         // where the texts after the labels of its members begin
	brief   int         // the same, where the labels are short ones

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
	labels map[string]int // how many resources are called so below their kinds
}

// The keys of headings that are treated apart.
const (
	endedKey     = "0"
	retryingKey  = "2"
	undoneKey    = "4u"
	doneKey      = "7"
	queuedKey    = doneKey + "q"
	outputsKey   = "8"
	unchangedKey = "9"
)

// grow builds the tree of the resources that f keeps. Once a run is over,
// trouble comes first.
func grow(r *run, f filter, c choice) *tree {
	t := &tree{group: map[*resource]*group{}, labels: make(map[string]int, len(r.resources))}
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
		t.labels[res.label]++
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
	if n := len(r.dead); n > 0 && len(f) == 0 {
		g := at(endedKey, "ended at Kira", 0, nil)
		g.more, g.sign = n, action{ink: yellow}
		g.sign.Sign = "!"
	}
	if n := len(r.outputs); n > 0 && len(f) == 0 {
		at(outputsKey, "outputs", 0, nil).more = n
	}
	t.groups = tops
	if !r.acting && r.stage() != over {
		t.bundle(tops)
	}
	t.arrange(t.groups)
	for _, g := range t.groups {
		r.sumUp(g)
	}
	t.count(c)
	return t
}

// at makes a heading, or finds the one that has the key.
type at func(key, title string, depth int, in *group) *group

// place finds the heading that a resource belongs under. Keys sort as headings
// are shown.
func place(r *run, res *resource, at at) *group {
	if res.Action == event.NoOp && (res.phase == queued || res.phase == done) {
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
	heading := func(key, title string) *group {
		g := at(key, title, 0, nil)
		if !g.flat { // it is new
			sign, look, _ := r.saying(res)
			g.flat, g.sign = true, action{ink: look}
			g.sign.Sign = sign
		}
		return g
	}
	folded := func(key, title string) *group {
		g := heading(key, title)
		g.closed = true
		return g
	}
	because := func(key, title, reason string) *group { // the reason stands behind the count, which would be cut off
		g := heading(key+words.Nameless(reason), title)
		if g.text = cmp.Or(g.text, reason); g.text != reason {
			g.text = words.Nameless(reason)
		}
		return g
	}
	switch res.phase {
	case failed:
		reason := reasonOf(res.text)
		g := heading("1 "+words.Cause(reason), reason)
		if g.title != reason {
			g.title = words.Nameless(reason)
		}
		g.counts, g.text = true, adviceFor(reason)
		return g
	case retrying:
		return heading(retryingKey, "retrying")
	case running:
		g := heading("3", "running")
		g.sign.Sign = "•"
		return g
	case gated:
		return because("4 ", "waiting for Kira", reasonOf(res.text))
	case deferred:
		return because("4d ", "for later", reasonOf(res.text))
	case unready:
		return because("4u ", "not ready yet", reasonOf(res.text))
	case skipped:
		return heading("4s", "skipped")
	case done:
		return folded(doneKey, "done")
	case untouched:
		if acting(res.Action) {
			return heading(undoneKey, "not done")
		}
	}
	if res.Action == event.Defer {
		g := because("4d ", "for later", reasonOf(res.Why))
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
	g := folded(queuedKey, "queued")
	g.sign.Sign = "·"
	return g
}

// sumUp says in a heading what its members have in common, and hides many that would
// push the others out of sight while the plan is carried out.
func (r *run) sumUp(g *group) {
	if r.stage() == applying && len(g.members) > most && g.key != retryingKey && !strings.HasPrefix(g.key, "3") {
		g.closed = true
	}
	switch g.key {
	case retryingKey:
		if slices.ContainsFunc(g.members, limited) {
			g.text = limits
		}
	case doneKey:
		g.text = r.doneByKind(g.members)
	case queuedKey, undoneKey:
		g.text = byKind(g.members)
	}
}

// most is how many rows a heading over failures, or over those that wait, has while the
// plan is carried out. With more it is folded.
const most = 5

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
			long := res.cells
			if g.flat {
				long = res.whole
			}
			g.column = max(g.column, 2*g.depth+4+long)
			g.brief = max(g.brief, 2*g.depth+4+res.cells)
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

// label is how a resource is called under its heading: by its address where that is
// no heading of a kind, unless it is the only one of its name and room is short.
func (t *tree) label(r row, width int) string {
	if r.group.flat && (width >= roomy || t.labels[r.res.label] > 1) {
		return inline(r.res.Addr)
	}
	return r.res.label
}

// roomy is how wide a list is in which whole addresses leave room for the rest.
const roomy = 76
