package engine

import (
	"kiraform/internal/eval"
	"kiraform/plan"
)

// moved returns the moves of the plan, if there is one.
func (pl *Planned) moved() []plan.Move {
	if pl == nil || pl.Plan == nil {
		return nil
	}
	return pl.Plan.Moves
}

// FoundMoves returns the moves that the plan found without a moved block, in
// the order of To.
func (pl *Planned) FoundMoves() (found []eval.Move) {
	for _, m := range pl.moved() {
		if m.Why != "" {
			found = append(found, eval.Move{From: m.From, To: m.To})
		}
	}
	return found
}
