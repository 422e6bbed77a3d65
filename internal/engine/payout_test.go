package engine_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/internal/norace"
	"kiraform/internal/simulator"
	"kiraform/state"
)

// landlord is somebody who is paid.
const landlord = `
resource "kira_recipient" "landlord" {
  user_id    = kira_user.maria.id
  first_name = "Ana"
  last_name  = "Ruiz"
  account = {
    account_type = "SPEI"
    clabe        = "032180000118359719"
    doc_type     = "curp"
    doc_number   = "RUAA910203MDFZNN09"
  }
}
`

// rent is one payout.
const rent = `
action "kira_payout" "rent" {
  config {
    virtual_account_id = kira_virtual_account.usd.id
    recipient_id       = kira_recipient.landlord.id
    amount             = "100.00"
    currency           = "USD"
    period             = "2026-03"
  }
}
`

const paying = simulated + maria + mariasAccount + landlord

var rentAddr = addr.Resource{Action: true, Kind: "kira_payout", Name: "rent"}

// payer returns a world without a socket in which there is somebody to pay.
func payer(t *testing.T, wrap func(http.RoundTripper) http.RoundTripper) *world {
	w := virtual(t, wrap)
	w.onDisk = true
	if sum, said, err := w.applied(t, paying+rent, engine.ApplyOptions{}); err != nil || !sum.OK() {
		t.Fatalf("%+v, %v\n%s", sum, err, said)
	}
	return w
}

// asks plans the run of an action of src, and returns the plan.
func (w *world) asks(t failer, src string, o engine.InvokeOptions) *engine.Invoked {
	t.Helper()
	_, iv, err := w.asked(t, src, o)
	if err != nil {
		t.Fatalf("%v\n%s", err, w.said())
	}
	return iv
}

func (w *world) asked(t failer, src string, o engine.InvokeOptions) (*engine.Project, *engine.Invoked, error) {
	t.Helper()
	p, err := engine.Open(w.options(src))
	if err != nil {
		t.Fatalf("open: %v\n%s", err, w.said())
	}
	if o.Addr == (addr.Resource{}) {
		o.Addr = rentAddr
	}
	iv, err := p.PlanInvoke(context.Background(), o)
	return p, iv, err
}

// invoked runs an action of src, and returns with its outcome the words of the
// run.
func (w *world) invoked(t failer, src string, o engine.InvokeOptions) (sum engine.InvokeSummary, said string, err error) {
	t.Helper()
	p, iv, err := w.asked(t, src, o)
	if err == nil {
		sum, err = p.Invoke(context.Background(), iv, engine.ApplyOptions{})
	}
	var b strings.Builder
	for _, e := range w.events {
		data, encodeErr := json.Marshal(e)
		if encodeErr != nil {
			t.Fatal(encodeErr)
		}
		fmt.Fprintf(&b, "%T %s\n", e, data)
	}
	return sum, fmt.Sprint(b.String(), err), err
}

// runs are the runs in the state of w.
func (w *world) runs(t failer) []state.Run {
	t.Helper()
	st, err := w.file().Load(context.Background())
	if err != nil || st == nil {
		t.Fatalf("load: %v", err)
	}
	return st.AllRuns()
}

// paid checks that Kira has made these payouts and no others, each of one run that
// is done, and that nothing is open.
func (w *world) paid(t failer, amounts ...string) {
	t.Helper()
	var have []string
	of := make(map[string]int)
	for _, p := range w.sim.Payouts() {
		have = append(have, p["amount"].(string))
		of[p["id"].(string)] = 0
	}
	slices.Sort(have)
	slices.Sort(amounts)
	if !slices.Equal(have, amounts) {
		t.Fatalf("Kira has paid %v, want %v", have, amounts)
	}
	for _, r := range w.runs(t) {
		if !r.Done {
			t.Fatalf("a run is open: %+v", r)
		}
		of[r.ID]++
	}
	for id, n := range of {
		if n != 1 {
			t.Fatalf("%d runs are of payout %s, want one of each: %+v", n, id, w.runs(t))
		}
	}
}

