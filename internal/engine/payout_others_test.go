package engine_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"kiraform/internal/engine"
	"kiraform/internal/norace"
	"kiraform/internal/simulator"
	"kiraform/state"
)

// Where the state was lost, and the user, the account and the recipient were made
// again, a payout to the same bank details stops the next one, whichever user made
// it. The same amount to somebody else stops nothing.
func TestAPayeeThatAnotherUserHasPaid(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	anew := strings.NewReplacer("maria@example.com", "maria.2@example.com", "Gonzalez", "Lopez").Replace(paying)
	pse := `
  account = {
    account_type     = "PSE"
    account_number   = "NUMBER"
    bank_code        = "1007"
    type             = "savings"
    doc_type         = "nuip"
    doc_number       = "DOC"
    doc_country_code = "CO"
  }
}
`
	with := func(name, number, doc string) string {
		before, _, _ := strings.Cut(paying, "  account = {")
		return strings.Replace(before, `"Ruiz"`, `"`+name+`"`, 1) + strings.NewReplacer("NUMBER", number, "DOC", doc).Replace(pse)
	}
	for _, tt := range []struct {
		name         string
		first, again string
		stops        bool
	}{
		{"the same people", paying, paying, true},
		{"another user and the same CLABE", paying, anew, true},
		{"the same CLABE and a payee of another name", paying, strings.Replace(anew, `"Ruiz"`, `"Rojas"`, 1), true},
		{"another CLABE", paying, strings.Replace(paying, "032180000118359719", "032180000118359722", 1), false},
		{"a rail that shows no number, and the same name", with("Ruiz", "1234567890", "1234567890"), with("Ruiz", "1234567890", "1234567890"), true},
		{"a rail that shows no number, and another name", with("Ruiz", "1234567890", "1234567890"), with("Rojas", "9876543210", "1234567899"), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := virtual(t, nil)
				w.onDisk = true
				w.watch.Allows(simulator.SecondObject, simulator.SecondPayout)
				w.apply(t, tt.first)
				if sum, said, err := w.invoked(t, tt.first+rent, engine.InvokeOptions{}); err != nil || sum.Run != 1 {
					t.Fatalf("%+v, %v\n%s", sum, err, said)
				}
				w.forget(t)
				w.apply(t, tt.again)
				sum, said, err := w.invoked(t, tt.again+rent, engine.InvokeOptions{Again: true})
				stopped := err != nil || sum.Failed > 0
				if stopped != tt.stops || strings.Contains(said, "payout-seen") != tt.stops {
					t.Fatalf("stopped: %v, want %v\n%s", stopped, tt.stops, said)
				}
				if !tt.stops {
					return
				}
				id := w.sim.Payouts()[0]["id"].(string)
				if !strings.Contains(said, "-known="+id) || !strings.Contains(said, "paid by another user (") {
					t.Errorf("it does not say how to go on\n%s", said)
				}
				if sum, said, err := w.invoked(t, tt.again+rent, engine.InvokeOptions{Known: []string{id}}); err != nil || sum.Run != 1 {
					t.Errorf("known: %+v, %v\n%s", sum, err, said)
				}
			})
		})
	}
}

// apply applies src, which has to go well.
func (w *world) apply(t *testing.T, src string) {
	t.Helper()
	if sum, said, err := w.applied(t, src, engine.ApplyOptions{}); err != nil || !sum.OK() {
		t.Fatalf("%+v, %v\n%s", sum, err, said)
	}
}

// meeting holds requests to pay until two of them have come.
type meeting struct {
	http.RoundTripper
	mu   sync.Mutex
	come int
	both chan struct{}
}

func (m *meeting) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/payout") {
		m.mu.Lock()
		if m.come++; m.come == 2 {
			close(m.both)
		}
		m.mu.Unlock()
		<-m.both
	}
	return m.RoundTripper.RoundTrip(r)
}

// Two working copies that pay at the same moment do not see each other before. The
// one that is later says so at once, with the id of the other payout, fails, and
// pays nothing more.
func TestTwoCopiesPayAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &meeting{both: make(chan struct{})}
		w := payer(t, func(rt http.RoundTripper) http.RoundTripper { m.RoundTripper = rt; return m })
		w.watch.Allows(simulator.SecondPayout)
		other := &world{sim: w.sim, url: w.url, client: w.client, onDisk: true, watch: w.watch}
		w.copyTo(t, other)
		said := make([]string, 2)
		failed := make([]bool, 2)
		var wg sync.WaitGroup
		for i, copy := range []*world{w, other} {
			wg.Go(func() {
				sum, text, err := copy.invoked(t, paying+rent, engine.InvokeOptions{})
				said[i], failed[i] = text, err != nil || sum.Failed > 0
			})
		}
		wg.Wait()
		if len(w.sim.Payouts()) != 2 || !failed[0] && !failed[1] {
			t.Fatalf("%d payouts, failed: %v\n%s", len(w.sim.Payouts()), failed, strings.Join(said, "\n\n"))
		}
		var ids []string
		for _, p := range w.sim.Payouts() {
			ids = append(ids, p["id"].(string))
		}
		slices.Sort(ids)
		for i, copy := range []*world{w, other} {
			if !failed[i] {
				continue
			}
			if ask := "Please cancel payout " + ids[1] + ". It was made twice by mistake; payout " + ids[0] + " is the one that is meant."; !strings.Contains(said[i], ask) {
				t.Errorf("it does not say %q: two copies must not ask for both\n%s", ask, said[i])
			}
			own := copy.runs(t)
			if len(own) != 1 || !own[0].Done {
				t.Fatalf("%+v", own)
			}
			for _, p := range w.sim.Payouts() {
				if id := p["id"].(string); !strings.Contains(said[i], id) || !strings.Contains(said[i], "paid-twice") {
					t.Errorf("it does not name %s\n%s", id, said[i])
				}
			}
		}
	})
}

