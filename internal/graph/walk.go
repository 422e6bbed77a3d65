package graph

import (
	"maps"
	"slices"
)

// A Walk is one traversal of a graph. It is not safe for concurrent use.
type Walk[N Node[N]] struct {
	waits map[N]int // needs not yet done, of each node neither done nor skipped
	users map[N][]N
	ready []N

	in      map[N][]*group[N] // the groups that a node is a member of
	skipped map[*group[N]]bool
}

// group is one group in a walk.
type group[N any] struct {
	waits int // members not yet done
	users []N
}

// Walk starts a traversal.
func (g *Graph[N]) Walk() *Walk[N] {
	w := &Walk[N]{waits: make(map[N]int, len(g.needs)), users: make(map[N][]N)}
	groups := w.join(g)
	for _, n := range g.Nodes() {
		w.waits[n] = len(g.needs[n]) + len(g.joins[n])
		if w.waits[n] == 0 {
			w.ready = append(w.ready, n)
		}
		for _, m := range g.needs[n] {
			w.users[m] = append(w.users[m], n)
		}
		for _, name := range g.joins[n] {
			groups[name].users = append(groups[name].users, n)
		}
	}
	return w
}

// join makes the groups of g.
func (w *Walk[N]) join(g *Graph[N]) map[N]*group[N] {
	if len(g.groups) == 0 {
		return nil
	}
	w.in, w.skipped = make(map[N][]*group[N]), make(map[*group[N]]bool)
	all := make(map[N]*group[N], len(g.groups))
	for name, members := range g.groups {
		all[name] = &group[N]{waits: len(members)}
		for _, m := range members {
			w.in[m] = append(w.in[m], all[name])
		}
	}
	return all
}

// Ready returns, once each and sorted, the nodes whose needs are all done.
func (w *Walk[N]) Ready() []N {
	r := w.ready
	w.ready = nil
	slices.SortFunc(r, N.Compare)
	return r
}

// Done marks n as finished, which may make others ready.
func (w *Walk[N]) Done(n N) {
	delete(w.waits, n)
	w.served(w.users[n])
	for _, of := range w.in[n] {
		if of.waits--; of.waits == 0 {
			w.served(of.users)
		}
	}
}

// served tells users that one of their needs is done.
func (w *Walk[N]) served(users []N) {
	for _, u := range users {
		if !w.waiting(u) {
			continue // skipped
		}
		if w.waits[u]--; w.waits[u] == 0 {
			w.ready = append(w.ready, u)
		}
	}
}

// Skip marks n as never to be finished and returns n with all nodes that need
// it, directly or not, sorted. Nodes done or skipped before are not returned.
func (w *Walk[N]) Skip(n N) []N {
	var gone []N
	for stack := []N{n}; len(stack) > 0; {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if w.waiting(n) {
			delete(w.waits, n)
			gone = append(gone, n)
			stack = append(stack, w.users[n]...)
			for _, of := range w.in[n] {
				if !w.skipped[of] {
					w.skipped[of] = true
					stack = append(stack, of.users...)
				}
			}
		}
	}
	slices.SortFunc(gone, N.Compare)
	return gone
}

// Left returns the nodes neither done nor skipped, sorted.
func (w *Walk[N]) Left() []N { return slices.SortedFunc(maps.Keys(w.waits), N.Compare) }

func (w *Walk[N]) waiting(n N) bool {
	_, ok := w.waits[n]
	return ok
}
