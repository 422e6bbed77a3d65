package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"kiraform/state"
)

// lease is a lock that is held: for as long as it is renewed, and a while.
type lease struct {
	name   string
	fence  int64
	id     string // of the holder
	length time.Duration
	link   *link // of its own, so that a long write does not keep a renewal waiting

	ctx  context.Context // ends once the lock may be lost
	lose context.CancelCauseFunc
	stop func() // ends the renewing, and returns once it has ended

	mu    sync.Mutex
	asked time.Time // when the latest renewal was sent that went well
	timer *time.Timer
}

// The lease is renewed after a part of it, and a run counts it as lost a part before
// it ends: a request that is under way then is given up while the lock is certainly held.
const renewals, margin = 4, 4

// Lock implements [state.Store]. A run that died holds the lock until its lease ends,
// by the server's clock: until then requests of it may still be on their way.
func (s *Store) Lock(ctx context.Context, who state.Holder) (unlock func() error, err error) {
	info, err := json.Marshal(who)
	if err != nil {
		return nil, err
	}
	s.work.keep()
	l := &lease{name: s.Name, id: who.ID, length: s.length(), link: s.server.link(), asked: time.Now()}
	var dead state.Holder
	err = s.work.once(ctx, func(ctx context.Context, c *pgx.Conn) error {
		dead, err = l.take(ctx, c, info)
		return err
	})
	if err != nil {
		s.work.drop()
		if _, held := errors.AsType[*state.LockedError](err); held {
			return nil, err
		}
		return nil, fmt.Errorf("lock state: %w", err)
	}
	if dead != (state.Holder{}) && s.TookOver != nil {
		s.TookOver(dead)
	}
	l.begin()
	s.mu.Lock()
	s.lease = l
	s.mu.Unlock()
	return sync.OnceValue(func() error {
		defer s.work.drop()
		l.stop()
		s.mu.Lock()
		s.lease = nil
		s.mu.Unlock()
		return l.release()
	}), nil
}

// take takes the lock, unless somebody holds it. It names the run that died with it.
func (l *lease) take(ctx context.Context, c *pgx.Conn, info []byte) (dead state.Holder, err error) {
	for {
		var holder []byte
		var live bool
		var until *int64
		err := c.QueryRow(ctx, `select fence, holder, `+instant("lease_until")+`, coalesce(lease_until > clock_timestamp(), false)
			from kiraform.workspaces where name = $1`, l.name).Scan(&l.fence, &holder, &until, &live)
		if missing(err) {
			if err := room(ctx, c, l.name); err != nil {
				return dead, err
			}
			continue
		}
		if err != nil {
			return dead, err
		}
		var h state.Holder
		if holder != nil {
			if err := json.Unmarshal(holder, &h); err != nil {
				return dead, err
			}
		}
		switch {
		case h.ID == l.id && live:
			return dead, nil // the answer to the first asking was lost
		case holder != nil && live:
			return dead, &refusedError{&state.LockedError{Holder: h, Until: time.UnixMicro(*until)}}
		}
		l.asked = time.Now()
		tag, err := c.Exec(ctx, `update kiraform.workspaces
			set fence = fence + 1, holder = $3, lease_until = clock_timestamp() + $4::float8 * interval '1 second'
			where name = $1 and fence = $2 and (holder is null or lease_until is null or lease_until < clock_timestamp())`,
			l.name, l.fence, string(info), l.length.Seconds())
		if err != nil {
			return dead, err
		}
		if tag.RowsAffected() == 1 {
			l.fence++
			return h, nil
		}
	}
}

// missing reports whether there is no such state yet, or no table for any.
func missing(err error) bool {
	e, said := errors.AsType[*pgconn.PgError](err)
	return errors.Is(err, pgx.ErrNoRows) || said && (e.Code == "42P01" || e.Code == "3F000")
}

// begin has the lease renewed until stop is called.
func (l *lease) begin() {
	l.ctx, l.lose = context.WithCancelCause(context.Background())
	l.timer = time.AfterFunc(l.left(), func() { l.lose(state.ErrLost) })
	l.link.keep()
	ended, done := context.WithCancel(context.Background())
	var renewing sync.WaitGroup
	renewing.Go(func() {
		for tick := time.NewTicker(l.length / renewals); ; {
			select {
			case <-ended.Done():
				tick.Stop()
				return
			case <-tick.C:
				l.renew(ended)
			}
		}
	})
	l.stop = func() {
		done()
		renewing.Wait()
		l.timer.Stop()
		l.link.drop()
	}
}