// payouts counts the requests to pay, and their keys.
func (w *world) payouts() (requests, keys int) {
	seen := make(map[string]bool)
	for _, r := range w.sim.Requests() {
		if r.Method == "POST" && strings.HasSuffix(r.Path, "/payout") {
			requests++
			seen[r.Key] = true
		}
	}
	return requests, len(seen)
}

// The fault table over payouts: every row ends with one payout at Kira and one run
// that is done.
func TestPayoutFaults(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	pays := func(k simulator.FaultKind, times int) simulator.Fault {
		return simulator.Fault{Kind: k, Method: "POST", Path: "/v1/virtual-accounts/*/payout", Times: times}
	}
	for _, tt := range []struct {
		name  string
		fault simulator.Fault
		fails string // the error of the first run; "" means that it does not
		says  string // something that the first run says
		posts int    // requests to pay, in all runs
	}{
		{name: "a payout, reset before the commit: tried again with the same key", fault: pays(simulator.DropBefore, 1), says: "retry 2 of 5", posts: 2},
		{name: "a payout, reset after the commit: tried again with the same key, and Kira gives the same answer", fault: pays(simulator.DropAfter, 1), says: "retry 2 of 5", posts: 2},
		{name: "a payout, reset after the commit every time: the next run finds it", fault: pays(simulator.DropAfter, 5), fails: "It may have taken effect", posts: 5},
		{name: "a payout, reset before the commit every time: the next run uses the same key", fault: pays(simulator.DropBefore, 5), fails: "It may have taken effect", posts: 6},
		{name: "a payout, 500 before the commit: tried again with the same key", fault: pays(simulator.ErrorBefore, 2), says: "500", posts: 3},
		{name: "a payout, 500 after the commit every time: the next run finds it", fault: pays(simulator.ErrorAfter, 5), fails: "500", posts: 5},
		{name: "a payout, 502 with HTML for good: the next run uses the same key", fault: pays(simulator.BadGateway, 5), fails: "502 Bad Gateway", posts: 6},
		{name: "a payout, 200 with a body that is not JSON: counts as no answer", fault: pays(simulator.NotJSON, 1), fails: "It may have taken effect", posts: 2},
		{name: "a payout, 429 for good: it never left, and the next run uses the same key", fault: pays(simulator.Throttled, 5), fails: "429", posts: 6},
		{name: "a payout, token expired in the middle: signed in again, once", fault: pays(simulator.ExpiredToken, 1), says: "signing in again", posts: 2},
		{name: "a payout, tokens are revoked for good: not done, and the next run uses the same key", fault: pays(simulator.ExpiredToken, 4), fails: "each new token was refused as well", posts: 5},
		{name: "a payout, time-out: given up after two minutes and tried again", posts: 2, says: "retry 2 of 5",
			fault: simulator.Fault{Kind: simulator.Slow, Method: "POST", Path: "/v1/virtual-accounts/*/payout", Times: 1, Delay: simulator.Duration(time.Hour)}},
		{name: "the list of payouts cannot be read: nothing is sent", fails: "Nothing was sent", posts: 1,
			fault: simulator.Fault{Kind: simulator.ErrorBefore, Method: "GET", Path: "/v1/payouts", Times: 5, Skip: 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := payer(t, nil)
				w.sim.SetFaults(simulator.Faults{Rules: []simulator.Fault{tt.fault}})
				sum, said, err := w.invoked(t, paying+rent, engine.InvokeOptions{})
				if failed := err != nil || sum.Failed > 0; failed != (tt.fails != "") || !strings.Contains(said, tt.fails) || !strings.Contains(said, tt.says) {
					t.Errorf("the first run: %+v, %v; want it to fail with %q and to say %q\n%s", sum, err, tt.fails, tt.says, said)
				}
				for range 2 {
					if sum, said, err := w.invoked(t, paying+rent, engine.InvokeOptions{}); err != nil || sum.Failed > 0 {
						t.Fatalf("a run after the fault: %+v, %v\n%s", sum, err, said)
					}
				}
				w.paid(t, "100.00")
				if posts, keys := w.payouts(); posts != tt.posts || keys != 1 {
					t.Errorf("%d requests to pay with %d keys; want %d with one", posts, keys, tt.posts)
				}
				if !t.Failed() {
					t.Attr("fault", tt.name)
				}
			})
		})
	}
}

