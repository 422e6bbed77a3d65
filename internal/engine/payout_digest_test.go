package engine_test

import (
	"strings"
	"testing"

	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/internal/simulator"
)

func digestOf(t *testing.T, iv *engine.Invoked) string {
	t.Helper()
	digest, why := iv.Digest()
	if digest == "" {
		t.Fatal(why)
	}
	return digest
}

// An approval is of a payment, whatever was paid before; one of a repetition is of that
// repetition alone, and no other action's run changes it.
func TestTheDigestOfAPayment(t *testing.T) {
	w := payer(t, nil)
	w.watch.Provokes(simulator.SecondPayout)
	other := strings.NewReplacer(`"rent"`, `"other"`, "100.00", "7.00", "2026-03", "2026-01").Replace(rent)
	next := paying + other + strings.Replace(rent, "2026-03", "2026-04", 1)
	before := digestOf(t, w.asks(t, next, engine.InvokeOptions{}))
	if _, said, err := w.invoked(t, paying+rent+other, engine.InvokeOptions{}); err != nil {
		t.Fatal(said)
	}
	if after := digestOf(t, w.asks(t, next, engine.InvokeOptions{})); after != before {
		t.Error("an earlier payment changes the digest of the next one")
	}
	again := digestOf(t, w.asks(t, next, engine.InvokeOptions{Again: true}))
	if _, said, err := w.invoked(t, next, engine.InvokeOptions{Addr: addr.Resource{Action: true, Kind: "kira_payout", Name: "other"}}); err != nil {
		t.Fatal(said)
	}
	if got := digestOf(t, w.asks(t, next, engine.InvokeOptions{Again: true})); got != again {
		t.Error("the run of another action changes the digest of a repetition")
	}
	if _, said, err := w.invoked(t, next, engine.InvokeOptions{}); err != nil {
		t.Fatal(said)
	}
	if got := digestOf(t, w.asks(t, next, engine.InvokeOptions{Again: true})); got == again {
		t.Error("a second repetition has the digest of the first")
	}
}

// A payment that is made already is neither approved nor counted once more.
func TestAPaymentThatIsMade(t *testing.T) {
	w := payer(t, nil)
	two := func(reference string) string {
		return paying + strings.NewReplacer(`"100.00"`, `["60.00", "40.00"][count.index]`, "  config {", "  count = 2\n  config {\n    reference = "+reference+"[count.index]").Replace(rent)
	}
	one := rentAddr.Instance(addr.Int(0))
	if _, said, err := w.invoked(t, two(`["a", "b"]`), engine.InvokeOptions{Addr: one}); err != nil {
		t.Fatal(said)
	}
	is := digestOf(t, w.asks(t, two(`["a", "b"]`), engine.InvokeOptions{}))
	if got := digestOf(t, w.asks(t, two(`["z", "b"]`), engine.InvokeOptions{})); got != is {
		t.Error("the digest covers the payment that is made")
	}
	if got := digestOf(t, w.asks(t, two(`["a", "z"]`), engine.InvokeOptions{})); got == is {
		t.Error("the digest does not cover the payment that is to be made")
	}
	limit := "kiraform {\n  max_payout = \"50.00\"\n}\n"
	if err := w.asks(t, limit+two(`["a", "b"]`), engine.InvokeOptions{Addr: one}).Within(); err != nil {
		t.Errorf("%v, though nothing is to be paid\n%s", err, w.said())
	}
	if err := w.asks(t, limit+two(`["a", "b"]`), engine.InvokeOptions{}).Within(); err == nil {
		t.Error("what was paid today does not count")
	}
}

// Nobody can approve by a digest whose key no later run has.
func TestTheDigestOfAPaymentWithANewKey(t *testing.T) {
	w := payer(t, nil)
	src := simulated + strings.NewReplacer("kira_virtual_account.usd.id", `"`+w.sim.VirtualAccounts()[0]["id"].(string)+`"`,
		"kira_recipient.landlord.id", `"`+w.sim.Recipients()[0]["id"].(string)+`"`).Replace(rent)
	w.forget(t)
	if digest, why := w.asks(t, src, engine.InvokeOptions{}).Digest(); digest != "" || why == "" {
		t.Errorf("its digest is %q, %q", digest, why)
	}
}
