package engine_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/apply"
	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/kira"
	"kiraform/internal/norace"
	"kiraform/plan"
	"kiraform/state"
)

// household is users by name, each with so many payees, nine at most, who are
// named after their user and have an account each.
func household(payees int, names ...string) string {
	var src strings.Builder
	src.WriteString("provider \"kira\" { environment = \"simulator\" }\n")
	for _, name := range names {
		fmt.Fprintf(&src, `
resource "kira_user" %q {
  type            = "individual"
  first_name      = "Maria"
  last_name       = "Gonzalez"
  email           = "%s@example.com"
  source_of_funds = "salary"
  birth_date      = "1990-05-15"
  nationality     = "MEX"
  additional_info = { has_us_bank_account = "no", has_denied_bank_account = "no" }
}
`, name, name)
		if payees > 0 {
			fmt.Fprintf(&src, `
resource "kira_recipient" %q {
  count      = %d
  user_id    = kira_user.%s.id
  first_name = "Pedro"
  last_name  = "Lopez"
  account    = { account_type = "SPEI", clabe = %s }
}
`, name, payees, name, clabes(0, 9))
		}
	}
	return src.String()
}

// tried is a run that may fail.
type tried struct {
	pl  *engine.Proposal
	sum apply.Summary
	err error
}

// try plans src and applies the plan, however that ends.
func (w *world) try(t *testing.T, src string, o engine.PlanOptions) (r tried) {
	t.Helper()
	p, err := engine.Open(w.options(src))
	if err != nil {
		t.Fatalf("open: %v\n%s", err, w.said())
	}
	if r.pl, r.err = p.Plan(context.Background(), o); r.err == nil {
		r.sum, r.err = p.Apply(context.Background(), r.pl, engine.ApplyOptions{})
	}
	return r
}

// did lists the changes of a plan, without resources that stay as they are.
func (r tried) did() (out []string) {
	for i := range r.pl.Changes {
		if c := &r.pl.Changes[i]; c.Action != plan.NoOp {
			out = append(out, string(c.Action)+" "+c.Addr.String())
		}
	}
	return out
}

// diagnostics returns the codes of those of the last run.
func (w *world) diagnostics(severity string) (out []string) {
	for _, e := range w.events {
		if d, ok := e.(event.Diagnostic); ok && d.Severity == severity {
			out = append(out, d.Code)
		}
	}
	return out
}

func address(t *testing.T, s string) addr.Resource {
	t.Helper()
	a, err := addr.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// fast has every request sent once.
func (w *world) fast() { w.client = func(c *kira.Client) { c.MaxTries = 1 } }

func (w *world) saved(t *testing.T) *state.State {
	t.Helper()
	st, err := w.store().Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// ledger returns the objects that were left behind, as "why address", sorted.
func (w *world) ledger(t *testing.T) (out []string) {
	t.Helper()
	for _, l := range w.saved(t).Orphans() {
		out = append(out, l.Why+" "+l.Addr.String())
	}
	slices.Sort(out)
	return out
}

func (w *world) vanish(t *testing.T, id string) {
	t.Helper()
	if err := w.sim.Lose(id); err != nil {
		t.Fatal(err)
	}
}

// answer puts other answers in the place of some of the simulator's: those for
// which how returns a status that is not 0.
func (w *world) answer(t *testing.T, how func(r *http.Request) (status int, body string)) {
	w.through(t, func(sim http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if status, body := how(r); status != 0 {
				rw.WriteHeader(status)
				io.WriteString(rw, body)
				return
			}
			sim.ServeHTTP(rw, r)
		})
	})
}

