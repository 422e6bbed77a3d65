package engine_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/internal/norace"
	"kiraform/internal/simulator"
)

// Whoever was paid for a period is not paid another amount for it, or on another
// account, without a word: neither under another name, nor at another place of a list.
// Another payee, another period and -again are no such thing.
func TestAPeriodThatWasPaidByAnother(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	list := func(pays string) string {
		return `
locals { pays = ` + pays + ` }
action "kira_payout" "rent" {
  count = length(local.pays)
  config {
    virtual_account_id = kira_virtual_account.usd.id
    recipient_id       = kira_recipient.landlord.id
    amount             = local.pays[count.index].amount
    currency           = "USD"
    period             = local.pays[count.index].period
  }
}
`
	}
	two := list(`[{ amount = "10.00", period = "2026-02" }, { amount = "20.00", period = "2026-03" }]`)
	flat := strings.NewReplacer(`"rent"`, `"flat"`, "100.00", "120.00")
	unnamed := strings.NewReplacer("    period             = \"2026-03\"\n", "")
	moved := strings.Replace(paying, "032180000118359719", "032180000118359722", 1)
	for _, tt := range []struct {
		name         string
		first, again string
		flat, stops  bool
	}{
		{"renamed, and another amount", paying + rent, paying + flat.Replace(rent), true, true},
		{"the same without a period", paying + unnamed.Replace(rent), paying + flat.Replace(unnamed.Replace(rent)), true, true},
		{"renamed, and another period", paying + rent, paying + strings.Replace(flat.Replace(rent), "2026-03", "2026-04", 1), true, false},
		{"besides one that is still written", paying + rent, paying + rent + flat.Replace(rent), true, false},
		{"besides one whose amount was edited", paying + rent, paying + strings.Replace(rent, "100.00", "110.00", 1) + flat.Replace(rent), true, false},
		{"a list without its first", paying + two, paying + list(`[{ amount = "25.00", period = "2026-03" }]`), false, true},
		{"a list the other way round", paying + two, paying + list(`[{ amount = "25.00", period = "2026-03" }, { amount = "15.00", period = "2026-02" }]`), false, true},
		{"the recipient has another account", paying + rent, moved + rent, false, true},
		{"renamed, and the recipient has another account", paying + rent, moved + strings.Replace(rent, `"rent"`, `"flat"`, 1), true, true},
		{"another account and another name", paying + rent, strings.Replace(moved, `"Ruiz"`, `"Rojas"`, 1) + rent, false, false},
		{"another account and another period", paying + rent, moved + strings.Replace(rent, "2026-03", "2026-04", 1), false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := payer(t, nil)
				w.watch.Allows(simulator.SecondObject, simulator.SecondPayout)
				w.apply(t, tt.first)
				if sum, said, err := w.invoked(t, tt.first, engine.InvokeOptions{}); err != nil || sum.Run == 0 {
					t.Fatalf("%+v, %v\n%s", sum, err, said)
				}
				at := rentAddr
				if tt.flat {
					at = addr.Resource{Action: true, Kind: "kira_payout", Name: "flat"}
				}
				w.apply(t, tt.again)
				before := len(w.sim.Payouts())
				sum, said, err := w.invoked(t, tt.again, engine.InvokeOptions{Addr: at})
				stopped := err != nil || sum.Failed > 0
				if stopped != tt.stops || strings.Contains(said, "period-paid") != tt.stops {
					t.Fatalf("stopped: %v, want %v\n%s", stopped, tt.stops, said)
				}
				if !tt.stops {
					return
				}
				if n := len(w.sim.Payouts()); n != before {
					t.Errorf("there are %d payouts, want %d", n, before)
				}
				if sum, said, err := w.invoked(t, tt.again, engine.InvokeOptions{Addr: at, Again: true}); err != nil || sum.Run == 0 {
					t.Errorf("-again: %+v, %v\n%s", sum, err, said)
				}
			})
		})
	}
}

