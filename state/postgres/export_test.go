package postgres

import "time"

// Sleep has the clock on the wall go on for s, as while a machine sleeps.
func Sleep(s *Store, d time.Duration) {
	l := s.held()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked = l.asked.Round(0).Add(-d)
}
