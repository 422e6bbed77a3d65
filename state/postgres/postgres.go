// Package postgres keeps states in a Postgres, for those who work on one state from
// many machines.
//
// Start at [Open] and [Store]. Two promises hold beyond those of [state.Store]. A run
// that has lost its lock, to time or to a person, writes nothing any more: every
// write names the fence that came with the lock, and the server compares. And a
// statement that arrives twice, or late, has its effect once or not at all, so that a
// connection may be cut at any moment and made again.
//
// Each write is one statement, the time is the server's, and no session holds
// anything: it all works behind a pooler of connections too.
package postgres

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"kiraform/state"
)

// Server is a Postgres in which states are kept, each under a name of its own.
type Server struct {
	config *pgx.ConnConfig
	secret []string // passwords, which no message may have
}

// Open reads an address such as postgres://user:password@host/database. It connects
// to nothing. The error does not have the password.
func Open(address string) (*Server, error) {
	if torn(address) {
		return nil, errors.New("KIRAFORM_DATABASE_URL has an @ too many. In a name or a password write a slash as %2F, an @ as %40, and a percent sign as %25; or give the password in PGPASSWORD, as it is")
	}
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, errors.New("KIRAFORM_DATABASE_URL is not the address of a Postgres. Write one such as postgres://host:5432/database, with the name and password in it or in PGUSER and PGPASSWORD")
	}
	s := &Server{config: config}
	if config.Password != "" {
		s.secret = append(s.secret, config.Password)
	}
	if !s.Loopback() && clear(config) && !strings.Contains(address, "sslmode=") {
		return nil, fmt.Errorf("the connection to %s may go out in clear. Add sslmode=verify-full to KIRAFORM_DATABASE_URL (or, if the network is your own, another sslmode)", config.Host)
	}
	// Statements that the server does not have to remember work behind a pooler.
	config.DefaultQueryExecMode = pgx.QueryExecModeExec
	config.ConnectTimeout = min(positive(config.ConnectTimeout), connectTimeout)
	config.RuntimeParams["application_name"] = "kiraform"
	return s, nil
}

// torn reports whether an address has an @ too many, before the name of the database
// or in it: then a password has an @ or a slash, and a part of it would pass for the
// name of the host or of the database.
func torn(address string) bool {
	_, rest, ok := strings.Cut(address, "://")
	host, path, _ := strings.Cut(rest, "/")
	path, _, _ = strings.Cut(path, "?")
	return ok && (strings.Count(host, "@") > 1 || strings.Contains(path, "@"))
}

// Passwords lists the passwords that a connection to an address is made with.
func Passwords(address string) (all []string) {
	if address == "" {
		return nil
	}
	config, err := pgx.ParseConfig(address)
	if err == nil && config.Password != "" {
		all = append(all, config.Password)
	}
	return all
}

const connectTimeout = 10 * time.Second

func positive(d time.Duration) time.Duration {
	if d <= 0 {
		return connectTimeout
	}
	return d
}

// clear reports whether a connection may be made that is not encrypted.
func clear(c *pgx.ConnConfig) bool {
	for _, f := range c.Fallbacks {
		if f.TLSConfig == nil {
			return true
		}
	}
	return c.TLSConfig == nil
}

// Loopback reports whether the server is on this machine.
func (s *Server) Loopback() bool {
	hosts := []string{s.config.Host}
	for _, f := range s.config.Fallbacks {
		hosts = append(hosts, f.Host)
	}
	return !slices.ContainsFunc(hosts, func(host string) bool {
		return !strings.HasPrefix(host, "/") && !state.IsLoopback(host)
	})
}

// Address is where the server is, without who signs in.
func (s *Server) Address() string {
	return net.JoinHostPort(s.config.Host, fmt.Sprint(s.config.Port)) + "/" + s.config.Database
}

//go:embed tables.sql
var tables string

// prepare makes the tables, unless they are there.
func prepare(ctx context.Context, c *pgx.Conn) error {
	there, err := prepared(ctx, c)
	if err != nil || there {
		return err
	}
	_, err = c.Exec(ctx, tables, pgx.QueryExecModeSimpleProtocol)
	return err
}

// prepared reports whether the tables are there.
func prepared(ctx context.Context, c *pgx.Conn) (there bool, err error) {
	err = c.QueryRow(ctx, "select to_regclass('kiraform.entries') is not null").Scan(&there)
	return there, err
}

// Workspaces lists the names under which there is a state, or may come to be.
func (s *Server) Workspaces(ctx context.Context) (names []string, err error) {
	err = s.link().once(ctx, func(ctx context.Context, c *pgx.Conn) error {
		there, err := prepared(ctx, c)
		if err != nil || !there {
			return err
		}
		rows, err := c.Query(ctx, "select name from kiraform.workspaces order by name")
		if err == nil {
			names, err = pgx.CollectRows(rows, pgx.RowTo[string])
		}
		return err
	})
	return names, err
}

// Holds reports whether there is a state under a name, or was until it was moved.
func (s *Server) Holds(ctx context.Context, name string) (some bool, err error) {
	err = s.link().once(ctx, func(ctx context.Context, c *pgx.Conn) error {
		there, err := prepared(ctx, c)
		if err != nil || !there {
			return err
		}
		return c.QueryRow(ctx, "select exists (select from kiraform.workspaces where name = $1 and lineage <> '')", name).Scan(&some)
	})
	return some, err
}

// Make makes room for a state under a name, unless it is there.
func (s *Server) Make(ctx context.Context, name string) error {
	return s.link().once(ctx, func(ctx context.Context, c *pgx.Conn) error { return room(ctx, c, name) })
}

// room makes the row of a state. Its fences are higher than those of a state of that
// name that was removed before.
func room(ctx context.Context, c *pgx.Conn, name string) error {
	if err := prepare(ctx, c); err != nil {
		return err
	}
	_, err := c.Exec(ctx, `insert into kiraform.workspaces (name, fence)
		values ($1, (extract(epoch from clock_timestamp()) * 1000)::bigint) on conflict do nothing`, name)
	return err
}
