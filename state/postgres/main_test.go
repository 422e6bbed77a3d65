package postgres_test

import (
	"os"
	"testing"

	"kiraform/state/postgres/pgtest"
)

func TestMain(m *testing.M) {
	code := m.Run()
	pgtest.Stop()
	os.Exit(code)
}