// left is how long the lock is held for certain, by the clock that goes on steadily
// and by the one on the wall: the first stands still while a machine sleeps, and the
// second may be set.
func (l *lease) left() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	gone := max(now.Sub(l.asked), now.Round(0).Sub(l.asked.Round(0)))
	return l.length - l.length/margin - gone
}

// renew asks the server for more time. It reports whether the lock is still held;
// if the server cannot be asked, for as long as it is certain.
func (l *lease) renew(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, l.length/2)
	defer cancel()
	var held bool
	var asked time.Time
	err := l.link.do(ctx, l.length/renewals, func(ctx context.Context, c *pgx.Conn) error {
		asked = time.Now()
		tag, err := c.Exec(ctx, `update kiraform.workspaces set lease_until = clock_timestamp() + $3::float8 * interval '1 second'
			where name = $1 and fence = $2 and holder is not null`, l.name, l.fence, l.length.Seconds())
		held = tag.RowsAffected() == 1
		return err
	})
	switch {
	case err != nil:
		return l.left() > 0
	case !held:
		l.lose(state.ErrLost)
		return false
	}
	l.seen(asked)
	return true
}

// seen takes note that the server renewed the lease when it was asked at a time.
func (l *lease) seen(asked time.Time) {
	l.mu.Lock()
	if asked.After(l.asked) {
		l.asked = asked
	}
	l.mu.Unlock()
	if l.ctx.Err() == nil {
		l.timer.Reset(l.left())
	}
}

// still reports whether the server still knows the lease.
func (l *lease) still(ctx context.Context) bool { return l.ctx.Err() == nil && l.renew(ctx) }

// release gives the lock back. One that is lost already is another's.
func (l *lease) release() error {
	err := l.link.once(context.Background(), func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, `update kiraform.workspaces set holder = null, lease_until = null where name = $1 and fence = $2`, l.name, l.fence)
		return err
	})
	if err != nil {
		return fmt.Errorf("unlock state: %w; the lock ends by itself", err)
	}
	return nil
}

// Held implements [state.Leased].
func (s *Store) Held(ctx context.Context) error {
	l := s.held()
	if l == nil || l.ctx.Err() == nil && l.left() > 0 || l.still(ctx) {
		return nil
	}
	return state.ErrLost
}

// While implements [state.Leased].
func (s *Store) While(ctx context.Context) (context.Context, context.CancelFunc) {
	l := s.held()
	if l == nil {
		return context.WithCancel(ctx)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(l.ctx, func() { cancel(context.Cause(l.ctx)) })
	return ctx, func() {
		stop()
		cancel(nil)
	}
}

// LockStatus implements [state.Warden].
func (s *Store) LockStatus(ctx context.Context) (status state.LockStatus, err error) {
	var holder []byte
	var until *int64
	err = s.work.once(ctx, func(ctx context.Context, c *pgx.Conn) error {
		there, err := prepared(ctx, c)
		if err != nil || !there {
			return err
		}
		err = c.QueryRow(ctx, `select holder, `+instant("lease_until")+`, coalesce(lease_until > clock_timestamp(), false)
			from kiraform.workspaces where name = $1`, s.Name).Scan(&holder, &until, &status.Held)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
	if err != nil || holder == nil {
		return state.LockStatus{}, err
	}
	if status.Held {
		status.Until = time.UnixMicro(*until)
	}
	return status, json.Unmarshal(holder, &status.Holder)
}

// ForceUnlock implements [state.Warden]. The run that held the lock writes nothing
// from then on.
func (s *Store) ForceUnlock(ctx context.Context, id string) error {
	status, err := s.LockStatus(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("force-unlock: %w", err)
	case status.Holder == (state.Holder{}):
		return errors.New("force-unlock: the state is not locked")
	case status.Holder.ID != id:
		return fmt.Errorf("force-unlock: the lock is held by run %s, not %s", status.Holder.ID, id)
	}
	err = s.work.once(ctx, func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, `update kiraform.workspaces set fence = fence + 1, holder = null, lease_until = null
			where name = $1 and holder ->> 'id' = $2`, s.Name, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("force-unlock: %w", err)
	}
	return nil
}
