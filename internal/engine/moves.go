package engine

import (
	"kiraform/internal/addr"
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

// movesOn counts the objects that have another address and stay managed.
func (pl *Planned) movesOn() (n int) {
	if pl == nil || pl.Plan == nil {
		return 0
	}
	for i := range pl.Changes {
		if c := &pl.Changes[i]; c.Moved != (addr.Resource{}) && c.Action != plan.Forget {
			n++
		}
	}
	return n
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
