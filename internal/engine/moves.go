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
