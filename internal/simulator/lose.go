package simulator

import (
	"fmt"
	"slices"
)

// Lose makes an object disappear, with everything that belongs to it: a user's
// accounts and recipients, an account's liquidation addresses. No request does
// that; people at Kira, and another account than the one an object was made in,
// look like it.
func (s *Server) Lose(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.load(); err != nil {
		return err
	}
	rest, lost := newWorld(), 0
	for _, ch := range s.world.changes() {
		if slices.ContainsFunc(rest.tables, func(t keeper) bool { return t.about(ch, id) }) {
			lost++
			continue
		}
		rest.fold(ch)
	}
	if lost == 0 {
		return fmt.Errorf("there is no object %s", id)
	}
	s.world = rest
	return s.compact()
}
