package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/internal/simulator"
)

// Neither an adoption nor an import makes another person of a user whom Kira
// has looked at.
func TestNobodyIsAdoptedAsSomebodyElse(t *testing.T) {
	for name, more := range map[string]string{
		"by e-mail": "  adopt = \"email\"\n  type ",
		"by import": "  type ",
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.planFor(t, one("zed", "zed"), engine.PlanOptions{}, true)
			id := w.object(t, "kira_user.zed").ID
			w.planFor(t, "", engine.PlanOptions{}, true)
			src := strings.NewReplacer(`first_name = "ana"`, `first_name = "Ana"`, "ana@x", "zed@x", "1990-05-15", "1970-05-15").Replace(one("ana", "ana"))
			src = strings.Replace(src, "  type ", more, 1)
			if name == "by import" {
				src = strings.Replace(src, "zed@x", "ana@x", 1) + "import {\n  to = kira_user.ana\n  id = \"" + id + "\"\n}\n"
			}
			if _, codes := w.planFor(t, src, engine.PlanOptions{}, false); !slices.Equal(codes, []string{"error another-person"}) {
				t.Errorf("said %q\n%s", codes, w.said())
			}
		})
	}
}

// Somebody at Kira exchanged two e-mails: that is drift, and nobody moves.
func TestDriftMovesNobody(t *testing.T) {
	w := newWorld(t)
	w.watch.Allows(simulator.SecondObject, simulator.NeedlessSignIn)
	src := one("a", "ana") + one("b", "bob")
	w.planFor(t, src, engine.PlanOptions{}, true)
	a, b := w.object(t, "kira_user.a").ID, w.object(t, "kira_user.b").ID
	for _, x := range [][2]string{{a, "free@x.example"}, {b, "ana@x.example"}, {a, "bob@x.example"}} {
		w.put(t, x[0], `{"email":"`+x[1]+`"}`)
	}
	p, err := engine.Open(w.options(simulated + src))
	if err != nil {
		t.Fatal(err)
	}
	d, err := p.Drift(t.Context(), engine.PlanOptions{})
	if err != nil || len(d.Resources) != 2 || !d.Drifted() {
		t.Errorf("%+v, %v; want two that have changed at Kira", d, err)
	}
	happens, _ := w.planFor(t, src, engine.PlanOptions{}, false)
	if want := []string{"update kira_user.a", "update kira_user.b"}; !slices.Equal(happens, want) {
		t.Errorf("%q, want %q", happens, want)
	}

	// A rename after that is a rename all the same.
	happens, codes := w.planFor(t, one("c", "ana")+one("b", "bob"), engine.PlanOptions{}, false)
	if !slices.Contains(happens, "kira_user.a > kira_user.c") {
		t.Errorf("%q, %q\n%s", happens, codes, w.said())
	}
}

// An object that comes to an address has nothing to do with a request that was
// sent from there before.
func TestARequestIsNotOfWhoeverComesToItsAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := virtual(t, nil)
		w.watch.Allows(simulator.SecondObject, simulator.IdlePut)
		w.sim.SetFaults(simulator.Faults{Rules: []simulator.Fault{{Kind: simulator.DropAfter, Method: "POST", Path: "/v1/users", Skip: 1}}})
		if sum, said, _ := w.applied(t, simulated+people("u", "bob", "ana"), engine.ApplyOptions{}); sum.Failed != 1 {
			t.Fatalf("%+v\n%s", sum, said)
		}
		w.sim.SetFaults(simulator.Faults{})
		names := []string{"bob"}
		if w.object(t, "kira_user.u[0]").ID == "" {
			names = []string{"ana"} // whose answer came
		}
		src := people("u", names...)
		w.planFor(t, src, engine.PlanOptions{}, true)
		replace := engine.PlanOptions{Replace: []addr.Resource{{Kind: "kira_user", Name: "u"}}}
		w.planFor(t, src, replace, true)
		o := w.object(t, "kira_user.u[0]")
		if got := o.Seen.Shown().GetAttr("first_name").AsString(); got != names[0] {
			t.Errorf("kira_user.u[0] is %s, want %s", got, names[0])
		}
		if got := w.warned(t, simulated+src); len(got) != 1 {
			t.Errorf("warns of %q, want the request that nothing takes up", got)
		}
	})
}

// An object that may be the same payee under another name is kept until its new
// owner is made, also if that fails.
func TestAPayeeIsKeptUntilItsOwnerIsMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := virtual(t, nil)
		w.watch.Allows(simulator.SecondObject)
		src := func(user, payee string) string {
			return simulated + one(user, "ana") + strings.Replace(fmt.Sprintf(wallet, payee, ""), "kira_user.u", "kira_user."+user, 1)
		}
		w.complete(t, src("a", "r"))
		id := w.object(t, "kira_recipient.r").ID
		w.sim.SetFaults(simulator.Faults{Rules: []simulator.Fault{{Kind: simulator.ErrorBefore, Method: "POST", Path: "/v1/users"}}})
		p, err := engine.Open(w.options(src("b", "s")))
		if err != nil {
			t.Fatal(err)
		}
		pl, err := p.Plan(t.Context(), engine.PlanOptions{Replace: []addr.Resource{{Kind: "kira_user", Name: "b"}}})
		if err != nil {
			t.Fatalf("%v\n%s", err, w.said())
		}
		if _, err := p.Apply(t.Context(), pl, engine.ApplyOptions{}); err != nil {
			t.Fatal(err)
		}
		w.sim.SetFaults(simulator.Faults{})
		st := w.saved(t)
		if _, kept := st.Consented(mustParse("kira_user.b")); !kept {
			t.Error("leave to replace the user did not outlive the failure")
		}
		clear(st.Consents) // as state rm -consent
		if err := w.store().Save(t.Context(), st); err != nil {
			t.Fatal(err)
		}
		w.complete(t, src("b", "s"))
		if got := w.object(t, "kira_recipient.s").ID; got != id || len(w.sim.Recipients()) != 1 {
			t.Errorf("the payee is %s, of %d; want %s, and no other\n%s", got, len(w.sim.Recipients()), id, w.said())
		}
	})
}

// Where all objects that can be seen are gone, nobody knows any more of those
// that cannot be seen: they are sent once more.
func TestWhatCannotBeSeenIsSentAgainToANewWorld(t *testing.T) {
	w := newWorld(t)
	w.watch.Allows(simulator.SecondObject)
	src := one("u", "ana") + fmt.Sprintf(hook, "w", "x")
	w.planFor(t, src, engine.PlanOptions{}, true)
	if err := w.sim.Reset(); err != nil {
		t.Fatal(err)
	}
	happens, _ := w.planFor(t, src, engine.PlanOptions{}, true)
	if url, _, _ := w.sim.Webhook(); !slices.Contains(happens, "update kira_webhook.w") || url != "https://h.example/x" {
		t.Errorf("%q, and the webhook is %q\n%s", happens, url, w.said())
	}
	if again, _ := w.planFor(t, src, engine.PlanOptions{}, false); len(again) > 0 {
		t.Errorf("the next plan is %q", again)
	}
}