// losePayout runs the action so that the payout is made and every answer is lost.
func (w *world) losePayout(t *testing.T, kind simulator.FaultKind) {
	t.Helper()
	w.sim.SetFaults(simulator.Faults{Rules: []simulator.Fault{{Kind: kind, Method: "POST", Path: "/v1/virtual-accounts/*/payout"}}})
	if sum, said, err := w.invoked(t, paying+rent, engine.InvokeOptions{}); err == nil && sum.Failed == 0 {
		t.Fatalf("it did not fail\n%s", said)
	}
	w.sim.SetFaults(simulator.Faults{})
}

// The way in which a run deals with an earlier one that had no answer, whatever
// happened in between.
func TestPayoutsWithoutAnAnswer(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	dearer := strings.Replace(rent, `"100.00"`, `"120.00"`, 1)
	april := strings.Replace(rent, "2026-03", "2026-04", 1)
	noted := strings.Replace(rent, `period `, "memo = \"x\"\n    period ", 1)
	renamed := strings.Replace(rent, `"rent"`, `"flat"`, 1)
	flat := addr.Resource{Action: true, Kind: "kira_payout", Name: "flat"}
	moved := renamed + "moved {\n  from = action.kira_payout.rent\n  to   = action.kira_payout.flat\n}\n"
	for _, tt := range []struct {
		name string
		lost simulator.FaultKind
		then func(t *testing.T, w *world)
		src  string
		addr addr.Resource
		says string
		paid []string // nil means that it stops, and one payout or none is there
		runs int      // that are done
	}{
		{name: "soon after: it is found", lost: simulator.DropAfter, src: rent, paid: []string{"100.00"}},
		{name: "soon after, and it was not made: the same key", lost: simulator.DropBefore, src: rent, paid: []string{"100.00"}},
		{name: "13 hours later: the payout is found", lost: simulator.DropAfter, then: later(13 * time.Hour), src: rent, says: "is found to be", paid: []string{"100.00"}},
		{name: "13 hours later, and it was not made: a person decides", lost: simulator.DropBefore, then: later(13 * time.Hour), src: rent, says: "run-unanswered"},
		{name: "another amount: the first is found, and a person decides whether the other is due besides", lost: simulator.DropAfter, src: dearer, says: "period-paid"},
		{name: "another period: the first is found, and the other is paid", lost: simulator.DropAfter, src: april, says: "is found to be", paid: []string{"100.00", "100.00"}},
		{name: "another amount, and the first was not made: a person decides", lost: simulator.DropBefore, src: dearer, says: "run-unanswered"},
		{name: "another memo: the payout is found", lost: simulator.DropAfter, src: noted, says: "is found to be", paid: []string{"100.00"}},
		{name: "another memo, and it was not made: a person decides", lost: simulator.DropBefore, src: noted, says: "run-unanswered"},
		{name: "another period, and the first was not made: a person decides", lost: simulator.DropBefore, src: april, says: "run-unanswered"},
		{name: "another name: a person decides", lost: simulator.DropAfter, src: renamed, addr: flat, says: "moved {"},
		{name: "another name, and it was not made: a person decides", lost: simulator.DropBefore, src: renamed, addr: flat, says: "moved {"},
		{name: "moved: it is found", lost: simulator.DropAfter, src: moved, addr: flat, paid: []string{"100.00"}},
		{name: "moved, and it was not made: the same key", lost: simulator.DropBefore, src: moved, addr: flat, paid: []string{"100.00"}},
		{name: "the state is lost: what Kira shows stops it", lost: simulator.DropAfter, then: func(t *testing.T, w *world) { w.loseRuns(t) }, src: rent, says: "payout-seen"},
		{name: "the state and the name are lost: what Kira shows stops it", lost: simulator.DropAfter, then: func(t *testing.T, w *world) { w.loseRuns(t) }, src: renamed, addr: flat, says: "payout-seen"},
		{name: "an older state was brought back: it is found", lost: simulator.DropAfter, then: func(t *testing.T, w *world) { w.restoreUnpaid(t) }, src: rent, paid: []string{"100.00"}},
		{name: "the clock was set back: the payout is found", lost: simulator.DropAfter, then: func(t *testing.T, w *world) { w.changeRuns(t, func(r *state.Run) { r.At = r.At.Add(48 * time.Hour) }) },
			src: rent, says: "is found to be", paid: []string{"100.00"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := payer(t, nil)
				if tt.src == april {
					w.watch.Allows(simulator.SecondPayout)
				}
				w.losePayout(t, tt.lost)
				if tt.then != nil {
					tt.then(t, w)
				}
				sum, said, err := w.invoked(t, paying+tt.src, engine.InvokeOptions{Addr: tt.addr})
				if !strings.Contains(said, tt.says) {
					t.Errorf("it does not say %q\n%s", tt.says, said)
				}
				made := 0
				if tt.lost == simulator.DropAfter {
					made = 1
				}
				if stopped := err != nil || sum.Failed > 0; stopped != (tt.paid == nil) {
					t.Fatalf("stopped: %v, want %v\n%s", stopped, tt.paid == nil, said)
				} else if stopped {
					if n := len(w.sim.Payouts()); n != made {
						t.Errorf("there are %d payouts, want %d", n, made)
					}
				} else {
					w.paid(t, tt.paid...)
				}
				if !t.Failed() {
					t.Attr("fault", "a payout without an answer, and then "+tt.name)
				}
			})
		})
	}
}

