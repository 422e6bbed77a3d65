package plan

import (
	"cmp"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/addr"
	"kiraform/internal/eval"
	"kiraform/state"
)

// rounds is how often a plan is made again because objects turned out to have
// another address: once for each kind of object that refers to one that moved,
// and once more.
const rounds = 4

// mover takes the objects of a state to the addresses that they have now. It
// sends nothing: a move is a change of the state alone.
type mover struct {
	in    Input
	prior *state.State                    // as it was before any move
	was   map[addr.Resource]addr.Resource // by the address an object has now, the one that it had; of those that moved
	why   map[addr.Resource]Move          // by the address that an object had
	diags hcl.Diagnostics
}

// newMover carries out the moved blocks.
func newMover(in Input) *mover {
	mv := &mover{in: in, prior: in.Prior, was: make(map[addr.Resource]addr.Resource), why: make(map[addr.Resource]Move)}
	written := in.Program.Moves()
	if len(written) == 0 {
		return mv
	}
	have := in.Prior.Addrs()
	others := slices.Collect(maps.Keys(in.Gone))
	for _, request := range in.Prior.Intents {
		others = append(others, request.Addr)
	}
	for _, a := range others {
		if _, lives := in.Prior.Resources[a]; !lives {
			have = append(have, a)
		}
	}
	slices.SortFunc(have, addr.Resource.Compare)
	moves, diags := eval.Moved(written, slices.Compact(have))
	mv.diags = diags
	var found []Move
	for _, m := range moves {
		found = append(found, Move{From: m.From, To: m.To, Range: m.Range.Ptr()})
	}
	mv.add(found)
	return mv
}

// add makes moves, from the addresses that objects have by now.
func (mv *mover) add(moves []Move) {
	to := make(map[addr.Resource]addr.Resource, len(moves))
	was := maps.Clone(mv.was)
	for _, m := range moves {
		to[m.From] = m.To
		delete(was, m.From)
	}
	for _, m := range moves {
		first := cmp.Or(mv.was[m.From], m.From)
		if mv.why[first] == (Move{}) {
			mv.why[first] = m
		}
		if first != m.To {
			was[m.To] = first
		}
	}
	mv.was = was
	mv.in.displaced = make(map[addr.Resource]bool)
	for to, from := range was {
		mv.in.displaced[to] = mv.why[from].Why == displaced
	}
	mv.in.Prior = mv.in.Prior.Move(to)
	gone := make(map[addr.Resource]state.Object, len(mv.in.Gone))
	for a, o := range mv.in.Gone {
		gone[cmp.Or(to[a], a)] = o
	}
	mv.in.Gone = gone
}

// moves returns all moves that were made, in the order of To.
func (mv *mover) moves() (all []Move) {
	for _, to := range slices.SortedFunc(maps.Keys(mv.was), addr.Resource.Compare) {
		from := mv.was[to]
		all = append(all, Move{From: from, To: to, Why: mv.why[from].Why, Range: mv.why[from].Range})
	}
	return all
}

// settle leaves only the moves of the plan, as far as a selection has them, in
// the state that it starts from.
func (mv *mover) settle(p *Plan) {
	p.Prior = mv.in.Prior
	if len(p.Moves) == len(mv.was) {
		return
	}
	to := make(map[addr.Resource]addr.Resource, len(p.Moves))
	for _, m := range p.Moves {
		to[m.From] = m.To
	}
	p.Prior = mv.prior.Move(to)
}

// singles finds objects whose block was given a count, or lost it: the single
// object and the first instance are one, as in Terraform.
func (m *maker) singles() (found []Move) {
	first := addr.Int(0)
	for _, a := range m.had() {
		if m.names[a] || m.unsure(a.Block()) {
			continue
		}
		to := a.Unkeyed()
		switch {
		case a.Key.IsZero():
			to = a.Instance(first)
		case a.Key != first:
			continue
		}
		if _, taken := m.Prior.Resources[to]; m.names[to] && !taken {
			found = append(found, Move{From: a, To: to, Why: "its block was given a count, or lost it"})
		}
	}
	return found
}
