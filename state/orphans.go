package state

import (
	"slices"

	"kiraform/internal/addr"
)

// Orphans returns the objects that were left behind and live on at Kira with
// nothing to manage them, oldest first. An object that was taken over again
// meanwhile is not one.
func (s *State) Orphans() []LeftBehind {
	managed := make(map[addr.Object]bool, len(s.Resources))
	for a, o := range s.Resources {
		managed[a.Object(o.ID)] = true
	}
	return slices.DeleteFunc(slices.Clone(s.Left), func(l LeftBehind) bool { return managed[l.Addr.Object(l.ID)] })
}
