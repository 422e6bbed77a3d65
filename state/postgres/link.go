package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// link is a connection to the server, which is made when it is needed, and again
// when it is cut.
type link struct {
	server *Server

	mu    sync.Mutex
	conn  *pgx.Conn // nil while there is none
	users int       // who keep it; without any it is closed soon after each use
	used  time.Time // when it was used last
}

func (s *Server) link() *link { return &link{server: s} }

// Of one call the link tries for so long, and each try may take so long.
const (
	patience = 30 * time.Second
	oneTry   = 10 * time.Second
	longTry  = 5 * time.Minute // of one that carries a whole state
	idle     = 2 * time.Second // how long a connection stays that nobody keeps
)

// keep has the connection stay until drop.
func (l *link) keep() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.users++
}

func (l *link) drop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.users--
	l.rest()
}

// rest has a connection closed that nobody keeps, unless it is used again soon: who
// waits for a lock asks again and again. The caller holds mu.
func (l *link) rest() {
	l.used = time.Now()
	if l.users > 0 || l.conn == nil {
		return
	}
	time.AfterFunc(idle, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.users == 0 && l.conn != nil && time.Since(l.used) >= idle {
			l.cut()
		}
	})
}

func (l *link) cut() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = l.conn.Close(ctx)
	l.conn = nil
}

// once does f, which twice does no harm, with a connection; and again with another
// one if that is cut.
func (l *link) once(ctx context.Context, f func(context.Context, *pgx.Conn) error) error {
	return l.do(ctx, oneTry, f)
}

func (l *link) do(ctx context.Context, try time.Duration, f func(context.Context, *pgx.Conn) error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.rest()
	known := l.conn != nil
	began := time.Now()
	for pause := 50 * time.Millisecond; ; pause = min(2*pause, 2*time.Second) {
		err := l.try(ctx, try, f)
		if err == nil || !passing(err) {
			return l.server.explain(err)
		}
		if ctx.Err() != nil || time.Since(began) > max(patience, try) || !known && time.Since(began) > 2*time.Second {
			return l.server.explain(errors.Join(err, context.Cause(ctx)))
		}
		select {
		case <-ctx.Done():
			return l.server.explain(errors.Join(err, context.Cause(ctx)))
		case <-time.After(pause):
		}
	}
}

func (l *link) try(ctx context.Context, d time.Duration, f func(context.Context, *pgx.Conn) error) (err error) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	if l.conn == nil || l.conn.IsClosed() {
		if l.conn, err = pgx.ConnectConfig(ctx, l.server.config); err != nil {
			l.conn = nil
			return err
		}
	}
	if err = f(ctx, l.conn); err != nil {
		if _, said := errors.AsType[*pgconn.PgError](err); !said {
			l.cut() // whatever became of the statement, this connection is not to be trusted
		}
	}
	return err
}

// passing reports whether an error may be gone in a moment: that of a connection,
// and that of a server which goes down, comes up or is full.
func passing(err error) bool {
	e, said := errors.AsType[*pgconn.PgError](err)
	if !said {
		_, lost := errors.AsType[*refusedError](err)
		return !lost && !errors.Is(err, pgx.ErrNoRows)
	}
	switch e.Code[:2] {
	case "08", "40", "53", "57": // connection, serialization and deadlock, resources, operator
		return true
	}
	return e.Code == "25006" // read-only: a standby that is about to take over
}

// refusedError is an error of our own, for which the answer of the server is the
// reason: asking again changes nothing.
type refusedError struct{ error }

func (e *refusedError) Unwrap() error { return e.error }

// explain says of an error where it comes from, without the password.
func (s *Server) explain(err error) error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*refusedError](err); ok {
		return e.error
	}
	text := cmp.Or(reason(err, s.config.User), err.Error())
	return &Error{Address: s.Address(), text: s.scrub(text), err: err}
}

// Error is an error of the server, or of the way to it.
type Error struct {
	Address string
	text    string
	err     error
}

func (e *Error) Error() string { return fmt.Sprintf("the Postgres at %s: %s", e.Address, e.text) }

// Unwrap returns the error of the driver.
func (e *Error) Unwrap() error { return e.err }

func (s *Server) scrub(text string) string {
	for _, secret := range s.secret {
		text = strings.ReplaceAll(text, secret, "(sensitive)")
	}
	return strings.Join(strings.Fields(text), " ")
}
