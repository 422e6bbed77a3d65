package engine

import "kiraform/internal/eval"

// MovedBlocks returns moved blocks that say what the plan found by itself, and
// the moves that no block can say; see [eval.Program.MovedBlocks].
func (pl *Proposal) MovedBlocks() (blocks, rest []eval.Move) {
	return pl.project.program.MovedBlocks(pl.FoundMoves(), pl.State.Addrs(), pl.Known)
}
