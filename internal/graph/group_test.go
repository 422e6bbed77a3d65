package graph_test

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kiraform/internal/graph"
)

// both draws a graph with groups, and the same one with an edge for each member.
// Unless it may have circles, a node needs only nodes before it.
func both(t *rapid.T, circles bool) (grouped, plain *graph.Graph[name], nodes []name) {
	grouped, plain = new(graph.Graph[name]), new(graph.Graph[name])
	for i := range rapid.IntRange(1, 14).Draw(t, "nodes") {
		nodes = append(nodes, name(fmt.Sprintf("n%02d", i)))
	}
	groups := make(map[name][]name)
	for i := range rapid.IntRange(0, 3).Draw(t, "groups") {
		members := rapid.SliceOfN(rapid.SampledFrom(nodes), 0, 5).Draw(t, "members")
		id := name(fmt.Sprintf("n%02d", 3*i)) // the name of a node, of which it is independent
		groups[id] = members
		grouped.Group(id, members...)
		plain.Add(nodes[0])
		for _, m := range members {
			plain.Add(m)
		}
	}
	for i, n := range nodes {
		may := nodes
		if !circles {
			may = nodes[:i]
		}
		var needs, joins []name
		if len(may) > 0 {
			needs = rapid.SliceOfN(rapid.SampledFrom(may), 0, 2).Draw(t, "needs")
		}
		for _, id := range slices.Sorted(maps.Keys(groups)) {
			outside := slices.ContainsFunc(groups[id], func(m name) bool { return !slices.Contains(may, m) })
			if !outside && rapid.Bool().Draw(t, "joins") {
				joins = append(joins, id)
			}
		}
		grouped.Add(n, needs...)
		grouped.AddGroups(n, joins...)
		plain.Add(n, needs...)
		for _, id := range joins {
			plain.Add(n, groups[id]...)
		}
	}
	return grouped, plain, nodes
}

// A need of a group is the need of each member, whichever question is asked.
func TestGroupsAreEdges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, plain, nodes := both(t, rapid.Bool().Draw(t, "circles"))
		same(t, "order", g.Order(), plain.Order())
		same(t, "cycle", g.Cycle(), plain.Cycle())
		same(t, "cycles", fmt.Sprint(g.Cycles()), fmt.Sprint(plain.Cycles()))
		same(t, "nodes", g.Nodes(), plain.Nodes())
		for _, n := range nodes {
			same(t, "needs", fmt.Sprint(g.Needs(n)), fmt.Sprint(plain.Needs(n)))
		}
		from := rapid.SliceOfN(rapid.SampledFrom(nodes), 0, 3).Draw(t, "from")
		same(t, "reach", fmt.Sprint(g.Reach(from...)), fmt.Sprint(plain.Reach(from...)))
		of := make(map[name]bool)
		for _, n := range from {
			of[n] = true
		}
		same(t, "dependants", fmt.Sprint(g.Dependants(of)), fmt.Sprint(plain.Dependants(of)))
	})
}

// A run over a group ends alike, whichever nodes are done and skipped and when.
func TestWalksOverGroups(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, plain, _ := both(t, rapid.Bool().Draw(t, "circles"))
		a, b := g.Walk(), plain.Walk()
		var running []name
		for range 40 {
			now := a.Ready()
			same(t, "ready", now, b.Ready())
			if running = append(running, now...); len(running) == 0 {
				break
			}
			i := rapid.IntRange(0, len(running)-1).Draw(t, "ends")
			n := running[i]
			running = slices.Delete(running, i, i+1)
			if rapid.IntRange(0, 3).Draw(t, "how") > 0 {
				a.Done(n)
				b.Done(n)
				continue
			}
			gone := a.Skip(n)
			same(t, "skipped", gone, b.Skip(n))
			running = slices.DeleteFunc(running, func(n name) bool { return slices.Contains(gone, n) })
		}
		same(t, "left", a.Left(), b.Left())
	})
}

func same(t *rapid.T, of string, got, want any) {
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("%s: %v, and with plain edges %v", of, got, want)
	}
}

// Many nodes that need many others take as many edges as there are nodes.
func TestGroupsAreSmall(t *testing.T) {
	build := func(n int) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		g := new(graph.Graph[name])
		var members []name
		for i := range n {
			members = append(members, name(fmt.Sprint("a", i)))
		}
		g.Group("a", members...)
		for i := range n {
			g.AddGroups(name(fmt.Sprint("b", i)), "a")
		}
		if got := len(g.Order()); got != 2*n {
			t.Fatalf("%d nodes in order, want %d", got, 2*n)
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	if one, two := build(1000), build(2000); two > 3*one {
		t.Errorf("%d bytes for 1,000 nodes, %d for 2,000", one, two)
	}
}
