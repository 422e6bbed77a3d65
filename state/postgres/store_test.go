package postgres_test

import (
	"testing"

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
	server := open(t)
	statetest.TestStore(t, func() state.Store { return server.Store("default") })
}
