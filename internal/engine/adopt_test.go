package engine_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/simulator"
	"kiraform/plan"
	"kiraform/state"
)

const mariasAccount = `
resource "kira_virtual_account" "usd" {
  user_id  = kira_user.maria.id
  type     = "US_BANK"
  provider = "act"
  mode     = "fiat"
  #more
}
`

const simulated = "provider \"kira\" {\n  environment = \"simulator\"\n  #provider\n}\n"

// with puts more attributes into the first block that has room for them.
func with(block, more string) string { return strings.Replace(block, "#more", more, 1) }

// withMore puts more attributes into a block of a user.
func withMore(user, more string) string {
	return strings.Replace(user, "type               =", more+"\n  type               =", 1)
}

// forget takes the state, the journal and the key away.
func (w *world) forget(t failer) {
	t.Helper()
	dir, err := os.MkdirTemp(filepath.Dir(w.dir), "")
	if err != nil {
		t.Fatal(err)
	}
	w.dir = dir
}

// posted returns how many requests of that method and path arrived.
func (w *world) posted(method, path string) (n int) {
	for _, r := range w.sim.Requests() {
		if r.Method == method && r.Path == path {
			n++
		}
	}
	return n
}

func (w *world) object(t failer, a string) state.Object {
	t.Helper()
	st, err := w.store().Load(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	r, err := addr.Parse(a)
	if err != nil {
		t.Fatal(err)
	}
	return st.Resources[r]
}

func snapshot(t failer, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// Law 9: losing the state of an ACT account and applying again changes nothing
// at Kira for accounts.
func TestLawAdoption(t *testing.T) {
	law(t, func(rt *rapid.T) {
		w := fresh(t, rt)
		w.watch.Provokes(simulator.IdlePut) // it sends once the attributes that Kira cannot show
		user := strings.Replace(person(rt), "type =", "adopt = \"email\"\n  type =", 1)
		src := simulated + user + strings.Replace(mariasAccount, "maria", "person", 1)
		w.run(rt, src, engine.PlanOptions{}, true)
		before, posts := snapshot(rt, w.sim.VirtualAccounts()), w.posted("POST", "/v1/virtual-accounts")
		w.forget(rt)
		w.run(rt, src, engine.PlanOptions{}, true)
		if after := snapshot(rt, w.sim.VirtualAccounts()); after != before {
			rt.Fatalf("the accounts at Kira changed:\n%s\n%s", before, after)
		}
		if n := w.posted("POST", "/v1/virtual-accounts"); n != posts {
			rt.Fatalf("an account was asked for, though there was one")
		}
		if n := len(w.sim.Users()); n != 1 {
			rt.Fatalf("there are %d users, want one", n)
		}
		if pl := w.run(rt, src, engine.PlanOptions{}, false); !pl.Empty() {
			rt.Fatalf("not empty after the adoption:\n%s", w.said())
		}
	})
}

func TestAdopts(t *testing.T) {
	const account = "kira_virtual_account.usd"
	t.Run("an account that is visible is planned as adopted", func(t *testing.T) {
		w := newWorld(t)
		src := simulated + maria + mariasAccount
		w.run(t, src, engine.PlanOptions{}, true)
		id := w.object(t, account).ID
		w.run(t, simulated+maria, engine.PlanOptions{}, true) // forgets it
		pl := w.run(t, src, engine.PlanOptions{}, true)
		if got := action(pl, account); got != plan.Adopt {
			t.Errorf("planned %s, want adopt", got)
		}
		if o := w.object(t, account); o.ID != id || !o.Adopted {
			t.Errorf("the state has %s, adopted %t; want %s, adopted", o.ID, o.Adopted, id)
		}
		if n := w.posted("POST", "/v1/virtual-accounts"); n != 1 {
			t.Errorf("%d accounts were asked for, want 1", n)
		}
		if got := w.run(t, src, engine.PlanOptions{}, false); !got.Empty() {
			t.Errorf("not empty afterwards:\n%s", w.said())
		}
	})
	t.Run("one that was not looked for is adopted on Kira's refusal", func(t *testing.T) {
		w := newWorld(t)
		src := simulated + maria + mariasAccount
		w.run(t, src, engine.PlanOptions{}, true)
		id := w.object(t, account).ID
		w.run(t, simulated+maria, engine.PlanOptions{}, true)
		w.run(t, src, engine.PlanOptions{NoRefresh: true}, true)
		if o := w.object(t, account); o.ID != id || !o.Adopted {
			t.Errorf("the state has %s, adopted %t; want %s, adopted", o.ID, o.Adopted, id)
		}
	})
	t.Run("a user is found by its mark", func(t *testing.T) {
		w := newWorld(t)
		w.watch.Provokes(simulator.IdlePut) // it sends once the attributes that Kira cannot show
		src := strings.Replace(simulated, "#provider", "ownership_marks = true", 1) + maria + mariasAccount
		w.run(t, src, engine.PlanOptions{}, true)
		before := snapshot(t, w.sim.VirtualAccounts())
		marks, _ := w.sim.Users()[0]["metadata"].(map[string]any)
		if marks["kiraform_address"] != "kira_user.maria" || marks["kiraform_lineage"] == "" {
			t.Errorf("the user is marked as %v", marks)
		}
		if pl := w.run(t, src, engine.PlanOptions{}, false); !pl.Empty() {
			t.Errorf("not empty after the first apply:\n%s", w.said())
		}
		w.forget(t)
		if r := w.try(t, src, engine.PlanOptions{}); r.err == nil || !slices.Equal(w.diagnostics("error"), []string{"other-lineage"}) {
			t.Errorf("what another state marked is taken over: %v\n%s", r.err, w.said())
		}
		w.run(t, src, engine.PlanOptions{Force: true}, true)
		if len(w.sim.Users()) != 1 || snapshot(t, w.sim.VirtualAccounts()) != before {
			t.Errorf("there are %d users and these accounts: %v", len(w.sim.Users()), w.sim.VirtualAccounts())
		}
		if pl := w.run(t, src, engine.PlanOptions{}, false); !pl.Empty() {
			t.Errorf("not empty after the adoption:\n%s", w.said())
		}
	})
}

func action(pl *engine.Proposal, a string) plan.Action {
	for _, c := range pl.Changes {
		if c.Addr.String() == a {
			return c.Action
		}
	}
	return ""
}

// diagnosed plans src and returns the codes of the diagnostics.
func (w *world) diagnosed(t *testing.T, src string) (codes []string) {
	t.Helper()
	if p, err := engine.Open(w.options(src)); err == nil {
		_, _ = p.Plan(t.Context(), engine.PlanOptions{}) // the mistake is reported
	}
	for _, e := range w.events {
		if d, ok := e.(event.Diagnostic); ok {
			codes = append(codes, d.Severity+" "+d.Code)
		}
	}
	return codes
}

func TestRefusesToAdopt(t *testing.T) {
	second := strings.ReplaceAll(maria, `"maria"`, `"other"`)
	for _, tt := range []struct {
		name        string
		before      []string
		after, want string
	}{
		{"what the block forbids", []string{maria}, maria + with(mariasAccount, `on_conflict = "fail"`), "error exists-already"},
		{"what another address manages", []string{maria + mariasAccount},
			maria + mariasAccount + strings.Replace(mariasAccount, `"usd"`, `"again"`, 1), "error already-managed"},
		{"what differs in what cannot change", []string{maria},
			maria + strings.Replace(mariasAccount, `"fiat"`, "\"crypto\"\n  destination = {\n    currency = \"USDC\"\n    network = \"solana\"\n    address = \"4Nd1mBQtrMJVYVfKf2PJy9NZUZdTAsp7D4xWLs4gDB4T\"\n  }", 1),
			"warning act-in-crypto, error cannot-adopt"},
		{"a user without consent", []string{``}, maria, "warning same-email"},
		{"one of two users", []string{``, second, ``}, withMore(maria, `adopt = "email"`), "error ambiguous-adoption"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			if slices.Contains(tt.before, second) {
				w.watch.Provokes(simulator.SecondObject)
			}
			w.run(t, simulated+maria+mariasAccount, engine.PlanOptions{}, true)
			for _, src := range tt.before {
				w.run(t, simulated+src, engine.PlanOptions{}, true) // forgets the rest
			}
			got := w.diagnosed(t, simulated+tt.after)
			if strings.Join(got, ", ") != tt.want {
				t.Errorf("said %q, want %q\n%s", got, tt.want, w.said())
			}
		})
	}
}
