package engine_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/simulator"
	"kiraform/plan"
)

// written returns the requests that could have changed something at Kira.
func (w *world) written() (out []string) {
	for _, r := range w.sim.Requests() {
		if r.Method != http.MethodGet && r.Path != "/auth" {
			out = append(out, r.Method+" "+r.Path)
		}
	}
	return out
}

func importBlock(to, id string) string {
	return fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", to, id)
}

// causes returns the causes that a plan shows for attributes, each once.
func (w *world) causes() (out []string) {
	var walk func(nodes []event.Node)
	walk = func(nodes []event.Node) {
		for _, n := range nodes {
			if n.Cause != "" && !slices.Contains(out, n.Cause) {
				out = append(out, n.Cause)
			}
			walk(n.Nodes)
		}
	}
	for _, e := range w.events {
		if p, ok := e.(event.Planned); ok {
			walk(p.Nodes)
		}
	}
	return out
}

func TestImportBlock(t *testing.T) {
	w := newWorld(t)
	w.watch.Provokes(simulator.IdlePut) // it sends once the attributes that Kira cannot show
	w.run(t, simulated+maria+mariasAccount, engine.PlanOptions{}, true)
	user, account := w.object(t, "kira_user.maria").ID, w.object(t, "kira_virtual_account.usd").ID
	w.forget(t)
	before := len(w.written())

	src := simulated + maria + mariasAccount + importBlock("kira_user.maria", user) + importBlock("kira_virtual_account.usd", account)
	pl := w.run(t, src, engine.PlanOptions{}, false)
	for _, a := range []string{"kira_user.maria", "kira_virtual_account.usd"} {
		if got := action(pl, a); got != plan.Adopt {
			t.Errorf("%s is planned as %s, want adopt", a, got)
		}
	}
	if got := w.causes(); !slices.Equal(got, []string{"cannot be read; will be sent once"}) {
		t.Errorf("the plan changes attributes because they %q", got)
	}
	if got := w.written()[before:]; len(got) > 0 {
		t.Errorf("planning an import sent %q", got)
	}
	w.run(t, src, engine.PlanOptions{}, true)
	if got := w.written()[before:]; len(got) != 1 || !strings.HasPrefix(got[0], "PUT /v1/users/") {
		t.Errorf("applying it sent %q, want what could not be read, once", got)
	}
	if pl := w.run(t, src, engine.PlanOptions{}, false); !pl.Empty() {
		t.Errorf("not empty afterwards:\n%s", w.said())
	}
}

func TestImportBlockMistakes(t *testing.T) {
	w := newWorld(t)
	w.run(t, simulated+maria+mariasAccount, engine.PlanOptions{}, true)
	user, account := w.object(t, "kira_user.maria").ID, w.object(t, "kira_virtual_account.usd").ID
	const nobody = "00000000-0000-4000-8000-000000000001"
	other := strings.NewReplacer(`"maria"`, `"other"`, "maria@", "other@").Replace(maria)
	many := strings.Replace(other, "type  ", "for_each = toset([\"a\"])\n  type  ", 1)
	for _, tt := range []struct{ name, src, want string }{
		{"to an address that has another object", maria + importBlock("kira_user.maria", nobody), "error import-address-taken"},
		{"of an object that has another address", maria + other + importBlock("kira_user.other", user), "error already-managed"},
		{"of what Kira does not have", maria + other + importBlock("kira_user.other", nobody), "error import-not-found"},
		{"of the id of another kind", maria + other + importBlock("kira_user.other", account), "error import-not-found"},
		{"to nothing", maria + importBlock("kira_user.none", user), "error import-without-block"},
		{"to an instance that does not exist", maria + many + importBlock(`kira_user.other["b"]`, nobody), "error import-not-found, error import-without-block"},
		{"without an index", maria + many + importBlock("kira_user.other", nobody), "error invalid-reference"},
		{"of a kind that cannot be read", maria + "resource \"kira_version_pin\" \"p\" {\n  target_version = \"2026-04-14\"\n}\n" + importBlock("kira_version_pin.p", "x"), "error cannot-import"},
		{"twice", maria + importBlock("kira_user.maria", user) + importBlock("kira_user.maria", user), "error duplicate-import, error duplicate-import"},
		{"what is imported already", maria + importBlock("kira_user.maria", user), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := strings.Join(w.diagnosed(t, simulated+tt.src), ", "); got != tt.want {
				t.Errorf("said %q, want %q\n%s", got, tt.want, w.said())
			}
		})
	}
}

func TestImport(t *testing.T) {
	w := newWorld(t)
	w.watch.Provokes(simulator.IdlePut) // it sends once the attributes that Kira cannot show
	w.run(t, simulated+maria+mariasAccount, engine.PlanOptions{}, true)
	user, account := w.object(t, "kira_user.maria").ID, w.object(t, "kira_virtual_account.usd").ID
	w.forget(t)
	before := len(w.written())
	src := simulated + maria + mariasAccount
	take := func(to, id string) error {
		t.Helper()
		p, err := engine.Open(w.options(src))
		if err != nil {
			t.Fatal(err)
		}
		a, err := addr.Parse(to)
		if err != nil {
			t.Fatal(err)
		}
		return p.Import(t.Context(), a, id, false)
	}
	for _, tt := range []struct{ to, id, want string }{
		{"kira_user.maria", user, ""},
		{"kira_virtual_account.usd", account, ""},
		{"kira_user.maria", user, "import-address-taken"},
		{"kira_user.none", user, "import-without-block"},
	} {
		err := take(tt.to, tt.id)
		if said := w.said(); (err == nil) != (tt.want == "") || !strings.Contains(said, tt.want) {
			t.Errorf("import %s %s: %v, said %q, want %q", tt.to, tt.id, err, said, tt.want)
		}
	}
	if got := w.written()[before:]; len(got) > 0 {
		t.Errorf("importing sent %q", got)
	}
	pl := w.run(t, src, engine.PlanOptions{}, true)
	if got := w.causes(); action(pl, "kira_user.maria") != plan.Update || !slices.Equal(got, []string{"cannot be read; will be sent once"}) {
		t.Errorf("planned to %s the user because attributes %q", action(pl, "kira_user.maria"), got)
	}
	if got := action(pl, "kira_virtual_account.usd"); got != plan.NoOp {
		t.Errorf("planned to %s the account, want nothing", got)
	}
	if pl := w.run(t, src, engine.PlanOptions{}, false); !pl.Empty() {
		t.Errorf("not empty afterwards:\n%s", w.said())
	}
}

// An import says which object an address is to have; one that moves there
// stands in its way, as one that was there before.
func TestImportWhereAnotherMoves(t *testing.T) {
	w := newWorld(t)
	other := strings.NewReplacer(`"maria"`, `"other"`, "maria@", "other@").Replace(maria)
	w.run(t, simulated+maria+other, engine.PlanOptions{}, true)
	id := w.object(t, "kira_user.other").ID
	w.run(t, simulated+maria, engine.PlanOptions{}, true) // forgets the other
	src := strings.Replace(maria, `"maria"`, `"mary"`, 1) + fmt.Sprintf(movedTo, "kira_user.maria", "kira_user.mary") + importBlock("kira_user.mary", id)
	if got := strings.Join(w.diagnosed(t, simulated+src), ", "); got != "error import-address-taken" {
		t.Errorf("said %q\n%s", got, w.said())
	}
}
