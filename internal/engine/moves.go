package engine

import (
	"kiraform/internal/addr"
	"kiraform/internal/eval"
	"kiraform/plan"
)

// movesOn counts the objects that have another address and stay managed.
func (pl *Proposal) movesOn() (n int) {
	for i := range pl.Changes {
		if c := &pl.Changes[i]; c.Moved != (addr.Resource{}) && c.Action != plan.Forget {
			n++
		}
	}
	return n
}

// MovedBlocks returns moved blocks for the moves that the plan found by itself,
// and the moves that no block can say; see [eval.Program.MovedBlocks].
func (pl *Proposal) MovedBlocks() (blocks, rest []eval.Move) {
	var found []eval.Move // in the order of To
	for _, m := range pl.Moves {
		if m.Why != "" {
			found = append(found, eval.Move{From: m.From, To: m.To})
		}
	}
	return pl.project.program.MovedBlocks(found, pl.State.Addrs(), pl.Known)
}
