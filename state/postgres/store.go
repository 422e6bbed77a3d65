package postgres

import (
	"context"
	"fmt"
	"sync"
	"time"

	"kiraform/state"
)

// Store is a [state.Store] under one name of a [Server]. It is also a
// [state.Historian], a [state.Warden] and [state.Leased]. The fields may be set
// before the first use.
type Store struct {
	Name    string
	Version string // the version of kiraform, for people who read the rows; may be ""

	// Identity opens a state that is encrypted, as that of [kiraform/state/file.Store].
	Identity string

	// Lease is how long the lock outlives the last sign of life of its holder; 0
	// means a minute.
	Lease time.Duration

	TookOver func(dead state.Holder) // told of a run that died while it held the lock which is taken now; may be nil
	Aside    string                  // the file that takes down answers which the server refuses; "" for none

	server *Server
	work   *link

	mu    sync.Mutex
	lease *lease // nil while no lock is held

	returned bool // load a state although it was moved elsewhere
}

// Return has the store load a state although it was moved elsewhere: it comes back.
func (s *Store) Return() { s.returned = true }

var (
	_ state.Store     = (*Store)(nil)
	_ state.Historian = (*Store)(nil)
	_ state.Warden    = (*Store)(nil)
	_ state.Leased    = (*Store)(nil)
)

// Store returns the store of the state with that name.
func (s *Server) Store(name string) *Store {
	return &Store{Name: name, server: s, work: s.link()}
}

func (s *Store) place() string {
	return fmt.Sprintf("%s of the Postgres at %s", s.Name, s.server.Address())
}

func (s *Store) length() time.Duration {
	if s.Lease > 0 {
		return s.Lease
	}
	return time.Minute
}

// held returns the lease, or nil if there is no lock.
func (s *Store) held() *lease {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lease
}

// guard is a condition on a row of workspaces: that it is w's to write. Without a
// lock that is so while nobody else has one.
const guard = `(case when $2::bigint is null then holder is null or lease_until < clock_timestamp() else fence = $2 end)`

// renewal is set by every write: whoever writes is alive.
const renewal = `lease_until = case when $2::bigint is null then lease_until else clock_timestamp() + $3::float8 * interval '1 second' end`

// instant is a column with a time, as microseconds: the text of a time depends on the
// settings of the database, of the role and of the session.
func instant(column string) string { return "(extract(epoch from " + column + ") * 1000000)::bigint" }

// fence returns the arguments of guard and renewal: the fence, or nil without a lock,
// and the length of the lease.
func (s *Store) fence() (fence *int64, seconds float64) {
	if l := s.held(); l != nil {
		fence = &l.fence
	}
	return fence, s.length().Seconds()
}

// refused says why a write was: the lock was lost, or the state is another one.
func (s *Store) refused(ctx context.Context, otherwise error) error {
	if l := s.held(); l != nil && !l.still(ctx) {
		return state.ErrLost
	}
	if status, err := s.LockStatus(ctx); err == nil && status.Held && s.held() == nil {
		return &state.LockedError{Holder: status.Holder, Until: status.Until}
	}
	return otherwise
}
