package engine_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/plan"
)

const liquidation = "kira_liquidation_address.payroll"

func liquidationExample(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../../examples/liquidation-address/main.kira.hcl")
	if err != nil {
		t.Fatal(err)
	}
	return simulated + string(data)
}

func TestLiquidationAddress(t *testing.T) {
	w := newWorld(t)
	src := liquidationExample(t)
	pl := w.run(t, src, engine.PlanOptions{}, false)
	for _, c := range pl.Changes {
		if c.Addr.String() == liquidation && c.Waits != "until kira_virtual_account.usd has its account_number" {
			t.Errorf("it waits %q", c.Waits)
		}
	}
	w.run(t, src, engine.PlanOptions{}, true)
	if pl := w.run(t, src, engine.PlanOptions{}, false); !pl.Empty() {
		t.Errorf("not empty after an apply:\n%s", w.said())
	}
	o := w.object(t, liquidation)
	account := w.object(t, "kira_virtual_account.usd")
	if !strings.HasPrefix(o.ID, account.ID+"/liq_") {
		t.Errorf("its id is %s", o.ID)
	}
	if got := w.diagnosed(t, strings.Replace(src, `"polygon"`, `"solana"`, 1)); strings.Join(got, ", ") != "error cannot-replace" {
		t.Errorf("changing it says %q", got)
	}

	w.run(t, src[:strings.Index(src, `resource "kira_liquidation`)], engine.PlanOptions{}, true) // forgets it
	// Kira does not show where it pays to, so that only a person can say that it
	// is the same: an address that pays somebody else must not be taken for it.
	if got := w.diagnosed(t, src); strings.Join(got, ", ") != "error exists-already" || !strings.Contains(w.said(), "kiraform import "+liquidation+" "+o.ID) {
		t.Errorf("said %q\n%s", got, w.said())
	}
	p, err := engine.Open(w.options(src))
	if err != nil {
		t.Fatal(err)
	}
	blind, err := p.Plan(t.Context(), engine.PlanOptions{NoRefresh: true})
	if err != nil {
		t.Fatal(err)
	}
	if sum, err := p.Apply(t.Context(), blind, engine.ApplyOptions{}); err != nil || sum.Failed != 1 || !strings.Contains(w.said(), o.ID) {
		t.Errorf("on Kira's refusal: %+v, %v\n%s", sum, err, w.said())
	}
	a, err := addr.Parse(liquidation)
	if err == nil {
		err = p.Import(t.Context(), a, o.ID, false)
	}
	if pl := w.run(t, src, engine.PlanOptions{}, false); err != nil || pl.Counts()[plan.NoOp] != len(pl.Changes) || w.object(t, liquidation).ID != o.ID {
		t.Errorf("imported, %v, it is %s, %v\n%s", pl.Counts(), w.object(t, liquidation).ID, err, w.said())
	}
}

// It waits for an account that has no number yet, which reads as null.
func TestLiquidationAddressWaitsForTheAccount(t *testing.T) {
	w := newWorld(t)
	w.sim.ActivateAfter = 0 // by hand
	src := liquidationExample(t)
	w.run(t, src, engine.PlanOptions{}, true)
	pl := w.run(t, src, engine.PlanOptions{}, false)
	for _, c := range pl.Changes {
		if c.Addr.String() == liquidation && (c.Action != plan.Defer || c.Why != "kira_virtual_account.usd has no account_number, and Kira has to provide it first") {
			t.Errorf("planned to %s it because %q", c.Action, c.Why)
		}
	}
	if n := w.posted("POST", "/v1/virtual-accounts/"+w.object(t, "kira_virtual_account.usd").ID+"/liquidation-address"); n != 0 {
		t.Errorf("it was asked for %d times", n)
	}
}

// An account that has no number when the time is up has been waited for: an address
// that needs the number does not wait for it once more.
func TestAnAccountIsWaitedForOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sim.ActivateAfter = 0 // by hand
	sum := w.waits(t, liquidationExample(t), time.Second, nil)
	if !sum.OK() || sum.Deferred != 1 || sum.Unready != 1 {
		t.Errorf("%+v; want the account not ready, and the address put off\n%s", sum, w.said())
	}
	for _, e := range w.events {
		if e, ok := e.(event.Gate); ok && e.Addr == liquidation {
			t.Errorf("the address waits: %s", e.Text)
		}
	}
}

func TestDiscoverLiquidationAddress(t *testing.T) {
	w := newWorld(t)
	w.run(t, liquidationExample(t), engine.PlanOptions{}, true)
	w.forget(t)
	d := w.discover(t, simulated)
	for _, want := range []string{"= kira_virtual_account.maria_act_fiat.id", `"kira_liquidation_address" "maria_act_fiat_usdc_polygon_6789"`} {
		if !strings.Contains(string(d.HCL), want) {
			t.Errorf("there is no %s in\n%s", want, d.HCL)
		}
	}
	o := w.options(simulated + string(d.HCL))
	for _, name := range d.Variables {
		o.Vars = append(o.Vars, config.VarArg{Name: name, Value: `{
			type = "individual", first_name = "Maria", last_name = "Gonzalez", email = "maria@example.com"
			account = {
				account_type = "ACH", routing_number = "021000021", account_number = "000123456789", type = "checking"
				bank_name = "Example Bank", bank_address = "1 Main Street", doc_type = "passport", doc_number = "G12345678"
			}
		}`})
	}
	p, err := engine.Open(o)
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, w.said(), d.HCL)
	}
	pl, err := p.Plan(t.Context(), engine.PlanOptions{})
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, w.said(), d.HCL)
	}
	if got := action(pl, "kira_liquidation_address.maria_act_fiat_usdc_polygon_6789"); got != plan.Adopt {
		t.Errorf("planned to %s it, want adopt", got)
	}
}
