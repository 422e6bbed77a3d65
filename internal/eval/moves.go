package eval

import (
	"cmp"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/diag"
)

// Move says that an object has another address than before. If neither address
// has a key, the block moves with all its instances, or its single object;
// else one object moves, and a missing key is that of a single object.
// Addresses without a kind are those of modules, which move with all that is
// in them.
type Move struct {
	From, To addr.Resource
	Range    hcl.Range // of the address that the object had

	// in is the module whose moved block it is, without keys. A resource in one
	// of its instances moves within that instance.
	in addr.Module
}

// Moves returns the moved blocks of resources, as they are written, each move
// once. Each names two resources of one kind, or two modules, and no chain of
// them is a circle.
func (p *Program) Moves() []Move { return p.moves }

// Whole reports whether m moves a block, or a module with all its instances,
// rather than one object.
func (m Move) Whole() bool {
	if m.From.Kind == "" {
		return m.From.Module.Key().IsZero() && m.To.Module.Key().IsZero()
	}
	return m.From.Key.IsZero() && m.To.Key.IsZero()
}

// writtenMove is a moved block with addresses that begin at the root module.
type writtenMove struct {
	config.Moved
	in *module
}

// compileMoves checks the moved blocks.
func (p *Program) compileMoves() hcl.Diagnostics {
	var diags hcl.Diagnostics
	var good []*writtenMove
	from, to := make(map[addr.Resource]*writtenMove), make(map[addr.Resource]*writtenMove)
	for _, mv := range p.writtenMoves() {
		if first := from[mv.From]; first != nil && first.To == mv.To {
			continue // said twice
		}
		d := cmp.Or(p.misdirected(mv), ambiguous(mv, from[mv.From], to[mv.To]))
		if d != nil {
			diags = append(diags, d)
			continue
		}
		from[mv.From], to[mv.To] = mv, mv
		good = append(good, mv)
	}
	good, d := circles(good, from)
	diags = append(diags, d...)
	for _, mv := range good {
		m := Move{mv.From, mv.To, mv.FromRange, mv.in.path}
		if mv.From.Action {
			p.actions = append(p.actions, m)
		} else {
			p.moves = append(p.moves, m)
		}
	}
	return append(diags, p.stillDeclared(good)...)
}

// writtenMoves returns the moved blocks of all modules.
func (p *Program) writtenMoves() (all []*writtenMove) {
	for _, m := range p.tree {
		for _, mv := range m.decl.Moved {
			w := &writtenMove{*mv, m}
			w.From.Module, w.To.Module = m.path.Join(mv.From.Module), m.path.Join(mv.To.Module)
			all = append(all, w)
		}
	}
	return all
}

// misdirected reports a move that no object could make.
func (p *Program) misdirected(mv *writtenMove) *hcl.Diagnostic {
	switch {
	case (mv.From.Kind == "") != (mv.To.Kind == ""):
		return diag.Error("invalid-move", &mv.ToRange, "A module and a resource",
			"Of %s and %s, one is a module and the other a resource. Name two of a kind.", mv.From, mv.To)
	case mv.From.Data:
		return dataMove(mv.From, &mv.FromRange)
	case mv.To.Data:
		return dataMove(mv.To, &mv.ToRange)
	case mv.From == mv.To:
		return diag.Error("invalid-move", &mv.ToRange, "Redundant move",
			"%s moves to itself. Write the address that it has now, or take the moved block away.", mv.From)
	case mv.From.Kind != mv.To.Kind || mv.From.Action != mv.To.Action:
		return diag.Error("invalid-move", &mv.ToRange, "Resource kind mismatch",
			"%s is a %s, and %s is a %s: an object cannot become one of another kind. Name two resources of one kind.",
			mv.From, mv.From.Schema(), mv.To, mv.To.Schema())
	}
	return p.misspelt(mv.From, &mv.FromRange, "Correct both addresses.")
}