// Each line is a way in which an object seems to be gone, and the consequence.
func TestGoneTakesTwoWitnesses(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	const own = `{"code":"not_found","message":"User with ID ID not found"}`
	for _, tt := range []struct {
		name, says string
		body       string // answers GET /v1/users/ID
		list       string // answers the list of users; "" leaves it as it is
		lost       bool   // Kira has the user no more
		gone       bool
	}{
		{name: "the object's own 404, and a complete list without it", says: "it is made again, and the ledger has the old id", body: own, lost: true, gone: true},
		{name: "its own 404, and a list that has it", says: "it cannot be read, and nothing is made", body: own},
		{name: "its own 404, and a list that is not complete", says: "it cannot be read, and nothing is made", body: own, lost: true,
			list: `{"data":[],"pagination":{"total":2,"has_more":false}}`},
		{name: "its own 404, and a list that answers 404 itself", says: "it cannot be read, and nothing is made", body: own, lost: true, list: "404"},
		{name: "a gateway's 404 that repeats the address", says: "it cannot be read, and nothing is made", body: "404 page not found: /v1/users/ID"},
		{name: "a gateway's 404 in JSON", says: "it cannot be read, and nothing is made", body: `{"message":"no Route matched with those values /v1/users/ID"}`},
		{name: "a framework's 404, in a shape that Kira has", says: "it cannot be read, and nothing is made",
			body: `{"statusCode":404,"message":"Cannot GET /v1/users/ID","error":"Not Found"}`},
		{name: "a 404 with a page", says: "it cannot be read, and nothing is made", body: "<html><body>ID not found</body></html>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			src := household(0, "ana", "eva", "luis")
			w.run(t, src, engine.PlanOptions{}, true)
			id := w.userID(t, "ana@example.com")
			if tt.lost {
				w.vanish(t, id)
			}
			users := len(w.sim.Users())
			w.answer(t, func(r *http.Request) (int, string) {
				switch {
				case r.Method != "GET":
				case strings.HasSuffix(r.URL.Path, "/v1/users/"+id):
					return 404, strings.ReplaceAll(tt.body, "ID", id)
				case tt.list == "404" && strings.HasSuffix(r.URL.Path, "/v1/users"):
					return 404, "404 page not found: /v1/users"
				case tt.list != "" && strings.HasSuffix(r.URL.Path, "/v1/users"):
					return 200, tt.list
				}
				return 0, ""
			})
			r := w.try(t, strings.ReplaceAll(src, `"Gonzalez"`, `"Lopez"`), engine.PlanOptions{Full: true})
			switch {
			case tt.gone:
				if want := []string{"create kira_user.ana", "update kira_user.eva", "update kira_user.luis"}; !slices.Equal(r.did(), want) || r.err != nil {
					t.Errorf("did %q, %v; want %q\n%s", r.did(), r.err, want, w.said())
				}
				if got := w.ledger(t); !slices.Equal(got, []string{"gone kira_user.ana"}) {
					t.Errorf("the ledger has %q", got)
				}
			default:
				if want := []string{"defer kira_user.ana", "update kira_user.eva", "update kira_user.luis"}; !slices.Equal(r.did(), want) || r.err != nil {
					t.Errorf("did %q, %v; want %q\n%s", r.did(), r.err, want, w.said())
				}
				if got := r.pl.Unread(); !slices.Equal(got, []string{"kira_user.ana"}) || r.sum.Done[plan.Update] != 2 {
					t.Errorf("could not read %q, and did %v; want ana not read, and the others changed", got, r.sum.Done)
				}
				if got := w.diagnostics("error"); !slices.Equal(got, []string{"cannot-read"}) {
					t.Errorf("the errors are %q; want one that ana cannot be read", got)
				}
				if len(w.sim.Users()) != users || w.saved(t).Resources[address(t, "kira_user.ana")].ID != id || len(w.ledger(t)) > 0 {
					t.Errorf("a user was made, or ana is not in the state any more: %v", w.ledger(t))
				}
			}
			if !t.Failed() {
				t.Attr("gone", "| "+tt.name+" | "+tt.says+" |")
			}
		})
	}
}

