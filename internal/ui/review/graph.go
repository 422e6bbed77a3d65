package review

import (
	"fmt"
	"slices"
	"strings"

	"kiraform/internal/event"
	"kiraform/internal/ui/words"
)

// graph is a drawing of the order of the changes: each resource stands to the right
// of those that it needs.
type graph struct {
	Width, Height         int
	NodeWidth, NodeHeight int
	Nodes                 []node
	Edges                 []string // paths of SVG
	Left                  string   // why nothing is drawn
}

type node struct {
	Addr, Label, Tone, Item string
	X, Y, TextX, TextY      int

	needs []string
	depth int

	leaves bool     // it is not in the configuration any more, and nothing needs it
	names  []string // the needs under which it may be needed
}

// mostNodes is from how many resources on a drawing says nothing any more.
const mostNodes = 120

const (
	nodeWidth, nodeHeight = 250, 28
	columnGap, rowGap     = 60, 12
	margin                = 8
)

// draw lays out the changes of a plan. Items has the id of the element that has a
// resource, by address. It returns nil if nothing depends on anything.
func draw(r *event.Review, items map[string]string) *graph {
	at := make(map[string]*node)
	var order []*node
	for i := range r.Changes {
		c := &r.Changes[i]
		if id, shown := items[c.Addr]; shown {
			n := &node{leaves: c.Action == event.Forget || c.Action == event.Gone, names: append(event.Wholes(c.Addr), c.Addr), Addr: inline(c.Addr), Label: label30(inline(c.Addr)), Tone: tones[words.Of(inline(act(c))).Tone], Item: id, needs: c.Needs}
			at[c.Addr] = n
			order = append(order, n)
		}
	}
	wholes := wholesOf(order)
	if !slices.ContainsFunc(order, func(n *node) bool { return len(n.needed(at, wholes, 1)) > 0 }) {
		return nil
	}
	if len(order) > mostNodes {
		return &graph{Left: fmt.Sprintf("%s are too many for a drawing.", words.Count(len(order), "resource"))}
	}
	for _, n := range order {
		n.needs = n.needed(at, wholes, len(order))
	}
	columns := layers(order, at)
	g := &graph{NodeWidth: nodeWidth, NodeHeight: nodeHeight}
	for x, column := range columns {
		for y, n := range column {
			n.X, n.Y = margin+x*(nodeWidth+columnGap), margin+y*(nodeHeight+rowGap)
			n.TextX, n.TextY = n.X+9, n.Y+18
			g.Width, g.Height = max(g.Width, n.X+nodeWidth+margin), max(g.Height, n.Y+nodeHeight+margin)
			g.Nodes = append(g.Nodes, *n)
		}
	}
	for _, n := range g.Nodes {
		for _, a := range n.needs {
			g.Edges = append(g.Edges, curve(at[a], &n))
		}
	}
	return g
}

// layers sorts resources into columns: each stands after all that it needs, and
// near to them.
func layers(order []*node, at map[string]*node) (columns [][]*node) {
	for range order { // a path is no longer than that, also if there is a circle
		moved := false
		for _, n := range order {
			for _, a := range n.needs {
				if d := at[a].depth + 1; d > n.depth && d < len(order) {
					n.depth, moved = d, true
				}
			}
		}
		if !moved {
			break
		}
	}
	for _, n := range order {
		for len(columns) <= n.depth {
			columns = append(columns, nil)
		}
		columns[n.depth] = append(columns[n.depth], n)
	}
	row := make(map[*node]int)
	for _, column := range columns {
		slices.SortStableFunc(column, func(a, b *node) int { return middle(a, at, row) - middle(b, at, row) })
		for y, n := range column {
			row[n] = y
		}
	}
	return columns
}

// middle is the row around which the resources stand that n needs, in hundredths.
func middle(n *node, at map[string]*node, row map[*node]int) int {
	if len(n.needs) == 0 {
		return 0
	}
	sum := 0
	for _, a := range n.needs {
		sum += row[at[a]]
	}
	return 100 * sum / len(n.needs)
}

// curve goes from the right edge of one node to the left edge of another.
func curve(from, to *node) string {
	x1, y1, x2, y2 := from.X+nodeWidth, from.Y+nodeHeight/2, to.X, to.Y+nodeHeight/2
	return fmt.Sprintf("M%d %dC%d %d %d %d %d %d", x1, y1, x1+columnGap/2, y1, x2-columnGap/2, y2, x2, y2)
}

// label30 shortens an address to the room of a node, from its beginning.
func label30(s string) string {
	runes := []rune(strings.TrimPrefix(s, "kira_"))
	if len(runes) > 31 {
		return "…" + string(runes[len(runes)-30:])
	}
	return string(runes)
}