// Whatever somebody else pays while a person is asked counts for max_payout, and the
// payouts of the run itself do not count twice.
func TestMaxPayoutRightBeforeItIsSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := payer(t, nil)
		w.watch.Allows(simulator.SecondPayout)
		two := strings.NewReplacer(`"100.00"`, `["60.00", "40.00"][count.index]`, "  config {", "  count = 2\n  config {").Replace(rent)
		limited := paying + "kiraform {\n  max_payout = \"150.00\"\n}\n"
		other := &world{sim: w.sim, url: w.url, client: w.client, onDisk: true, watch: w.watch}
		w.copyTo(t, other)
		p, err := engine.Open(w.options(limited + two))
		if err != nil {
			t.Fatal(err)
		}
		iv, err := p.PlanInvoke(t.Context(), engine.InvokeOptions{Addr: rentAddr})
		if err != nil || iv.Within() != nil {
			t.Fatalf("%v\n%s", err, w.said())
		}
		seventy := strings.NewReplacer(`"100.00"`, `"70.00"`, "2026-03", "2026-04").Replace(rent)
		if sum, said, err := other.invoked(t, limited+seventy, engine.InvokeOptions{}); err != nil || sum.Run != 1 {
			t.Fatalf("%+v, %v\n%s", sum, err, said)
		}
		sum, err := p.Invoke(t.Context(), iv, engine.ApplyOptions{})
		if err == nil || sum.Run != 0 || !strings.Contains(w.said(), "70.00 was paid in the last 24 hours") {
			t.Fatalf("%+v, %v\n%s", sum, err, w.said())
		}
		if all := w.runs(t); len(all) != 0 {
			t.Errorf("%+v", all)
		}
		if sum, said, err := w.invoked(t, strings.Replace(limited, "150", "170", 1)+two, engine.InvokeOptions{}); err != nil || sum.Run != 2 {
			t.Fatalf("%+v, %v\n%s", sum, err, said)
		}
	})
}

// A row that is there twice is not paid twice by one run. Each row by itself is.
func TestOnePaymentTwiceInOneRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := payer(t, nil)
		w.watch.Allows(simulator.SecondPayout)
		two := paying + strings.Replace(rent, "  config {", "  count = 2\n  config {", 1)
		sum, said, err := w.invoked(t, two, engine.InvokeOptions{})
		if err == nil || sum.Run != 0 || !strings.Contains(said, "same-payout") || !strings.Contains(said, "One payment twice in one run") {
			t.Fatalf("%+v, %v\n%s", sum, err, said)
		}
		if n := len(w.sim.Payouts()); n != 0 {
			t.Fatalf("there are %d payouts", n)
		}
		for i := range 2 {
			at := rentAddr
			at.Key = addr.Int(i)
			sum, said, err := w.invoked(t, two, engine.InvokeOptions{Addr: at})
			if err != nil || sum.Run != 1 || strings.Contains(said, "same-payout") != (i == 1) {
				t.Errorf("%d: %+v, %v\n%s", i, sum, err, said)
			}
		}
	})
}

// A run that goes out again while Kira shows two payouts that it may have made has made
// one of them: the other one is somebody else's, which is said.
func TestTwoPayoutsWhileNobodyAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := payer(t, nil)
		w.watch.Allows(simulator.SecondPayout)
		other := &world{sim: w.sim, url: w.url, client: w.client, onDisk: true, watch: w.watch}
		w.copyTo(t, other)
		w.sim.SetFaults(simulator.Faults{Rules: []simulator.Fault{{Kind: simulator.DropAfter, Method: "POST", Path: "/v1/virtual-accounts/*/payout"}}})
		if _, said, err := w.invoked(t, paying+rent, engine.InvokeOptions{}); err == nil {
			t.Fatalf("it was answered\n%s", said)
		}
		w.sim.SetFaults(simulator.Faults{})
		first := w.sim.Payouts()[0]["id"].(string)
		if sum, said, err := other.invoked(t, paying+rent, engine.InvokeOptions{Known: []string{first}}); err != nil || sum.Run != 1 {
			t.Fatalf("%+v, %v\n%s", sum, err, said)
		}
		_, said, err := w.invoked(t, paying+rent, engine.InvokeOptions{})
		if err == nil || !strings.Contains(said, "paid-twice") || !strings.Contains(said, first) {
			t.Errorf("%v\n%s", err, said)
		}
		if n := len(w.sim.Payouts()); n != 2 {
			t.Errorf("there are %d payouts", n)
		}
	})
}