// A user who is gone had payees, whom only the list of the user could show. That
// must not stop anybody else's plan, drift, refresh or destroy.
func TestAGoneUserWithPayees(t *testing.T) {
	for _, full := range []bool{false, true} {
		w := newWorld(t)
		src := household(2, "ana", "eva", "luis")
		o := engine.PlanOptions{Full: full}
		w.run(t, src, o, true)
		id := w.userID(t, "ana@example.com")
		w.vanish(t, id)

		n := len(w.sim.Requests())
		got, drifted := w.drift(t, src)
		if want := []string{"kira_recipient.ana[0] gone", "kira_recipient.ana[1] gone", "kira_user.ana gone"}; !drifted || !slices.Equal(got, want) {
			t.Errorf("drift says %q, want %q", got, want)
		}
		lists := 0
		for _, r := range w.sim.Requests()[n:] {
			if strings.HasPrefix(r.Path, "/v1/recipients") && strings.Contains(r.Query, id) {
				lists++
			}
		}
		if lists != 1 {
			t.Errorf("the payees of the user who is gone were listed %d times, want once", lists)
		}

		r := w.try(t, strings.ReplaceAll(src, `"Gonzalez"`, `"Lopez"`), o)
		want := []string{"create kira_recipient.ana[0]", "create kira_recipient.ana[1]", "create kira_user.ana", "update kira_user.eva", "update kira_user.luis"}
		if r.err != nil || !r.sum.OK() || !slices.Equal(r.did(), want) {
			t.Fatalf("did %q (%v, %v), want %q\n%s", r.did(), r.err, r.sum, want, w.said())
		}
		ledger := []string{"gone kira_recipient.ana[0]", "gone kira_recipient.ana[1]", "gone kira_user.ana"}
		if got := w.ledger(t); !slices.Equal(got, ledger) {
			t.Errorf("the ledger has %q, want %q", got, ledger)
		}

		w.vanish(t, w.userID(t, "ana@example.com"))
		o.Destroy = true
		if r := w.try(t, src, o); r.err != nil || !r.sum.OK() || len(w.saved(t).Resources) > 0 {
			t.Fatalf("destroy: %v, %v\n%s", r.err, r.sum, w.said())
		}
		forgotten := 0
		for _, line := range w.ledger(t) {
			if strings.HasPrefix(line, "forgotten") {
				forgotten++
			}
		}
		if forgotten != 6 || len(w.ledger(t)) != 12 {
			t.Errorf("the ledger has %q; want six that were gone and six that live on", w.ledger(t))
		}
	}
	if !t.Failed() {
		t.Attr("gone", "| a user who is gone, and whose list of payees answers 404 | the payees are gone with the user, and nobody else is held up |")
	}
}

// A payee whose list answers 404 is not gone because of that, if its user lives.
func TestPayeesOfAUserWhoLives(t *testing.T) {
	for _, managed := range []bool{true, false} {
		w := newWorld(t)
		src := household(2, "ana", "eva")
		w.run(t, src, engine.PlanOptions{}, true)
		id := w.userID(t, "ana@example.com")
		if !managed {
			st := w.saved(t)
			delete(st.Resources, address(t, "kira_user.ana"))
			if err := w.store().Save(t.Context(), st); err != nil {
				t.Fatal(err)
			}
			src = strings.ReplaceAll(src, "kira_user.ana.id", fmt.Sprintf("%q", id))
			src = strings.ReplaceAll(src, `resource "kira_user" "ana"`, `resource "kira_user" "new"`)
			src = strings.ReplaceAll(src, "ana@example.com", "new@example.com")
		}
		w.answer(t, func(r *http.Request) (int, string) {
			switch {
			case r.Method != "GET" || !strings.Contains(r.URL.Path, "/v1/recipients"):
			case r.URL.Query().Get("user_id") == id:
				return 404, `{"error":{"code":"USER_NOT_FOUND","message":"User not found","details":{"user_id":"` + id + `"}}}`
			case r.URL.Query().Get("user_id") == "":
				return 404, `{"error":{"code":"NOT_FOUND","message":"Recipient not found"}}`
			}
			return 0, ""
		})
		r := w.try(t, src, engine.PlanOptions{})
		if got := r.pl.Unread(); !slices.Equal(got, []string{"kira_recipient.ana[0]", "kira_recipient.ana[1]"}) || r.sum.Done[plan.Create] > 1 {
			t.Errorf("managed %t: could not read %q, did %v; want both payees unread, and none made\n%s", managed, got, r.did(), w.said())
		}
	}
	if !t.Failed() {
		t.Attr("gone", "| a list of payees that answers 404, though the user lives | they cannot be read, and nothing is made |")
	}
}