// misspelt reports the address of a resource or a module whose kind there is not.
func (p *Program) misspelt(a addr.Resource, rng *hcl.Range, advice string) *hcl.Diagnostic {
	if a.Kind == "" || p.options.Kinds[a.Schema()] != nil {
		return nil
	}
	return diag.Error("unknown-kind", rng, "Unknown resource kind",
		"There is no resource kind called %q.%s %s", a.Kind, diag.DidYouMean(a.Kind, append(p.kindNames(), "module")), advice)
}

func dataMove(a addr.Resource, rng *hcl.Range) *hcl.Diagnostic {
	return diag.Error("invalid-move", rng, "Data sources do not move",
		"The state keeps nothing of %s, so that it can be renamed without a moved block. Take the block away.", a)
}

// ambiguous reports a move that begins or ends where another one does.
func ambiguous(mv, sameFrom, sameTo *writtenMove) *hcl.Diagnostic {
	switch {
	case sameFrom != nil:
		return diag.Error("ambiguous-move", &mv.FromRange, "Ambiguous move",
			"%s moved to %s, as %s says, so it cannot have moved to %s. Take one of the two moved blocks away.",
			mv.From, sameFrom.To, config.Place(sameFrom.DefRange), mv.To)
	case sameTo != nil:
		return diag.Error("ambiguous-move", &mv.ToRange, "Ambiguous move",
			"%s moved to %s, as %s says, so %s cannot have moved there. Take one of the two moved blocks away.",
			sameTo.From, mv.To, config.Place(sameTo.DefRange), mv.From)
	}
	return nil
}

func whole(mv *writtenMove) bool { return Move{From: mv.From, To: mv.To}.Whole() }

// declares returns the place where the configuration has a resource or a
// module, without regard to keys; nil if it does not.
func (p *Program) declares(a addr.Resource) *hcl.Range {
	if b := p.blocks[a.Block()]; b != nil {
		return &b.decl.DefRange
	}
	if m := p.module(a); m != nil {
		return &m.call.DefRange
	}
	return nil
}

// module returns the module that a, an address without a kind, names; nil if
// there is none.
func (p *Program) module(a addr.Resource) *module {
	i := slices.IndexFunc(p.tree, func(m *module) bool {
		return a.Kind == "" && m.parent != nil && m.path == a.Module.Static()
	})
	if i < 0 {
		return nil
	}
	return p.tree[i]
}

// stillDeclared reports moves from an address that the configuration still has.
// An address that cannot be known before there is a plan is left alone.
func (p *Program) stillDeclared(moves []*writtenMove) hcl.Diagnostics {
	var blocks []addr.Resource
	for _, mv := range moves {
		if p.declares(mv.From) == nil {
			continue
		}
		if m := p.module(mv.From); m != nil {
			blocks = append(blocks, m.waits...)
		} else {
			blocks = append(blocks, mv.From.Block())
		}
	}
	var diags hcl.Diagnostics
	known := p.foresee(blocks)
	for _, mv := range moves {
		at := p.declares(mv.From)
		if at == nil || !whole(mv) && !p.has(mv.From, known) {
			continue
		}
		diags = append(diags, diag.Error("moved-still-declared", &mv.FromRange, "Moved object still exists",
			"The configuration still has %s, at %s, so it cannot have moved to %s. Declare it as %[3]s instead, or take the moved block away.",
			mv.From, config.Place(*at), mv.To))
	}
	return diags
}

// has reports whether the configuration has the instance a.
func (p *Program) has(a addr.Resource, known *Values) bool {
	if m := p.module(a); m != nil {
		return p.exists(m, a.Module, known)
	}
	b := p.blocks[a.Block()]
	return b != nil && b.repeated() != a.Key.IsZero() && known.at(a.Unkeyed()).exists[a.Key]
}

// foresee expands blocks, and the blocks that they need, as far as that is
// possible before there is a plan.
func (p *Program) foresee(blocks []addr.Resource) *Values {
	known := NewValues()
	if len(blocks) == 0 {
		return known
	}
	needed := p.graph.Reach(blocks...)
	for _, a := range p.graph.Order() {
		if needed[a] {
			instances, _ := p.Expand(a, known) // a plan reports the mistakes
			known.Expand(a, instances)
		}
	}
	return known
}
