package simulator

import "time"

// A mover is something that goes through its states by itself.
type mover interface {
	// step moves it as far as it should be at this time, and returns when it
	// moves next; a zero time means that it does not.
	step(s *Server, at time.Time) time.Time
}

// tick lets time pass: changes that are due by now happen. It is called when
// somebody looks, and by the alarm.
func (s *Server) tick(at time.Time) {
	w := s.world
	if len(w.moving) == 0 || at.Before(w.due) {
		return
	}
	still := w.moving[:0]
	var due time.Time
	for _, m := range w.moving {
		next := m.step(s, at)
		if next.IsZero() {
			continue
		}
		still = append(still, m)
		if due.IsZero() || next.Before(due) {
			due = next
		}
	}
	clear(w.moving[len(still):])
	w.moving, w.due = still, due
}

// watch makes tick look after m, and moves it as far as it already is.
func (s *Server) watch(m mover, at time.Time) {
	next := m.step(s, at)
	if next.IsZero() {
		return
	}
	if w := s.world; len(w.moving) == 0 || next.Before(w.due) {
		w.due = next
	}
	s.world.moving = append(s.world.moving, m)
}

// progress says how far something is that takes this long, or this many reads,
// in thirds: 3 is the end.
func progress(began, at time.Time, takes time.Duration, reads, ofReads int) int {
	thirds := 0
	switch {
	case takes < 0:
		thirds = 3
	case takes > 0:
		thirds = int(3 * at.Sub(began) / takes)
	}
	if ofReads > 0 {
		thirds = max(thirds, 3*reads/ofReads)
	}
	return min(max(thirds, 0), 3)
}