// A user who is not managed here, and is gone, takes the payees along.
func TestPayeesOfAUserWhoIsNotManaged(t *testing.T) {
	w := newWorld(t)
	src := household(2, "ana", "eva", "luis")
	w.run(t, src, engine.PlanOptions{}, true)
	id := w.userID(t, "ana@example.com")
	st := w.saved(t)
	delete(st.Resources, address(t, "kira_user.ana"))
	if err := w.store().Save(t.Context(), st); err != nil {
		t.Fatal(err)
	}
	w.vanish(t, id)
	if got, _ := w.drift(t, household(2, "eva", "luis")); !slices.Equal(got, []string{"kira_recipient.ana[0] gone", "kira_recipient.ana[1] gone"}) {
		t.Errorf("drift says %q, want that both payees are gone", got)
	}
	if !t.Failed() {
		t.Attr("gone", "| a list of payees that answers 404, of a user who is gone and is not managed here | the user is looked at too, and the payees are gone |")
	}
}

// Most of a state is gone at once where it meets another account, or a simulator
// that began anew.
func TestEverythingGone(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	names := []string{"ana", "eva", "luis", "rosa"}
	at := func(addrs ...string) (ok engine.GoneOK) {
		for _, a := range addrs {
			ok.Addrs = append(ok.Addrs, address(t, a))
		}
		return ok
	}
	for _, tt := range []struct {
		name   string
		payees int // of each; those of a user who is gone are not counted
		lost   []string
		have   []string
		ok     engine.GoneOK
		want   bool // it is an error
	}{
		{name: "one of one", payees: 2, have: names[:1], lost: names[:1]},
		{name: "two of two", payees: 2, have: names[:2], lost: names[:2], want: true},
		{name: "one of two", payees: 2, have: names[:2], lost: names[:1]},
		{name: "more than half, but not with the payees of the one who is not", payees: 2, have: names, lost: names[:3]},
		{name: "half of them", have: names, lost: names[:2]},
		{name: "more than half", have: names, lost: names[:3], want: true},
		{name: "as many as may be", have: names, lost: names[:3], ok: engine.GoneOK{N: 3}},
		{name: "fewer than may be", have: names, lost: names[:3], ok: engine.GoneOK{N: 9}},
		{name: "more than may be", have: names, lost: names[:3], ok: engine.GoneOK{N: 2}, want: true},
		{name: "those that may be", have: names, lost: names[:3], ok: at("kira_user.ana", "kira_user.eva", "kira_user.luis")},
		{name: "one that may not be", have: names, lost: names[:3], ok: at("kira_user.ana", "kira_user.eva"), want: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			src := household(tt.payees, tt.have...)
			w.run(t, src, engine.PlanOptions{}, true)
			for _, name := range tt.lost {
				w.vanish(t, w.userID(t, name+"@example.com"))
			}
			before := w.saved(t).Serial
			r := w.try(t, src, engine.PlanOptions{GoneOK: tt.ok})
			if failed := errors.Is(r.err, engine.ErrReported) && slices.Equal(w.diagnostics("error"), []string{"everything-gone"}); failed != tt.want || !tt.want && r.err != nil {
				t.Fatalf("got %v, want an error: %t\n%s", r.err, tt.want, w.said())
			}
			if belongs := "and belong to no other one that is gone (the state has 4 more),"; tt.payees > 0 && tt.want != strings.Contains(w.said(), belongs) {
				t.Errorf("it is not said which objects are counted:\n%s", w.said())
			}
			if tt.want {
				if w.saved(t).Serial != before || len(w.sim.Users()) != len(tt.have)-len(tt.lost) {
					t.Error("something was done all the same")
				}
				return
			}
			if len(w.sim.Users()) != len(tt.have) || len(w.ledger(t)) != (1+tt.payees)*len(tt.lost) {
				t.Errorf("%d users, and the ledger has %q", len(w.sim.Users()), w.ledger(t))
			}
			if pl := w.run(t, src, engine.PlanOptions{}, false); !pl.Empty() {
				t.Errorf("the next plan is not empty:\n%s", w.said())
			}
		})
	}
	if !t.Failed() {
		t.Attr("gone", "| two objects or more, and more than half of all, without counting objects that belong to another one which is gone | an error before anything is planned, until -gone-ok says that it may be |")
	}
}

