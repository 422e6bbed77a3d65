package engine_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"kiraform/internal/engine"
	"kiraform/internal/norace"
	"kiraform/plan"
	"kiraform/schema"
)

// crowd is a configuration of n users and, if asked for, an account and two
// recipients of each.
func crowd(n int, accounts, recipients bool) string {
	src := fmt.Sprintf(`
provider "kira" { environment = "simulator" }

resource "kira_user" "u" {
  count           = %d
  type            = "individual"
  first_name      = "Maria"
  last_name       = "Gonzalez"
  email           = "maria${count.index}@example.com"
  source_of_funds = "salary"
%s}
`, n, complete)
	if accounts {
		src += fmt.Sprintf(`
resource "kira_virtual_account" "a" {
  count    = %d
  user_id  = kira_user.u[count.index].id
  type     = "US_BANK"
  provider = "act"
  mode     = "fiat"
}
`, n)
	}
	if recipients {
		src += fmt.Sprintf(`
resource "kira_recipient" "r" {
  count      = %d
  user_id    = kira_user.u[floor(count.index / 2)].id
  first_name = "Pedro"
  last_name  = "Lopez"
  account    = { account_type = "SPEI", clabe = %s }
}
`, 2*n, clabes(0, 2*n))
	}
	return src
}

// complete has the further attributes that a user needs for Kira to verify it.
const complete = `
  phone              = "+525512345678"
  birth_date         = "1990-05-15"
  nationality        = "MEX"
  address_street     = "Av. Reforma 123"
  address_city       = "Ciudad de Mexico"
  address_state      = "CDMX"
  address_zip_code   = "06600"
  address_country    = "MEX"
  document_type      = "passport"
  document_number    = "G12345678"
  document_country   = "MEX"
  immigration_status = "Non-Resident of U.S."
  employment_status  = "self_employed"
  occupation         = "designer"
  gender             = "female"
  account_purpose    = "receive_payments"
  additional_info    = { has_us_bank_account = "no", has_denied_bank_account = "no" }
  identifying_information = [{
    type = "passport", issuing_country = "MEX", number = "G12345678", expiration = "2030-05-15",
    documents = [
      { type = "front", file = "https://example.com/1.jpg" },
      { type = "file_proof_of_address", file = "https://example.com/2.jpg" },
      { type = "file_source_of_wealth", file = "https://example.com/3.jpg" },
    ]
  }]
`

// requests returns the requests after the first n, as "GET /v1/users".
func (w *world) requests(n int) (asked []string) {
	for _, r := range w.sim.Requests()[n:] {
		if r.Path != "/auth" {
			asked = append(asked, r.Method+" "+r.Path)
		}
	}
	return asked
}

// noOp plans src, which has to equal the live objects, and returns the requests
// that it took.
func (w *world) noOp(t *testing.T, src string, o engine.PlanOptions) []string {
	t.Helper()
	n := len(w.sim.Requests())
	if pl := w.run(t, src, o, false); !pl.Empty() {
		t.Errorf("the plan is not empty:\n%s", w.said())
	}
	for _, r := range w.sim.Requests()[n:] {
		if strings.Contains(r.Query, "limit=") && !strings.Contains(r.Query, "limit=100") {
			t.Errorf("asked for %s?%s; a page has 100 rows", r.Path, r.Query)
		}
		if r.Status >= 400 {
			t.Errorf("%s %s was answered with %d", r.Method, r.Path, r.Status)
		}
	}
	return w.requests(n)
}

func count(list []string, prefix string) (n int) {
	for _, s := range list {
		if strings.HasPrefix(s, prefix) {
			n++
		}
	}
	return n
}

func TestRefreshReadsPages(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	w := newWorld(t)
	src := crowd(130, true, true)
	w.run(t, src, engine.PlanOptions{}, true)

	asked := w.noOp(t, src, engine.PlanOptions{})
	users, accounts, recipients := count(asked, "GET /v1/users"), count(asked, "GET /v1/virtual-accounts"), count(asked, "GET /v1/recipients")
	if users != 2 || accounts != 2 || recipients != 130 || len(asked) != 134 {
		t.Errorf("a plan without changes took %d requests for users, %d for accounts and %d for recipients, %d in all; "+
			"want two pages, two pages and one list for each user", users, accounts, recipients, len(asked))
	}

	full := w.noOp(t, src, engine.PlanOptions{Full: true})
	if len(full) != 130+130+260 || count(full, "GET /v1/users/") != 130 {
		t.Errorf("a full look took %d requests, want one for each object", len(full))
	}
}

func TestRefreshOf250UsersTakesThreePages(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	w := newWorld(t)
	src := crowd(250, false, false)
	w.run(t, src, engine.PlanOptions{}, true)
	n := len(w.sim.Requests())
	if asked := w.noOp(t, src, engine.PlanOptions{}); len(asked) != 3 {
		t.Errorf("asked for %v; want three pages", asked)
	}
	if all := len(w.sim.Requests()) - n; all > 3+2 {
		t.Errorf("took %d requests, signing in included; the budget is 5", all)
	}
}

