package postgres_test

import (
	"errors"
	"net"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"kiraform/state/postgres"
	"kiraform/state/postgres/pgtest"
)

// TestFailuresAreSaidInWords holds that a server which cannot be reached, or does
// not let anybody in, is said in words that a person can act on: without the
// driver's texts, and without the password.
func TestFailuresAreSaidInWords(t *testing.T) {
	t.Parallel()
	good := pgtest.URL(t)
	config, err := pgx.ParseConfig(good)
	if err != nil {
		t.Fatal(err)
	}
	mute, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { mute.Close() })
	go func() {
		for {
			c, err := mute.Accept()
			if err != nil {
				return
			}
			c.Close()
		}
	}()
	pgtest.Exec(t, good, `create role reader login password 'canary-reader'; create schema if not exists kiraform; create table if not exists kiraform.workspaces (name text)`)
	for name, tt := range map[string]struct{ url, want string }{
		"a wrong password": {strings.Replace(good, pgtest.Password, "canary-wrong", 1), `it does not let "kiraform" in`},
		"a wrong user":     {strings.Replace(good, "//kiraform:", "//nobody:", 1), `it does not let "nobody" in`},
		"a wrong database": {strings.Replace(good, "/"+config.Database, "/elsewhere", 1), `database "elsewhere" does not exist`},
		"nobody listens":   {"postgres://kiraform:canary-wrong@127.0.0.1:1/kiraform?sslmode=disable", "no server listens there"},
		"no TLS":           {strings.Replace(good, "sslmode=disable", "sslmode=require", 1), "it does not speak TLS"},
		"a cut connection": {"postgres://kiraform:canary-wrong@" + mute.Addr().String() + "/kiraform?sslmode=disable", "the connection was cut"},
		"no rights":        {strings.Replace(strings.Replace(good, pgtest.Password, "canary-reader", 1), "//kiraform:", "//reader:", 1), `"reader" may not do that`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, err := postgres.Open(tt.url)
			if err != nil {
				t.Fatal(err)
			}
			_, err = server.Store("w").Load(t.Context())
			if err == nil {
				t.Fatal("it could be read")
			}
			said := err.Error()
			if !strings.Contains(said, tt.want) {
				t.Errorf("it says %q, want %q in it", said, tt.want)
			}
			for _, never := range []string{"canary", "SQLSTATE", "dial tcp", "failed to connect", "SASL"} {
				if strings.Contains(said, never) {
					t.Errorf("it says %q", said)
				}
			}
			if _, ok := errors.AsType[*pgconn.PgError](err); !ok && strings.HasPrefix(name, "a wrong") {
				t.Errorf("the answer of the server is not in %#v", err)
			}
		})
	}
}
