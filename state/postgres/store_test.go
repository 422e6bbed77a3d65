package postgres_test

import (
	"context"
	"strings"
	"testing"

	"filippo.io/age"

	"kiraform/state"
	"kiraform/state/postgres"
	"kiraform/state/postgres/pgtest"
	"kiraform/state/statetest"
)

// open returns a server in which nothing is stored.
func open(t testing.TB) *postgres.Server {
	t.Helper()
	return dial(t, pgtest.URL(t))
}

func dial(t testing.TB, url string) *postgres.Server {
	t.Helper()
	server, err := postgres.Open(url)
	if err != nil {
		t.Fatal(err)
	}
	return server
}

func TestPostgresKeepsTheRulesOfAStore(t *testing.T) {
	for name, rules := range map[string]func(*testing.T, func() state.Store){
		"store": statetest.TestStore, "history": statetest.TestHistory, "lock": statetest.TestWarden, "arrival": statetest.TestArrival,
	} {
		t.Run(name, func(t *testing.T) {
			server := open(t)
			rules(t, func() state.Store { return server.Store("default") })
		})
	}
}

func TestAnEncryptedStateKeepsTheRulesOfAStore(t *testing.T) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	for name, rules := range map[string]func(*testing.T, func() state.Store){"store": statetest.TestStore, "history": statetest.TestHistory} {
		t.Run(name, func(t *testing.T) {
			url := pgtest.URL(t)
			server := dial(t, url)
			rules(t, func() state.Store {
				s := server.Store("default")
				s.Identity = id.String()
				return encrypting{s, id.Recipient().String()} // its lock and history are those of the Store
			})
			for _, table := range []string{"entries", "journal", "generations", "workspaces"} {
				for _, row := range pgtest.Rows(t, url, "select to_jsonb(t)::text from kiraform."+table+" t") {
					if strings.Contains(row, "kira_user") || strings.Contains(row, "resources\":") && table != "generations" {
						t.Errorf("a row of %s is in clear: %s", table, row)
					}
				}
			}
		})
	}
}

// encrypting encrypts whatever it saves.
type encrypting struct {
	*postgres.Store
	to string
}

func (e encrypting) Save(ctx context.Context, s *state.State) error {
	s.Recipients = []string{e.to}
	return e.Store.Save(ctx, s)
}
