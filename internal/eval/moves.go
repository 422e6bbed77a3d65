package eval

import (
	"cmp"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/diag"
)

// Move says that an object has another address than before. If neither address
// has a key, the block moves with all its instances, or its single object;
// else one object moves, and a missing key is that of a single object.
type Move struct {
	From, To addr.Resource
	Range    hcl.Range // of the address that the object had
}

// Moves returns the moved blocks, as they are written, each move once. Each
// names two resources of one kind, and no chain of them is a circle.
func (p *Program) Moves() []Move { return p.moves }

// Whole reports whether m moves a block rather than one object.
func (m Move) Whole() bool { return m.From.Key.IsZero() && m.To.Key.IsZero() }

// compileMoves checks the moved blocks.
func (p *Program) compileMoves() hcl.Diagnostics {
	var diags hcl.Diagnostics
	var good []*config.Moved
	from, to := make(map[addr.Resource]*config.Moved), make(map[addr.Resource]*config.Moved)
	for _, mv := range p.root.decl.Moved {
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
		p.moves = append(p.moves, Move{mv.From, mv.To, mv.FromRange})
	}
	return append(diags, p.stillDeclared(good)...)
}

// misdirected reports a move that no object could make.
func (p *Program) misdirected(mv *config.Moved) *hcl.Diagnostic {
	switch {
	case mv.From.Data:
		return dataMove(mv.From, &mv.FromRange)
	case mv.To.Data:
		return dataMove(mv.To, &mv.ToRange)
	case mv.From == mv.To:
		return diag.Error("invalid-move", &mv.ToRange, "Redundant move",
			"%s moves to itself. Write the address that it has now, or take the moved block away.", mv.From)
	case mv.From.Kind != mv.To.Kind:
		return diag.Error("invalid-move", &mv.ToRange, "Resource kind mismatch",
			"%s is a %s, and %s is a %s: an object cannot become one of another kind. Name two resources of one kind.",
			mv.From, mv.From.Kind, mv.To, mv.To.Kind)
	case p.options.Kinds[mv.From.Kind] == nil:
		return diag.Error("unknown-kind", &mv.FromRange, "Unknown resource kind",
			"There is no resource kind called %q.%s Correct both addresses.", mv.From.Kind, diag.DidYouMean(mv.From.Kind, p.kindNames()))
	}
	return nil
}

func dataMove(a addr.Resource, rng *hcl.Range) *hcl.Diagnostic {
	return diag.Error("invalid-move", rng, "Data sources do not move",
		"The state keeps nothing of %s, so that it can be renamed without a moved block. Take the block away.", a)
}

// ambiguous reports a move that begins or ends where another one does.
func ambiguous(mv, sameFrom, sameTo *config.Moved) *hcl.Diagnostic {
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

func whole(mv *config.Moved) bool { return Move{From: mv.From, To: mv.To}.Whole() }

// stillDeclared reports moves from an address that the configuration still
// has. What cannot be known before there is a plan is left alone.
func (p *Program) stillDeclared(moves []*config.Moved) hcl.Diagnostics {
	var blocks []addr.Resource
	for _, mv := range moves {
		if p.blocks[mv.From.Block()] != nil {
			blocks = append(blocks, mv.From.Block())
		}
	}
	if len(blocks) == 0 {
		return nil
	}
	var diags hcl.Diagnostics
	known := p.foresee(blocks)
	for _, mv := range moves {
		b := p.blocks[mv.From.Block()]
		if b == nil || !whole(mv) && !p.has(mv.From, known) {
			continue
		}
		diags = append(diags, diag.Error("moved-still-declared", &mv.FromRange, "Moved object still exists",
			"The configuration still has %s, at %s, so it cannot have moved to %s. Declare it as %[3]s instead, or take the moved block away.",
			mv.From, config.Place(b.decl.DefRange), mv.To))
	}
	return diags
}

// has reports whether the configuration has the instance a.
func (p *Program) has(a addr.Resource, known *Values) bool {
	b := p.blocks[a.Block()]
	return b != nil && b.repeated() != a.Key.IsZero() && known.at(b.addr).exists[a.Key]
}

// foresee expands blocks, and the blocks that they need, as far as that is
// possible before there is a plan.
func (p *Program) foresee(blocks []addr.Resource) *Values {
	known, needed := NewValues(), p.graph.Reach(blocks...)
	for _, a := range p.graph.Order() {
		if needed[a] {
			instances, _ := p.Expand(a, known) // a plan reports the mistakes
			known.Expand(a, instances)
		}
	}
	return known
}