// An object that is gone and not in the configuration any more is taken out of
// the state by an apply, and entered in the ledger.
func TestGoneAndNotWritten(t *testing.T) {
	w := newWorld(t)
	w.run(t, household(1, "ana", "eva", "luis"), engine.PlanOptions{}, true)
	w.vanish(t, w.userID(t, "ana@example.com"))
	r := w.try(t, household(1, "eva", "luis"), engine.PlanOptions{})
	if want := []string{"gone kira_recipient.ana[0]", "gone kira_user.ana"}; !slices.Equal(r.did(), want) || r.err != nil || !slices.Equal(w.ledger(t), want) {
		t.Errorf("did %q (%v), and the ledger has %q; want %q", r.did(), r.err, w.ledger(t), want)
	}
	if n := len(w.saved(t).Resources); n != 4 {
		t.Errorf("the state has %d resources, want four", n)
	}
	if !t.Failed() {
		t.Attr("gone", "| an object that is gone and not in the configuration any more | it is taken out of the state, and the ledger has its id |")
	}
}

// An object that a plan does not touch stays in the state, though it is gone.
func TestGoneAndNotSelected(t *testing.T) {
	w := newWorld(t)
	src := household(0, "ana", "eva", "luis")
	w.run(t, src, engine.PlanOptions{}, true)
	id := w.userID(t, "ana@example.com")
	w.vanish(t, id)
	o := engine.PlanOptions{Targets: []addr.Resource{address(t, "kira_user.eva")}}
	r := w.try(t, strings.ReplaceAll(src, `"Gonzalez"`, `"Lopez"`), o)
	if r.err != nil || r.sum.Done[plan.Update] != 1 || len(w.ledger(t)) > 0 || w.saved(t).Resources[address(t, "kira_user.ana")].ID != id {
		t.Errorf("%v, %v: the ledger has %q, and the state %v", r.err, r.sum, w.ledger(t), w.saved(t).Addrs())
	}
	if !t.Failed() {
		t.Attr("gone", "| an object that is gone and that -target leaves out | it stays in the state |")
	}
}

// A create that fails, or never comes to its turn, does not lose the id of the
// object that was gone.
func TestGoneAndNotMadeAgain(t *testing.T) {
	w := newWorld(t)
	src := household(1, "ana", "eva")
	w.run(t, src, engine.PlanOptions{}, true)
	w.vanish(t, w.userID(t, "ana@example.com"))
	w.answer(t, func(r *http.Request) (int, string) {
		if r.Method == "POST" && strings.HasSuffix(r.URL.Path, "/v1/users") {
			return 400, `{"code":"validation_error","message":"no"}`
		}
		return 0, ""
	})
	r := w.try(t, src, engine.PlanOptions{})
	if want := []string{"gone kira_recipient.ana[0]", "gone kira_user.ana"}; r.sum.Failed != 1 || !slices.Equal(w.ledger(t), want) {
		t.Errorf("%v, %v: the ledger has %q, want %q", r.err, r.sum, w.ledger(t), want)
	}
	if !t.Failed() {
		t.Attr("gone", "| an object that is gone, and cannot be made again | the ledger has the old id all the same |")
	}
}

// The ledger has the id before the request leaves that makes the object again:
// a run that dies then loses nothing.
func TestGoneIsWrittenDownFirst(t *testing.T) {
	w := newWorld(t)
	src := household(1, "ana", "eva")
	w.run(t, src, engine.PlanOptions{}, true)
	w.vanish(t, w.userID(t, "ana@example.com"))
	var at []string
	w.answer(t, func(r *http.Request) (int, string) {
		if r.Method == "POST" && strings.HasSuffix(r.URL.Path, "/v1/users") {
			at = w.ledger(t)
		}
		return 0, ""
	})
	w.run(t, src, engine.PlanOptions{}, true)
	if want := []string{"gone kira_recipient.ana[0]", "gone kira_user.ana"}; !slices.Equal(at, want) {
		t.Errorf("when the request came, the ledger had %q, want %q", at, want)
	}
}

