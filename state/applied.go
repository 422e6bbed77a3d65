package state

import (
	"cmp"
	"slices"
	"time"
)

// Applied is a saved plan that a run has begun to carry out.
type Applied struct {
	Plan string    `json:"plan"` // its id
	At   time.Time `json:"at"`
}

// maxApplied is how many saved plans a state remembers.
const maxApplied = 50

// Carry notes that the saved plan with that id is carried out.
func (s *State) Carry(plan string, at time.Time) {
	s.Applied = lastApplied(append(s.Applied, Applied{Plan: plan, At: at.UTC()}))
}

// Carried returns when the saved plan with that id was carried out last; zero if
// it was not, or so long ago that the state does not remember it.
func (s *State) Carried(plan string) (at time.Time) {
	for _, a := range s.Applied {
		if a.Plan == plan {
			at = a.At
		}
	}
	return at
}

// lastApplied returns the last of all, oldest first, each once.
func lastApplied(all []Applied) []Applied {
	slices.SortFunc(all, func(a, b Applied) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Plan, b.Plan)) })
	all = slices.Compact(all)
	return all[max(0, len(all)-maxApplied):]
}