// max_payout counts the payouts of the day that Kira shows, whoever made them.
func TestMaxPayoutCountsWhatKiraShows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := payer(t, nil)
		limited := paying + "kiraform {\n  max_payout = \"150.00\"\n}\n"
		if sum, said, err := w.invoked(t, limited+rent, engine.InvokeOptions{}); err != nil || sum.Run != 1 {
			t.Fatalf("%+v, %v\n%s", sum, err, said)
		}
		w.loseRuns(t) // another copy has paid
		seventy := strings.NewReplacer(`"100.00"`, `"70.00"`).Replace(rent)
		within := func() error {
			p, err := engine.Open(w.options(limited + seventy))
			if err != nil {
				t.Fatal(err)
			}
			iv, err := p.PlanInvoke(t.Context(), engine.InvokeOptions{Addr: rentAddr})
			if err != nil {
				t.Fatalf("%v\n%s", err, w.said())
			}
			return iv.Within()
		}
		if err := within(); err == nil || !strings.Contains(w.said(), "100.00 was paid in the last 24 hours") {
			t.Errorf("%v\n%s", err, w.said())
		}
		if err := w.sim.SetPayoutStatus(w.sim.Payouts()[0]["id"].(string), "FAILED"); err != nil {
			t.Fatal(err)
		}
		if err := within(); err != nil {
			t.Errorf("one that failed counts: %v\n%s", err, w.said())
		}
		if err := w.sim.SetPayoutStatus(w.sim.Payouts()[0]["id"].(string), "COMPLETED"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(25 * time.Hour)
		if err := within(); err != nil {
			t.Errorf("one of yesterday counts: %v\n%s", err, w.said())
		}
	})
}

// echo sends every request to pay twice, as something on the way may, and passes on
// the second answer.
type echo struct{ http.RoundTripper }

func (e echo) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(r.URL.Path, "/payout") {
		return e.RoundTripper.RoundTrip(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if _, err := e.RoundTripper.RoundTrip(r); err != nil {
		return nil, err
	}
	answer := fmt.Sprintf(`{"statusCode":400,"error":"Bad Request","message":"Insufficient balance","timestamp":%q}`, time.Now().Format(time.RFC3339))
	return &http.Response{StatusCode: 400, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(answer)), Request: r}, nil
}

// A lone refusal may be the answer to a repetition that something on the way has
// sent: the payout is found, and not made once more.
func TestARefusalOfAPayoutThatWasMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := payer(t, func(rt http.RoundTripper) http.RoundTripper { return echo{rt} })
		sum, said, err := w.invoked(t, paying+rent, engine.InvokeOptions{})
		if err != nil || sum.Run != 1 {
			t.Fatalf("%+v, %v\n%s", sum, err, said)
		}
		w.paid(t, "100.00")
	})
}

// The same where Kira cannot be asked afterwards: the run stays open.
func TestARefusalOfAPayoutThatCannotBeLookedAt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := payer(t, func(rt http.RoundTripper) http.RoundTripper { return echo{rt} })
		w.sim.SetFaults(simulator.Faults{Rules: []simulator.Fault{{Kind: simulator.ErrorBefore, Method: "GET", Path: "/v1/payouts", Skip: 2}}})
		sum, said, err := w.invoked(t, paying+rent, engine.InvokeOptions{})
		if err == nil && sum.Failed == 0 || !strings.Contains(said, "unanswered") {
			t.Fatalf("%+v, %v\n%s", sum, err, said)
		}
		if all := w.runs(t); len(all) != 1 || !all[0].Unanswered() {
			t.Errorf("%+v", all)
		}
		w.sim.SetFaults(simulator.Faults{})
		if sum, said, err := w.invoked(t, paying+rent, engine.InvokeOptions{}); err != nil || sum.Failed > 0 {
			t.Fatalf("%+v, %v\n%s", sum, err, said)
		}
		w.paid(t, "100.00")
	})
}

// A user who was replaced pays the same payee no second time for the same period.
func TestAPayerWhoWasReplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := payer(t, nil)
		w.watch.Allows(simulator.SecondObject, simulator.SecondPayout)
		if sum, said, err := w.invoked(t, paying+rent, engine.InvokeOptions{}); err != nil || sum.Run != 1 {
			t.Fatalf("%+v, %v\n%s", sum, err, said)
		}
		runs := w.runs(t)
		w.forget(t)
		w.apply(t, paying)
		w.putRuns(t, runs)
		sum, said, err := w.invoked(t, paying+rent, engine.InvokeOptions{})
		if err == nil && sum.Failed == 0 || !strings.Contains(said, "period-paid") {
			t.Errorf("%+v, %v\n%s", sum, err, said)
		}
		if n := len(w.sim.Payouts()); n != 1 {
			t.Errorf("there are %d payouts", n)
		}
	})
}

// copyTo gives another working copy the state and the key of w.
func (w *world) copyTo(t *testing.T, other *world) {
	t.Helper()
	other.dir = t.TempDir()
	if err := os.CopyFS(other.dir, os.DirFS(w.dir)); err != nil {
		t.Fatal(err)
	}
}

// putRuns makes the state remember runs.
func (w *world) putRuns(t *testing.T, all []state.Run) {
	w.changeState(t, func(st *state.State) {
		for _, r := range all {
			st.Runs[r.Key] = r
		}
	})
}
