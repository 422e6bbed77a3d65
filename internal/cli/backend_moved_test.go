package cli_test

import (
	"strings"
	"testing"

	"kiraform/state/postgres/pgtest"
)

// A backend block or an address that was edited does not begin an empty state, in
// which everything would be made once more: whoever worked on the state is told, by
// the plan too, and is told again.
func TestAnotherPlaceDoesNotBeginAnEmptyState(t *testing.T) {
	f := newShared(t)
	f.must(0, "apply", "-auto-approve")
	here := f.environ["KIRAFORM_DATABASE_URL"]

	f.write("backend.kira.hcl", strings.Replace(shared, `"payouts"`, `"payoust"`, 1))
	for range 2 {
		for _, args := range [][]string{{"plan"}, {"apply", "-auto-approve"}, {"state", "list"}, {"init"}} {
			said := f.must(1, args...)
			says(t, said, "the state is in the Postgres at 127.0.0.1", "as payouts", "as payoust", "there is none", ".kiraform/backend")
		}
	}
	f.write("backend.kira.hcl", shared)
	says(t, f.must(0, "plan"), "no differences")

	f.environ["KIRAFORM_DATABASE_URL"] = pgtest.URL(t)
	says(t, f.must(1, "plan"), "there is none")
	f.environ["KIRAFORM_DATABASE_URL"] = here
	says(t, f.must(0, "plan"), "no differences")
}

// The name of the state may be corrected before there is one, and the same state may
// be reached by another address.
func TestAnotherPlaceIsTakenWhereNothingIsLost(t *testing.T) {
	f := newShared(t)
	f.write("backend.kira.hcl", strings.Replace(shared, `"payouts"`, `"payoust"`, 1))
	f.must(0, "plan")
	f.write("backend.kira.hcl", shared)
	f.must(0, "apply", "-auto-approve")
	here := f.environ["KIRAFORM_DATABASE_URL"]
	if f.environ["KIRAFORM_DATABASE_URL"] = strings.Replace(here, "127.0.0.1", "localhost", 1); f.environ["KIRAFORM_DATABASE_URL"] == here {
		t.Fatalf("the address is %s", here)
	}
	says(t, f.must(0, "plan"), "no differences")
}
