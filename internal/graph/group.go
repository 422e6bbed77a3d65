package graph

import "slices"

// Group gives nodes a name under which others need all of them, with
// [Graph.AddGroups]: n nodes that need m others take n+m edges then, and not n·m.
// Every method answers as if each of them needed each member. A group is no node:
// it may have the name of one, and no method returns it. The members of a name are
// given once.
func (g *Graph[N]) Group(name N, members ...N) {
	if g.groups == nil {
		g.groups, g.joins = make(map[N][]N), make(map[N][]N)
	}
	for _, m := range members {
		g.Add(m)
	}
	all := slices.Clone(members)
	slices.SortFunc(all, N.Compare)
	g.groups[name] = slices.Compact(all)
}

// AddGroups records n, and that it needs each member of the named groups first.
func (g *Graph[N]) AddGroups(n N, names ...N) {
	g.Add(n)
	for _, name := range names {
		if len(g.groups[name]) > 0 && !slices.Contains(g.joins[n], name) {
			g.joins[n] = append(g.joins[n], name)
		}
	}
}

// Grouped reports whether a group has the name.
func (g *Graph[N]) Grouped(name N) bool {
	_, ok := g.groups[name]
	return ok
}

// Dependants returns the nodes that need one of the given nodes, directly or not,
// and are none of those. Each comes with the first of its needs for which it is one.
// There are none if nodes of g need each other.
func (g *Graph[N]) Dependants(of map[N]bool) map[N]N {
	because := make(map[N]N)
	first := firsts[N]{of: g, is: func(n N) bool { _, is := because[n]; return is || of[n] }}
	for _, n := range g.Order() {
		if m, ok := first.need(n); ok && !of[n] {
			because[n] = m
		}
	}
	return because
}

// follower returns, for the nodes that a walk has left, the first need that is left
// as well.
func (g *Graph[N]) follower(w *Walk[N]) func(N) N {
	first := firsts[N]{of: g, is: w.waiting}
	return func(n N) N {
		m, ok := first.need(n)
		if !ok {
			panic("graph: nothing is left that a waiting node needs")
		}
		return m
	}
}

// firsts finds the first of a node's needs for which something holds. It asks once
// about the members of a group.
type firsts[N Node[N]] struct {
	of     *Graph[N]
	is     func(N) bool
	groups map[N]found[N]
}

type found[N any] struct {
	node N
	ok   bool
}

func (f *firsts[N]) need(n N) (first N, ok bool) {
	all := f.among(f.of.needs[n])
	for _, name := range f.of.joins[n] {
		if g := f.group(name); g.ok && (!all.ok || g.node.Compare(all.node) < 0) {
			all = g
		}
	}
	return all.node, all.ok
}

func (f *firsts[N]) group(name N) found[N] {
	have, asked := f.groups[name]
	if !asked {
		if f.groups == nil {
			f.groups = make(map[N]found[N])
		}
		have = f.among(f.of.groups[name])
		f.groups[name] = have
	}
	return have
}

func (f *firsts[N]) among(nodes []N) found[N] {
	if i := slices.IndexFunc(nodes, f.is); i >= 0 {
		return found[N]{nodes[i], true}
	}
	return found[N]{}
}
