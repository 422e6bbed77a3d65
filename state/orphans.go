package state

import (
	"slices"

	"kiraform/internal/addr"
)

// Orphans returns what was left behind and lives on at Kira with nothing to
// manage it, oldest first. What was taken over again meanwhile is not one.
func (s *State) Orphans() []LeftBehind {
	managed := make(map[addr.Object]bool, len(s.Resources))
	for a, o := range s.Resources {
		managed[a.Object(o.ID)] = true
	}
	return slices.DeleteFunc(slices.Clone(s.Left), func(l LeftBehind) bool { return managed[l.Addr.Object(l.ID)] })
}
