package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"kiraform/internal/engine"
	"kiraform/internal/norace"
	"kiraform/plan"
)

// A gate that is about an attribute which rows show takes no look at each object: an
// address of an account waits for its number, and an account at a bank of which nobody
// knows the product for a user's status. One that asks whether a user is complete for a
// product does, since only the object shows that, verified or not.
func TestRowsAreEnoughForGates(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	const n = 12
	accounts := func(bank string) string {
		return fmt.Sprintf(`
resource "kira_virtual_account" "late" {
  count    = %d
  user_id  = kira_user.u[count.index].id
  type     = "US_BANK"
  bank     = %q
  mode     = "fiat"
}
`, n, bank)
	}
	addresses := fmt.Sprintf(`
resource "kira_liquidation_address" "l" {
  count              = %d
  virtual_account_id = kira_virtual_account.a[count.index].id
  network            = "polygon"
  token              = "USDC"
  recipient = {
    type       = "individual"
    first_name = "Maria"
    last_name  = "Gonzalez"
    email      = "maria${count.index}@example.com"
    account = {
      account_type   = "ACH"
      routing_number = "021000021"
      account_number = "00012345678${count.index}"
      type           = "checking"
      bank_name      = "Example Bank"
      bank_address   = "1 Main Street, New York, NY 10001, US"
      doc_type       = "passport"
      doc_number     = "G12345678"
    }
  }
}
`, n)
	t.Run("addresses of accounts", func(t *testing.T) {
		w := newWorld(t)
		w.sim.ActivateAfter = 0 // by hand
		src := crowd(n, true, false)
		w.run(t, src, engine.PlanOptions{Wait: true}, true)
		w.run(t, src+addresses, engine.PlanOptions{}, true)
		for _, a := range w.sim.VirtualAccounts() {
			if err := w.sim.ActivateAccount(a["id"].(string)); err != nil {
				t.Fatal(err)
			}
		}
		from := len(w.sim.Requests())
		pl := w.run(t, src+addresses, engine.PlanOptions{}, false)
		each := 0
		for _, asked := range w.requests(from) {
			if strings.HasPrefix(asked, "GET /v1/virtual-accounts/") && strings.Count(asked, "/") == 3 {
				each++
			}
		}
		if each != 0 || pl.Counts()[plan.Create] != n {
			t.Errorf("looked at %d accounts, planned %v, by %v; want no look beside the list", each, pl.Counts(), w.requests(from))
		}
	})
	for bank, want := range map[string]int{"a_new_bank": 0, "austin_capital_trust": n} {
		t.Run("accounts at "+bank, func(t *testing.T) {
			w := newWorld(t)
			w.sim.VerifyAfter = 0 // by hand
			src := crowd(n, false, false) + accounts(bank)
			w.run(t, src, engine.PlanOptions{}, true)
			for _, u := range w.sim.Users() {
				if err := w.sim.SetUserStatus(u["id"].(string), "VERIFIED"); err != nil {
					t.Fatal(err)
				}
			}
			from := len(w.sim.Requests())
			pl := w.run(t, src, engine.PlanOptions{}, false)
			if each := count(w.requests(from), "GET /v1/users/"); each != want || pl.Counts()[plan.Create] != n {
				t.Errorf("looked at %d users, planned %v, by %v; want %d", each, pl.Counts(), w.requests(from), want)
			}
		})
	}
}
