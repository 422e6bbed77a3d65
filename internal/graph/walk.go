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
}

// Walk starts a traversal.
func (g *Graph[N]) Walk() *Walk[N] {
	w := &Walk[N]{waits: make(map[N]int, len(g.needs)), users: make(map[N][]N)}
	for _, n := range g.Nodes() {
		w.waits[n] = len(g.needs[n])
		if w.waits[n] == 0 {
			w.ready = append(w.ready, n)
		}
		for _, m := range g.needs[n] {
			w.users[m] = append(w.users[m], n)
		}
	}
	return w
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
	for _, u := range w.users[n] {
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