func later(d time.Duration) func(*testing.T, *world) {
	return func(*testing.T, *world) { time.Sleep(d) }
}

// changeState changes the state of w behind the back of everybody.
func (w *world) changeState(t *testing.T, change func(*state.State)) {
	t.Helper()
	st, err := w.file().Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	change(st)
	if err := w.file().Save(t.Context(), st); err != nil {
		t.Fatal(err)
	}
}

func (w *world) changeRuns(t *testing.T, change func(*state.Run)) {
	w.changeState(t, func(st *state.State) {
		for key, r := range st.Runs {
			change(&r)
			st.Runs[key] = r
		}
	})
}

// loseRuns makes the state forget every run.
func (w *world) loseRuns(t *testing.T) {
	w.changeState(t, func(st *state.State) { clear(st.Runs) })
}

// restoreUnpaid brings back the state from before anything was paid, with
// everything that payments need.
func (w *world) restoreUnpaid(t failer) {
	t.Helper()
	all, err := w.file().History(context.Background())
	if err != nil || len(all) < 2 {
		t.Fatalf("%d generations, %v", len(all), err)
	}
	slices.SortFunc(all, func(a, b state.Generation) int { return int(a.Serial) - int(b.Serial) })
	if _, err := w.file().Restore(context.Background(), cmp.Or(w.unpaid, all[1].Serial), func(*state.State) error { return nil }); err != nil {
		t.Fatalf("restore: %v", err)
	}
}

// A payout that is triggered is made once, whenever the run dies: also if it dies
// after the object was created and before the payout was made.
func TestATriggeredPayoutAtEveryMoment(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	src := sandboxed(simulated+maria+with(mariasAccount, "")+landlord) + rent
	src = strings.Replace(src, `resource "kira_recipient" "landlord" {`, `resource "kira_recipient" "landlord" {
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.kira_payout.rent]
    }
  }`, 1)
	died := 0
	for _, answered := range []bool{true, false} {
		for n := 0; ; n++ {
			w := newWorld(t)
			w.onDisk = true
			moments := w.die(t, src, n, answered)
			w.finish(t, src)
			w.paid(t, "100.00")
			w.close()
			if moments <= n {
				break
			}
			died++
		}
	}
	if died < 50 {
		t.Errorf("it died %d times only", died)
	}
	t.Attr("reliability", fmt.Sprintf("| An apply that triggers a payout dies at every moment, in process | %d | %d | 0 | 0 | 0 |", 2*died, died))
}

