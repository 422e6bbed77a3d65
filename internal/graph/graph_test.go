package graph_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kiraform/internal/graph"
)

// random draws a graph without cycles: a node needs only nodes before it.
func random(t *rapid.T) (*graph.Graph[name], []name) {
	var g graph.Graph[name]
	var nodes []name
	for i := range rapid.IntRange(1, 12).Draw(t, "nodes") {
		n := name(fmt.Sprintf("n%02d", i))
		var needs []name
		if i > 0 {
			needs = rapid.SliceOfN(rapid.SampledFrom(nodes), 0, 4).Draw(t, "needs")
		}
		g.Add(n, needs...)
		nodes = append(nodes, n)
	}
	return &g, nodes
}

func TestOrderPutsNeedsFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, nodes := random(t)
		order := g.Order()
		if len(order) != len(nodes) || g.Cycle() != nil {
			t.Fatalf("order %v, cycle %v of %d nodes", order, g.Cycle(), len(nodes))
		}
		for i, n := range order {
			for _, m := range g.Needs(n) {
				if slices.Index(order, m) >= i {
					t.Fatalf("%s comes before %s, which it needs", n, m)
				}
			}
		}
	})
}

func TestCycleIsOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, nodes := random(t)
		a, b := rapid.SampledFrom(nodes).Draw(t, "a"), rapid.SampledFrom(nodes).Draw(t, "b")
		if !g.Reach(b)[a] {
			return
		}
		g.Add(a, b) // b needs a, so this closes a cycle
		cycle := g.Cycle()
		if len(cycle) == 0 || g.Order() != nil {
			t.Fatalf("no cycle found after %s needs %s", a, b)
		}
		for i, n := range cycle {
			if next := cycle[(i+1)%len(cycle)]; !slices.Contains(g.Needs(n), next) {
				t.Fatalf("%v: %s does not need %s", cycle, n, next)
			}
		}
	})
}

// Without the nodes of its cycles a graph has an order, and no two cycles meet.
func TestCycles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, nodes := random(t)
		for range rapid.IntRange(0, 5).Draw(t, "edges") {
			g.Add(rapid.SampledFrom(nodes).Draw(t, "a"), rapid.SampledFrom(nodes).Draw(t, "b"))
		}
		in := make(map[name]bool)
		for _, cycle := range g.Cycles() {
			for i, n := range cycle {
				if in[n] {
					t.Fatalf("%s is in two cycles", n)
				}
				in[n] = true
				if next := cycle[(i+1)%len(cycle)]; !slices.Contains(g.Needs(n), next) {
					t.Fatalf("%v: %s does not need %s", cycle, n, next)
				}
			}
		}
		rest := new(graph.Graph[name])
		for _, n := range g.Nodes() {
			if !in[n] {
				rest.Add(n, slices.DeleteFunc(slices.Clone(g.Needs(n)), func(m name) bool { return in[m] })...)
			}
		}
		if len(rest.Nodes()) > 0 && rest.Order() == nil {
			t.Fatalf("there are more cycles: %v", rest.Cycle())
		}
	})
}

// Those that wait are the ones that no order has a place for.
func TestWaiting(t *testing.T) {
	var g graph.Graph[name]
	g.Add("a", "b")
	g.Add("b", "a")
	g.Add("c", "b", "d")
	g.Add("d", "e")
	if got := fmt.Sprint(g.Waiting()); got != "[a b c]" {
		t.Errorf("got %s", got)
	}
	if got := kira().Waiting(); len(got) > 0 {
		t.Errorf("%v wait in a graph without a cycle", got)
	}
}
