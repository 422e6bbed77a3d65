package state

import "slices"

// Orphans returns what was left behind and lives on at Kira with nothing to
// manage it, oldest first. What was taken over again meanwhile is not one.
func (s *State) Orphans() []LeftBehind {
	type object struct{ kind, id string }
	managed := make(map[object]bool, len(s.Resources))
	for a, o := range s.Resources {
		managed[object{a.Kind, o.ID}] = true
	}
	return slices.DeleteFunc(slices.Clone(s.Left), func(l LeftBehind) bool { return managed[object{l.Addr.Kind, l.ID}] })
}