// An object that Kira cannot show holds up itself and its dependants.
func TestUnreadHoldsUpItsOwn(t *testing.T) {
	w := newWorld(t)
	w.fast()
	src := household(1, "ana", "eva") + `output "names" { value = [kira_user.ana.last_name, kira_user.eva.last_name] }`
	w.run(t, src, engine.PlanOptions{}, true)
	id := w.userID(t, "ana@example.com")
	w.answer(t, func(r *http.Request) (int, string) {
		if r.Method == "GET" && strings.HasSuffix(r.URL.Path, "/v1/users/"+id) {
			return 400, `{"code":"bad_request","message":"this record is broken"}`
		}
		return 0, ""
	})
	src = strings.ReplaceAll(src, `"Gonzalez"`, `"Lopez"`)
	src = strings.ReplaceAll(src, `count      = 1`, `count      = 2`)
	r := w.try(t, src, engine.PlanOptions{Full: true})
	want := []string{"defer kira_recipient.ana[1]", "create kira_recipient.eva[1]", "defer kira_user.ana", "update kira_user.eva"}
	if r.err != nil || !slices.Equal(r.did(), want) || r.sum.Done[plan.Create] != 1 || r.sum.Done[plan.Update] != 1 || r.sum.Deferred != 2 {
		t.Errorf("did %q, %v, %v; want %q\n%s", r.did(), r.sum, r.err, want, w.said())
	}
	if got := w.saved(t).Resources[address(t, "kira_user.ana")]; got.ID != id {
		t.Errorf("the state has %v for ana", got)
	}
	for _, v := range []cty.Value{r.pl.Outputs[0].After.Value, w.saved(t).Outputs["names"].Value} {
		if got := v.AsValueSlice(); got[0].AsString() != "Gonzalez" || got[1].AsString() != "Lopez" {
			t.Errorf("the output is %#v; want what ana has at Kira, and eva has now", v)
		}
	}
	o := engine.PlanOptions{Full: true, Targets: []addr.Resource{address(t, "kira_user.eva")}}
	if r := w.try(t, src, o); len(r.pl.Unread()) > 0 || !slices.Equal(w.diagnostics("warning"), []string{"partial-plan", "partial-apply"}) {
		t.Errorf("without ana, the run says %s", w.said())
	}
	if r := w.try(t, src, engine.PlanOptions{Full: true, Destroy: true}); r.err != nil || !r.sum.OK() || len(r.pl.Unread()) > 0 || len(w.saved(t).Resources) > 0 {
		t.Errorf("destroy: %v, %v\n%s", r.sum, r.err, w.said())
	}
	if !t.Failed() {
		t.Attr("gone", "| an object that Kira cannot show | it and what needs it are put off, the rest is done, and the run exits with 1 |")
	}
}

// An object that is gone, or cannot be read, is the same object at another
// address.
func TestGoneAndUnreadMove(t *testing.T) {
	moved := `
moved {
  from = kira_user.ana
  to   = kira_user.anna
}
moved {
  from = kira_user.eva
  to   = kira_user.evita
}
`
	w := newWorld(t)
	w.fast()
	w.run(t, household(0, "ana", "eva", "luis"), engine.PlanOptions{}, true)
	w.vanish(t, w.userID(t, "ana@example.com"))
	id := w.userID(t, "eva@example.com")
	w.answer(t, func(r *http.Request) (int, string) {
		if r.Method == "GET" && strings.HasSuffix(r.URL.Path, "/v1/users/"+id) {
			return 400, `{"code":"bad_request","message":"this record is broken"}`
		}
		return 0, ""
	})
	src := strings.NewReplacer(`"ana"`, `"anna"`, `"eva"`, `"evita"`).Replace(household(0, "ana", "eva", "luis")) + moved
	p, err := engine.Open(w.options(src))
	if err != nil {
		t.Fatal(w.said())
	}
	d, err := p.Drift(context.Background(), engine.PlanOptions{Full: true})
	if err != nil || len(d.Resources) != 1 || !d.Resources[0].Gone || !slices.Equal(d.Unread, []string{"kira_user.eva"}) {
		t.Errorf("drift says %+v, %v", d, err)
	}
	r := w.try(t, src, engine.PlanOptions{Full: true})
	if want := []string{"create kira_user.anna", "defer kira_user.evita"}; r.err != nil || !slices.Equal(r.did(), want) || !slices.Equal(r.pl.Unread(), []string{"kira_user.evita"}) {
		t.Errorf("did %q, %v, could not read %q; want %q\n%s", r.did(), r.err, r.pl.Unread(), want, w.said())
	}
	if got := w.ledger(t); !slices.Equal(got, []string{"gone kira_user.anna"}) || w.saved(t).Resources[address(t, "kira_user.evita")].ID != id {
		t.Errorf("the ledger has %q, and the state %v", got, w.saved(t).Addrs())
	}
}

