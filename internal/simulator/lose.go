package simulator

import "fmt"

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
		if ch.of(id) {
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

// of reports whether a change is about the object called id, or about one that
// belongs to it.
func (ch change) of(id string) bool {
	switch {
	case ch.User != nil:
		return ch.User.ID == id
	case ch.Account != nil:
		return ch.Account.ID == id || ch.Account.text("user_id") == id
	case ch.Recipient != nil:
		return ch.Recipient.ID == id || ch.Recipient.Sent["user_id"] == id
	case ch.Payout != nil:
		return ch.Payout.ID == id || ch.Payout.Owner == id || ch.Payout.Account == id
	}
	return false
}