// The same of a payout that is asked for.
func TestAPayoutAtEveryMoment(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	src, base, died := sandboxed(paying+rent), payingWorld(t), 0
	for _, answered := range []bool{true, false} {
		for n := 0; ; n++ {
			w := base.copy(t)
			w.sim.Latency = 0
			moments := w.dieInvoking(t, src, n, answered)
			w.client = nil
			for range 2 {
				if sum, said, err := w.invoked(t, src, engine.InvokeOptions{}); err != nil || sum.Failed > 0 {
					t.Fatalf("the run after a death at moment %d: %+v, %v\n%s", n, sum, err, said)
				}
			}
			w.paid(t, "100.00")
			w.close()
			if moments <= n {
				break
			}
			died++
		}
	}
	if died < 10 {
		t.Errorf("it died %d times only", died)
	}
	t.Attr("reliability", fmt.Sprintf("| A payout dies at every moment, in process | %d | %d | 0 | 0 | 0 |", 3*died, died))
}

// dieInvoking runs the action until the nth moment, and returns how many there were.
func (w *world) dieInvoking(t *testing.T, src string, n int, answered bool) (moments int) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	end := cancel
	if answered {
		end = nil
	}
	d := newDoom(n, end)
	w.client = d.client(w.sim)
	p, err := engine.Open(d.over(w.options(src)))
	if err != nil {
		t.Fatalf("open: %v\n%s", err, src)
	}
	iv, err := p.PlanInvoke(ctx, engine.InvokeOptions{Addr: rentAddr})
	if err == nil && !d.dead() {
		_, _ = p.Invoke(ctx, iv, engine.ApplyOptions{})
	}
	return n - int(d.left.Load())
}

// A field that some Kiras ask for besides is explained, and sent if it is
// given.
func TestPayoutKnobs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := payer(t, nil)
		w.sim.PayoutOTP = "123456"
		sum, said, err := w.invoked(t, paying+rent, engine.InvokeOptions{})
		if err != nil || sum.Failed != 1 || !strings.Contains(said, "KIRAFORM_PAYOUT_OTP") {
			t.Errorf("%+v, %v\n%s", sum, err, said)
		}
		if len(w.runs(t)) != 0 {
			t.Errorf("a refused payout left %+v", w.runs(t))
		}
		if sum, said, err := w.invoked(t, paying+rent, engine.InvokeOptions{OneTime: "123456"}); err != nil || sum.Run != 1 {
			t.Errorf("%+v, %v\n%s", sum, err, said)
		}
		w.paid(t, "100.00")
	})
}

// A payout that went through, and whose money is spent by then, is refused when it
// goes out again under a key that Kira has forgotten: it is found all the same.
func TestAPayoutWhoseMoneyIsSpent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := payer(t, nil)
		w.sim.Spend, w.sim.Balance, w.sim.KeyTTL = true, "150.00", time.Hour
		w.losePayout(t, simulator.DropAfter)
		time.Sleep(2 * time.Hour)
		sum, said, err := w.invoked(t, paying+rent, engine.InvokeOptions{})
		if err != nil || sum.Failed > 0 {
			t.Errorf("%+v, %v\n%s", sum, err, said)
		}
		w.paid(t, "100.00")
	})
}

// A recipient that was made again has another id, and the same account: a payout to
// the first is paid, and stops the same to the second where nobody remembers it.
func TestAPayeeThatWasMadeAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := payer(t, nil)
		w.watch.Allows(simulator.SecondObject)
		if sum, said, err := w.invoked(t, paying+rent, engine.InvokeOptions{}); err != nil || sum.Run != 1 {
			t.Fatalf("%+v, %v\n%s", sum, err, said)
		}
		again := strings.Replace(paying, `"Ruiz"`, `"Rojas"`, 1) + rent
		if sum, said, err := w.applied(t, again, engine.ApplyOptions{}); err != nil || !sum.OK() || len(w.sim.Recipients()) != 2 {
			t.Fatalf("%+v, %v, %d recipients\n%s", sum, err, len(w.sim.Recipients()), said)
		}
		if sum, said, err := w.invoked(t, again, engine.InvokeOptions{}); err != nil || sum.Run+sum.Failed != 0 {
			t.Errorf("%+v, %v\n%s", sum, err, said)
		}
		w.loseRuns(t)
		if sum, said, err := w.invoked(t, again, engine.InvokeOptions{}); err == nil && sum.Failed == 0 || !strings.Contains(said, "payout-seen") {
			t.Errorf("%+v, %v\n%s", sum, err, said)
		}
		if n := len(w.sim.Payouts()); n != 1 {
			t.Errorf("there are %d payouts", n)
		}
	})
}