// An object that takes the address of one that is gone does not hide it.
func TestGoneAndTaken(t *testing.T) {
	w := newWorld(t)
	w.run(t, household(0, "ana", "eva", "luis"), engine.PlanOptions{}, true)
	gone, id := w.userID(t, "ana@example.com"), w.userID(t, "eva@example.com")
	w.vanish(t, gone)
	src := strings.ReplaceAll(household(0, "eva", "luis"), `"eva"`, `"ana"`) + `
moved {
  from = kira_user.eva
  to   = kira_user.ana
}
`
	if got, _ := w.drift(t, src); !slices.Equal(got, []string{"kira_user.ana gone"}) {
		t.Errorf("drift says %q, want that ana is gone", got)
	}
	r := w.try(t, src, engine.PlanOptions{})
	if r.err != nil || !r.sum.OK() || w.saved(t).Resources[address(t, "kira_user.ana")].ID != id {
		t.Fatalf("%v, %v: the state has %v\n%s", r.sum, r.err, w.saved(t).Resources, w.said())
	}
	left := w.saved(t).Left
	if len(left) != 1 || left[0].ID != gone || left[0].Why != "gone" {
		t.Errorf("the ledger has %v", left)
	}
}

// Nor does it if the change of that object is left out, so that the plan says nothing of
// the address.
func TestGoneAndTakenByOneThatIsLeftOut(t *testing.T) {
	w := newWorld(t)
	w.run(t, household(0, "ana", "eva", "luis"), engine.PlanOptions{}, true)
	gone, id := w.userID(t, "ana@example.com"), w.userID(t, "eva@example.com")
	w.vanish(t, gone)
	src := strings.NewReplacer(`"eva"`, `"ana"`, `has_us_bank_account = "no"`, `has_us_bank_account = "yes"`).Replace(household(0, "eva", "luis"))
	p, err := engine.Open(w.options(src))
	if err != nil {
		t.Fatalf("%v\n%s", err, w.said())
	}
	pl, err := p.Plan(t.Context(), engine.PlanOptions{})
	if err != nil {
		t.Fatalf("%v\n%s", err, w.said())
	}
	if err := pl.Without([]string{"kira_user.ana"}); err != nil {
		t.Fatal(err)
	}
	if sum, err := p.Apply(t.Context(), pl, engine.ApplyOptions{}); err != nil || !sum.OK() || sum.Done[plan.Update] != 1 {
		t.Fatalf("%+v, %v; want luis alone to be changed\n%s", sum, err, w.said())
	}
	if got := w.saved(t).Resources[address(t, "kira_user.ana")].ID; got != id {
		t.Errorf("the state has %q at kira_user.ana; want %q, which moved there", got, id)
	}
	if left := w.saved(t).Left; len(left) != 1 || left[0].ID != gone {
		t.Errorf("the ledger has %v", left)
	}
}

// Where it cannot be told whether an object exists already, it is not made.
func TestUnreadBeforeItIsMade(t *testing.T) {
	w := newWorld(t)
	w.fast()
	users := crowd(2, false, false)
	w.run(t, users, engine.PlanOptions{}, true)
	id := w.userID(t, "maria0@example.com")
	w.answer(t, func(r *http.Request) (int, string) {
		if r.Method == "GET" && r.URL.Query().Get("user_id") == id {
			return 400, `{"code":"bad_request","message":"this record is broken"}`
		}
		return 0, ""
	})
	r := w.try(t, crowd(2, true, false), engine.PlanOptions{})
	if want := []string{"defer kira_virtual_account.a[0]", "create kira_virtual_account.a[1]"}; r.err != nil || !slices.Equal(r.did(), want) || r.sum.Done[plan.Create] != 1 {
		t.Errorf("did %q, %v, %v; want %q\n%s", r.did(), r.sum, r.err, want, w.said())
	}
	if got := r.pl.Unread(); !slices.Equal(got, []string{"kira_virtual_account.a[0]"}) || len(w.sim.VirtualAccounts()) != 1 {
		t.Errorf("could not read %q, and %d accounts were made", got, len(w.sim.VirtualAccounts()))
	}
}

