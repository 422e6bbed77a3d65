// Package graph holds a small directed acyclic graph with a fixed order.
//
// Every method that returns nodes returns them in an order that depends only
// on the graph, so two runs over equal graphs always visit nodes alike.
package graph

import (
	"maps"
	"slices"
)

// Node is the constraint on graph nodes: comparable values with a total order.
type Node[T any] interface {
	comparable
	Compare(T) int
}

// Graph maps each node to the nodes it needs. The zero value is empty and
// ready to use.
type Graph[N Node[N]] struct {
	needs  map[N][]N
	groups map[N][]N // the members of each group, sorted
	joins  map[N][]N // the groups that a node needs
}

// Add records n, and that n needs each of the given nodes first. Nodes that
// are only needed are recorded too.
func (g *Graph[N]) Add(n N, needs ...N) {
	if g.needs == nil {
		g.needs = make(map[N][]N)
	}
	for _, m := range needs {
		if _, ok := g.needs[m]; !ok {
			g.needs[m] = nil
		}
	}
	all := append(slices.Clone(g.needs[n]), needs...)
	slices.SortFunc(all, N.Compare)
	g.needs[n] = slices.Compact(all)
}

// Has reports whether n is in g.
func (g *Graph[N]) Has(n N) bool {
	_, ok := g.needs[n]
	return ok
}

// Nodes returns every node, sorted.
func (g *Graph[N]) Nodes() []N { return slices.SortedFunc(maps.Keys(g.needs), N.Compare) }

// Needs returns the nodes that n waits for, members of groups among them, sorted.
func (g *Graph[N]) Needs(n N) []N {
	if len(g.joins[n]) == 0 {
		return g.needs[n]
	}
	all := slices.Clone(g.needs[n])
	for _, name := range g.joins[n] {
		all = append(all, g.groups[name]...)
	}
	slices.SortFunc(all, N.Compare)
	return slices.Compact(all)
}

// Order returns the nodes with every node after all it needs, or nil if some
// need each other; [Graph.Cycle] then says which.
func (g *Graph[N]) Order() []N {
	order := make([]N, 0, len(g.needs))
	for w := g.Walk(); ; {
		ready := w.Ready()
		if len(ready) == 0 {
			if len(order) < len(g.needs) {
				return nil
			}
			return order
		}
		for _, n := range ready {
			w.Done(n)
		}
		order = append(order, ready...)
	}
}

// Waiting returns the nodes that are in a cycle, or need one that is, sorted.
func (g *Graph[N]) Waiting() []N {
	w := g.Walk()
	for ready := w.Ready(); len(ready) > 0; ready = w.Ready() {
		for _, n := range ready {
			w.Done(n)
		}
	}
	return w.Left()
}

// Cycle returns nodes of which each needs the next and the last needs the
// first, or nil if there are none. It starts at the node that sorts first.
func (g *Graph[N]) Cycle() []N {
	return g.cycle(g.Walk())
}

// Cycles returns cycles that have no node in common, such that nothing would be
// in a cycle without their nodes. Each is as [Graph.Cycle] returns it.
func (g *Graph[N]) Cycles() (all [][]N) {
	w := g.Walk()
	for cycle := g.cycle(w); cycle != nil; cycle = g.cycle(w) {
		all = append(all, cycle)
		for _, n := range cycle {
			delete(w.waits, n)
		}
		for _, n := range cycle { // those that wait for it go on
			w.Done(n)
		}
	}
	return all
}

// cycle goes on with a walk as far as that leads, and returns a cycle among the nodes that are left.
func (g *Graph[N]) cycle(w *Walk[N]) []N {
	for ready := w.Ready(); len(ready) > 0; ready = w.Ready() {
		for _, n := range ready {
			w.Done(n)
		}
	}
	if len(w.waits) == 0 {
		return nil
	}
	left := w.Left()
	// Every node left needs another that is left, so following the first such
	// need must come back to a node already passed.
	at := make(map[N]int)
	var path []N
	next := g.follower(w)
	for n := left[0]; ; {
		if i, ok := at[n]; ok {
			return rotate(path[i:])
		}
		at[n] = len(path)
		path = append(path, n)
		n = next(n)
	}
}

// rotate makes a cycle begin with its least node.
func rotate[N Node[N]](cycle []N) []N {
	least := slices.Index(cycle, slices.MinFunc(cycle, N.Compare))
	return append(slices.Clone(cycle[least:]), cycle[:least]...)
}

// Reach returns the given nodes and all that they need, directly or not.
func (g *Graph[N]) Reach(from ...N) map[N]bool {
	seen, met := make(map[N]bool), make(map[N]bool)
	for stack := slices.Clone(from); len(stack) > 0; {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[n] {
			continue
		}
		seen[n] = true
		stack = append(stack, g.needs[n]...)
		for _, name := range g.joins[n] {
			if !met[name] {
				met[name] = true
				stack = append(stack, g.groups[name]...)
			}
		}
	}
	return seen
}