func TestRefreshChoosesWhatIsCheaper(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	w := newWorld(t)
	mine := crowd(3, false, false)
	w.run(t, mine, engine.PlanOptions{}, true)

	other := worldOf(t, t.TempDir())
	other.sim, other.url, other.home = w.sim, w.url, w.home
	other.run(t, strings.Replace(crowd(320, false, false), "maria$", "other$", 1), engine.PlanOptions{}, true)

	// Three of ours are behind 320 newer ones: after the first page, three more
	// pages would cost no less than three looks.
	asked := w.noOp(t, mine, engine.PlanOptions{})
	if count(asked, "GET /v1/users/") != 3 || len(asked) != 4 {
		t.Errorf("asked for %v; want one page, and then the three users themselves", asked)
	}
	if asked := w.noOp(t, mine, engine.PlanOptions{NoRefresh: true}); len(asked) != 0 {
		t.Errorf("without a refresh, asked for %v", asked)
	}
}

// An account whose row shows something new is looked at by its id if an output
// shows an attribute that rows lack.
func TestRefreshLooksAtWhatChanged(t *testing.T) {
	w := newWorld(t)
	w.sim.ActivateAfter = 0
	src := crowd(5, true, false) + `
output "currencies" { value = kira_virtual_account.a[*].currency }
`
	w.run(t, src, engine.PlanOptions{}, true)
	accounts := w.sim.VirtualAccounts()
	if err := w.sim.ActivateAccount(accounts[2]["id"].(string)); err != nil {
		t.Fatal(err)
	}
	asked := w.noOp(t, src, engine.PlanOptions{})
	if count(asked, "GET /v1/virtual-accounts/") != 1 || count(asked, "GET /v1/virtual-accounts/"+accounts[2]["id"].(string)) != 1 {
		t.Errorf("asked for %v; want one look at the account that was activated", asked)
	}
	w.run(t, src, engine.PlanOptions{}, true) // takes it into the state
	if asked := w.noOp(t, src, engine.PlanOptions{}); count(asked, "GET /v1/virtual-accounts/") != 0 {
		t.Errorf("asked for %v, though nothing changed any more", asked)
	}
}

// After people at Kira have moved every status, a plan takes as many requests as
// before: rows are enough until something needs an attribute that they lack.
func TestRowsAreEnoughForWhatMoved(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	w := newWorld(t)
	w.sim.VerifyAfter, w.sim.ActivateAfter = 0, 0
	src := crowd(130, false, false) + `
output "ids"      { value = kira_user.u[*].id }
output "statuses" { value = { for u in kira_user.u : u.email => u.status } }
`
	w.run(t, src, engine.PlanOptions{}, true)
	for _, u := range w.sim.Users() {
		if err := w.sim.SetUserStatus(u["id"].(string), "VERIFIED"); err != nil {
			t.Fatal(err)
		}
	}
	statuses := strings.Replace(src, "u.email => u.status", "u.email => u.type", 1)
	w.run(t, statuses, engine.PlanOptions{NoRefresh: true}, true)
	if asked := w.noOp(t, statuses, engine.PlanOptions{}); len(asked) != 2 {
		t.Errorf("asked for %v; want two pages", asked)
	}

	n := len(w.sim.Requests())
	w.run(t, src+`
output "missing" { value = kira_user.u[7].missing_fields }
`, engine.PlanOptions{}, false)
	if asked := w.requests(n); count(asked, "GET /v1/users/") != 1 || len(asked) != 3 {
		t.Errorf("asked for %v; want two pages, and the one user of whom an output shows more", asked)
	}

	n = len(w.sim.Requests())
	pl := w.run(t, src+`
resource "kira_virtual_account" "a" {
  user_id  = kira_user.u[3].id
  type     = "US_BANK"
  provider = "act"
  mode     = "fiat"
}
`, engine.PlanOptions{}, false)
	if asked := w.requests(n); count(asked, "GET /v1/users/") != 1 || pl.Counts()["create"] != 1 {
		t.Errorf("asked for %v; want a look at the one user whose account is made", asked)
	}

	w.run(t, src, engine.PlanOptions{}, true) // takes the rows into the state
	n = len(w.sim.Requests())
	w.run(t, src+`
output "missing" { value = kira_user.u[7].missing_fields }
`, engine.PlanOptions{}, true)
	if asked := w.requests(n); count(asked, "GET /v1/users/") != 1 {
		t.Errorf("asked for %v; want a look at the user of whom the state has a row only", asked)
	}
}

