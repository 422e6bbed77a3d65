package postgres_test

import (
	"slices"
	"strings"
	"testing"

	"kiraform/state/postgres"
)

// A password with a slash or an @ in it, as it is, makes the rest of it the name of a
// host or a database, which messages say.
func TestAnAddressWithAPasswordThatIsCutApart(t *testing.T) {
	for _, address := range []string{
		"postgres://kiraform:12/canary@127.0.0.1:5432/kira?sslmode=disable",
		"postgres://kiraform:/canary@127.0.0.1:5432/kira?sslmode=disable",
		"postgres://kiraform:12/canary@db.example.com/kira?sslmode=require",
		"postgresql://maria@acme:12/canary@127.0.0.1/kira?sslmode=disable",
		"postgres://kiraform:12/can/ary@[::1]:5432/kira",
		"postgres://kiraform:12?canary@127.0.0.1:5432/kira?sslmode=disable",
		"postgres://kiraform:12#canary@127.0.0.1:5432/kira?sslmode=disable",
		"postgres://kiraform:ca@nary@127.0.0.1:5432/kira?sslmode=disable",
		"postgres://kiraform:canary%zz@127.0.0.1:5432/kira?sslmode=disable",
		"host=127.0.0.1 dbname=kira password=my canary",
	} {
		server, err := postgres.Open(address)
		switch {
		case err == nil && strings.Contains(server.Address(), "nary"):
			t.Errorf("%s is said to be at %s", address, server.Address())
		case err != nil && (strings.Contains(err.Error(), "nary") || strings.Contains(err.Error(), "can/")):
			t.Errorf("%s: %v", address, err)
		}
	}
	if _, err := postgres.Open("postgres://kiraform:12/canary@127.0.0.1:5432/kira"); err == nil || !strings.Contains(err.Error(), "%2F") {
		t.Errorf("it says %v, without how to write it", err)
	}
	for _, good := range []string{"postgres://kiraform:1%2F2@127.0.0.1/kira", "postgres://127.0.0.1/a%40b", "postgres://127.0.0.1/kira?user=a@b"} {
		if _, err := postgres.Open(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
}

// The password is known wherever it stands in the address.
func TestPasswordsOfAnAddress(t *testing.T) {
	for _, address := range []string{
		"postgres://kiraform:canary%2Fword@127.0.0.1/kira", "postgres://127.0.0.1/kira?user=kiraform&password=canary%2Fword",
		"host=127.0.0.1 user=kiraform password=canary/word", "postgres://kiraform:canary%2Fword@a.example,b.example/kira",
	} {
		if all := postgres.Passwords(address); !slices.Contains(all, "canary/word") {
			t.Errorf("%s: %q", address, all)
		}
	}
	if all := postgres.Passwords(""); len(all) > 0 {
		t.Errorf("without an address: %q", all)
	}
}
