package eval

import (
	"kiraform/internal/addr"
)

// Actions returns the action blocks, as they are written.
func (p *Program) Actions() (all []addr.Resource) {
	for _, b := range p.order {
		if b.addr.Action && b.kind != nil {
			all = append(all, b.addr)
		}
	}
	return all
}

// ActionMoves returns the moved blocks of actions, as [Program.Moves] does those
// of resources.
func (p *Program) ActionMoves() []Move { return p.actions }

// NeedsOf returns the blocks that a block refers to, be it through local values,
// sorted.
func (p *Program) NeedsOf(block addr.Resource) []addr.Resource {
	b, ok := p.blocks[block.Block()]
	if !ok || b.cyclic {
		return nil
	}
	return p.blocksOf(b.repeat.deps, b.body)
}