// An attribute that a row does not show is kept, and not taken for something
// that is gone.
func TestRefreshKeepsWhatRowsLack(t *testing.T) {
	w := newWorld(t)
	src := crowd(2, true, false) + `
output "triggered" { value = kira_user.u[1].verification_triggered }
output "eligible"  { value = length(kira_user.u[1].eligible_products) > 0 }
output "provider"  { value = kira_virtual_account.a[1].provider }
output "currency"  { value = kira_virtual_account.a[1].currency }
`
	w.run(t, src, engine.PlanOptions{}, true)
	if pl := w.run(t, src, engine.PlanOptions{}, false); !pl.Empty() || pl.Refreshed {
		t.Errorf("the plan is not empty, or something was seen to have changed: %s", w.said())
	}
}

// The list shifts by one row while it is read: a row comes twice, and another
// one is on none of the pages.
func TestRefreshOfAListThatShifts(t *testing.T) {
	w := newWorld(t)
	src := crowd(150, false, false)
	w.run(t, src, engine.PlanOptions{}, true)
	w.through(t, func(sim http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			q := r.URL.Query()
			if q.Get("offset") == "100" {
				q.Set("offset", "101")
			}
			r.URL.RawQuery = q.Encode()
			sim.ServeHTTP(rw, r)
		})
	})
	asked := w.noOp(t, src, engine.PlanOptions{})
	if count(asked, "GET /v1/users/") != 1 {
		t.Errorf("asked for %d users by id; want one, which no page showed", count(asked, "GET /v1/users/"))
	}
}

// An object that no list has is looked at before it is said to be gone.
func TestRefreshSaysWhatIsGone(t *testing.T) {
	w := newWorld(t)
	src := crowd(3, false, false)
	w.run(t, src, engine.PlanOptions{}, true)
	if err := w.sim.Reset(); err != nil {
		t.Fatal(err)
	}
	pl := w.run(t, src, engine.PlanOptions{GoneOK: engine.GoneOK{N: 3}}, false)
	for _, c := range pl.Changes {
		if c.Action != plan.Create || !strings.Contains(c.Why, "is gone at Kira") {
			t.Errorf("%s: %s %q; want a creation, because it is gone", c.Addr, c.Action, c.Why)
		}
	}
	if asked := w.requests(0); count(asked, "GET /v1/users/") != 3 {
		t.Errorf("asked for %v; want each looked at", asked)
	}
}

// Ten requests at once are made, whatever is looked at.
func TestRefreshKeepsToItsWorkers(t *testing.T) {
	w := newWorld(t)
	src := crowd(30, false, true)
	w.run(t, src, engine.PlanOptions{}, true)
	now, most := make(chan int, 1), 0
	now <- 0
	w.through(t, func(sim http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			n := <-now + 1
			most = max(most, n)
			now <- n
			time.Sleep(time.Millisecond)
			sim.ServeHTTP(rw, r)
			now <- <-now - 1
		})
	})
	w.noOp(t, src, engine.PlanOptions{Workers: 3})
	if most > 3 {
		t.Errorf("%d requests at once, want at most 3", most)
	}
}

// An object that a run waits for is not looked at again once the watch has seen
// it move, unless something shows an attribute that rows lack.
func TestTheWatchHandsOverWhatItSaw(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, more string
		looks      int // at accounts
	}{
		{"rows are enough", "", 0},
		{"an output shows what rows lack", `output "currencies" { value = kira_virtual_account.a[*].currency }`, 12},
		{"a condition may judge what rows lack", `output "one" {
  value = 1
  precondition {
    condition     = length(kira_virtual_account.a) > 0
    error_message = "none"
  }
}`, 12},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			w.sim.VerifyAfter, w.sim.ActivateAfter = 300*time.Millisecond, 300*time.Millisecond
			src := crowd(12, true, false) + tt.more
			if sum, said, err := w.applied(t, src, engine.ApplyOptions{Wait: time.Minute}); err != nil || !sum.OK() || sum.Deferred > 0 {
				t.Fatalf("%+v, %v\n%s", sum, err, said)
			}
			asked := w.requests(0)
			// The last that wait are looked at one by one, which costs no more than a list.
			const last = 4
			if n := count(asked, "GET /v1/virtual-accounts/"); n < tt.looks || n > tt.looks+last {
				t.Errorf("looked at %d accounts, want %d", n, tt.looks)
			}
			if n := count(asked, "GET /v1/users/"); n > tt.looks+last {
				t.Errorf("looked at %d users, want %d", n, tt.looks)
			}
			st, err := w.store().Load(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, u := range st.Resources {
				if got := schema.Text(schema.Member(u.Seen.Shown(), "status")); got != "VERIFIED" && got != "approved" {
					t.Errorf("the state has %s as %s", u.ID, got)
				}
			}
			w.noOp(t, src, engine.PlanOptions{})
		})
	}
}
