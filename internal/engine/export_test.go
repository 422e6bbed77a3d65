package engine

// Plans returns how many plans were made until one held.
func (s *Session) Plans() int { return s.plans }
