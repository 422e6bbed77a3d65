package postgres

// putAside keeps answers that the server did not take.
func (s *Store) putAside(o *origin, answers [][]byte) error { return nil }
