package engine_test

import (
	"context"
	"slices"
	"testing"

	"kiraform/internal/engine"
)

// A resource that is left out of a reviewed plan takes its dependants along,
// also where they were going to wait; the rest is carried out, and the next
// apply does the missing work.
func TestApplyWithoutWhatWasLeftOut(t *testing.T) {
	w := newWorld(t)
	src := crowd(2, true, true)
	p, err := engine.Open(w.options(src))
	if err != nil {
		t.Fatal(err)
	}
	pl, err := p.Plan(context.Background(), engine.PlanOptions{Wait: true})
	if err != nil {
		t.Fatalf("%v\n%s", err, w.said())
	}
	all := len(pl.Changes)
	if err := pl.Without([]string{"kira_user.u[0]"}); err != nil {
		t.Fatal(err)
	}
	sum, err := p.Apply(context.Background(), pl, engine.ApplyOptions{})
	if err != nil || !sum.OK() {
		t.Fatalf("apply: %+v, %v\n%s", sum, err, w.said())
	}
	done := make([]string, 0, all)
	for _, a := range pl.State.Addrs() {
		done = append(done, a.String())
	}
	want := []string{"kira_recipient.r[2]", "kira_recipient.r[3]", "kira_user.u[1]", "kira_virtual_account.a[1]"}
	if !slices.Equal(done, want) {
		t.Errorf("done are %v, want %v", done, want)
	}
	if rest := w.run(t, src, engine.PlanOptions{}, true); len(rest.State.Resources) != all {
		t.Errorf("%d resources are there after the next apply, want %d", len(rest.State.Resources), all)
	}
}

func TestWithoutAnAddressThatIsNone(t *testing.T) {
	w := newWorld(t)
	pl := w.run(t, crowd(1, false, false), engine.PlanOptions{}, false)
	if err := pl.Without([]string{"kira user"}); err == nil {
		t.Error("no error for what is no address")
	}
}

// The digest of a plan is worked out once, however many views and files show it, and
// once more when something is left out.
func TestTheDigestIsWorkedOutOnce(t *testing.T) {
	w := newWorld(t)
	w.run(t, crowd(1, false, false), engine.PlanOptions{}, true) // which makes the key
	pl := w.run(t, crowd(3, false, false), engine.PlanOptions{}, false)
	whole, why := pl.Digest()
	if whole == "" {
		t.Fatalf("there is no digest: %s", why)
	}
	if n := testing.AllocsPerRun(1, func() { pl.Digest() }); n > 0 {
		t.Errorf("%v allocations for a digest that was shown already", n)
	}
	if err := pl.Without([]string{"kira_user.u[2]"}); err != nil {
		t.Fatal(err)
	}
	if rest, _ := pl.Digest(); rest == whole {
		t.Errorf("%s is also the digest without kira_user.u[2]", rest)
	}
}
