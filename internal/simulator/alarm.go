package simulator

import "time"

// An alarm lets delayed changes happen when their time has come, though nobody
// asks: so its webhooks go out by themselves.
type alarm struct {
	timer  *time.Timer // nil before the first
	closed bool
}

// wind sets the alarm to the next thing that is due. A server with a clock of
// its own has no alarm, since nobody knows when such a clock has come so far:
// it moves when somebody asks. It is called with the lock.
func (s *Server) wind() {
	if s.alarm.timer != nil {
		s.alarm.timer.Stop()
	}
	if s.Now != nil || s.alarm.closed || len(s.world.moving) == 0 {
		return
	}
	s.alarm.timer = time.AfterFunc(s.world.due.Sub(s.now()), s.ring)
}

// ring is the alarm going off.
func (s *Server) ring() {
	s.mu.Lock()
	if s.alarm.closed || s.load() != nil {
		s.mu.Unlock()
		return
	}
	s.tick(s.now())
	s.save() // a change that cannot be saved now is saved with the next one
	s.wind()
	s.mu.Unlock()
	s.send()
}

// silence ends the alarm for good.
func (s *Server) silence() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.alarm.closed = true
	if s.alarm.timer != nil {
		s.alarm.timer.Stop()
	}
}