// A data source that cannot be read puts off its dependants.
func TestUnreadData(t *testing.T) {
	w := newWorld(t)
	w.fast()
	src := household(0, "ana", "eva") + `
data "kira_countries" "all" {}

resource "kira_user" "rosa" {
  type            = "individual"
  first_name      = "Rosa"
  last_name       = "Gonzalez"
  email           = "rosa@example.com"
  source_of_funds = "salary"
  birth_date      = "1990-05-15"
  nationality     = data.kira_countries.all.countries[0].alpha3
}
`
	w.answer(t, func(r *http.Request) (int, string) {
		if strings.HasSuffix(r.URL.Path, "/v1/countries") {
			return 400, `{"code":"bad_request","message":"no countries today"}`
		}
		return 0, ""
	})
	r := w.try(t, src, engine.PlanOptions{})
	want := []string{"create kira_user.ana", "create kira_user.eva", "defer kira_user.rosa", "defer data.kira_countries.all"}
	if r.err != nil || !slices.Equal(r.did(), want) || r.sum.Done[plan.Create] != 2 || !slices.Equal(r.pl.Unread(), []string{"data.kira_countries.all"}) {
		t.Errorf("did %q, %v, %v; want %q\n%s", r.did(), r.sum, r.err, want, w.said())
	}
}

// An account takes its liquidation addresses along, and one of them alone is
// gone if the list of the account is without it.
func TestGoneAccounts(t *testing.T) {
	w := newWorld(t)
	src := crowd(1, true, false) + fmt.Sprintf(liquidations, 2)
	w.run(t, src, engine.PlanOptions{}, true)
	if pl := w.run(t, src, engine.PlanOptions{}, false); !pl.Empty() {
		t.Fatalf("the plan is not empty:\n%s", w.said())
	}
	w.vanish(t, w.sim.VirtualAccounts()[0]["id"].(string))
	got, _ := w.drift(t, src)
	if want := []string{"kira_liquidation_address.l[0] gone", "kira_liquidation_address.l[1] gone", "kira_virtual_account.a[0] gone"}; !slices.Equal(got, want) {
		t.Errorf("drift says %q, want %q", got, want)
	}
	if r := w.try(t, src, engine.PlanOptions{}); r.err != nil || !r.sum.OK() || len(w.ledger(t)) != 3 {
		t.Fatalf("%v, %v: the ledger has %q\n%s", r.sum, r.err, w.ledger(t), w.said())
	}
	w.answer(t, func(r *http.Request) (int, string) {
		if r.Method == "GET" && strings.HasSuffix(r.URL.Path, "/liquidation-address") {
			return 200, "[]"
		}
		return 0, ""
	})
	got, _ = w.drift(t, src)
	if want := []string{"kira_liquidation_address.l[0] gone", "kira_liquidation_address.l[1] gone"}; !slices.Equal(got, want) {
		t.Errorf("drift says %q, want %q", got, want)
	}
}

// liquidations are so many liquidation addresses, two at most, of the account of
// [crowd].
const liquidations = `
resource "kira_liquidation_address" "l" {
  count              = %d
  virtual_account_id = kira_virtual_account.a[0].id
  network            = ["polygon", "solana"][count.index]
  token              = "USDC"
  recipient = {
    type       = "individual"
    first_name = "Pedro"
    last_name  = "Lopez"
    account    = { account_type = "ACH", account_number = "12345678${count.index}", routing_number = "021000021", type = "checking", bank_name = "Bank", bank_address = "1 Main St", doc_type = "passport", doc_number = "X1" }
  }
}
`

// Who asks, and whether Kira is there, is not about one object.
func TestErrorsThatEndALook(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		status int
		body   string
	}{{401, `{"message":"Unauthorized"}`}, {403, `{"message":"Forbidden"}`}, {503, "down"}, {200, "Blocked"}} {
		w := newWorld(t)
		w.fast()
		src := household(0, "ana", "eva")
		w.run(t, src, engine.PlanOptions{}, true)
		w.answer(t, func(r *http.Request) (int, string) {
			if r.Method == "GET" && strings.Contains(r.URL.Path, "/v1/users/") {
				return tt.status, tt.body
			}
			return 0, ""
		})
		if r := w.try(t, src, engine.PlanOptions{Full: true}); r.err == nil || r.pl != nil {
			t.Errorf("%d: there is a plan, %v", tt.status, r.did())
		}
	}
}
