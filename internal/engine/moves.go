package engine

import "kiraform/internal/eval"

// FoundMoves returns the moves that the plan found without a moved block, in
// the order of To.
func (pl *Planned) FoundMoves() (found []eval.Move) {
	for _, m := range pl.Plan.Moves {
		if m.Why != "" {
			found = append(found, eval.Move{From: m.From, To: m.To})
		}
	}
	return found
}

// MovedBlocks returns moved blocks that say what the plan found by itself, and
// the moves that no block can say; see [eval.Program.MovedBlocks].
func (pl *Planned) MovedBlocks() (blocks, rest []eval.Move) {
	return pl.project.program.MovedBlocks(pl.FoundMoves(), pl.State.Addrs(), pl.Known)
}
