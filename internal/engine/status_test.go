package engine_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/plan"
)

// status returns where one resource of src stands.
func (w *world) status(t *testing.T, src, a string) engine.Status {
	t.Helper()
	p, err := engine.Open(w.options(src))
	if err != nil {
		t.Fatalf("open: %v\n%s", err, w.said())
	}
	all, err := p.Status(t.Context(), engine.PlanOptions{Full: true}, []addr.Resource{address(t, a)})
	if err != nil {
		t.Fatalf("%v\n%s", err, w.said())
	}
	if len(all.Resources) != 1 {
		t.Fatalf("%d resources are at %s", len(all.Resources), a)
	}
	return all.Resources[0]
}

// account is one of a user, with more needs.
func accountFor(user, more string) string {
	return "\nresource \"kira_virtual_account\" \"usd\" {\n  user_id  = " + user + "\n  type     = \"US_BANK\"\n  provider = \"act\"\n  mode     = \"fiat\"\n" + more + "}\n"
}

// An object that is not made yet waits since Kira last changed the one user that holds it
// up, and nothing else is named as a reason.
func TestWhatAnAccountWaitsFor(t *testing.T) {
	w := newWorld(t)
	base := simulated + maria
	w.run(t, base, engine.PlanOptions{}, true)
	w.sim.VerifyAfter = 0
	base += late
	w.run(t, base, engine.PlanOptions{}, true)
	if err := w.sim.SetUserStatus(w.userID(t, "leo@example.com"), "REJECTED"); err != nil {
		t.Fatal(err)
	}
	const eva, leo = `kira_user.late["eva"]`, `kira_user.late["leo"]`
	for name, tt := range map[string]struct {
		src   string
		since bool
		waits string
		then  string // that the advice says, or does not if it begins with "no "
	}{
		"a user who is not verified":          {accountFor(eva+".id", ""), true, eva + " is CREATED", "Once that is so: kiraform apply"},
		"one who was rejected":                {accountFor(leo+".id", ""), true, leo, "has ended: see " + leo},
		"an apply":                            {accountFor("kira_user.maria.id", ""), false, "an apply", "Make it: kiraform apply"},
		"an apply, beside one who was":        {accountFor("kira_user.maria.id", "  depends_on = ["+leo+"]\n"), false, "an apply", "no has ended"},
		"one of two users":                    {accountFor("["+eva+".id, kira_user.maria.id][0]", ""), false, eva, "Once that is so"},
		"a user, beside one who is looked up": {accountFor(eva+".id", "  depends_on = [data.kira_user.other]\n") + "data \"kira_user\" \"other\" {\n  id = kira_user.maria.id\n}\n", true, eva, "Once that is so"},
	} {
		t.Run(name, func(t *testing.T) {
			st := w.status(t, base+tt.src, "kira_virtual_account.usd")
			if (st.Since != nil) != tt.since || st.Standing != engine.Waits || !strings.Contains(st.Waits, tt.waits) {
				t.Errorf("it stands so: %+v", st)
			}
			if not, is := strings.CutPrefix(tt.then, "no "); strings.Contains(st.Then, not) == is {
				t.Errorf("the advice is %q", st.Then)
			}
		})
	}
}

// The advice for a user who waits for a person is about the Kira that is asked, and
// nothing of a plan is said that nobody asked for.
func TestStatusSaysNothingElse(t *testing.T) {
	w := newWorld(t)
	w.sim.VerifyAfter = 0
	src := simulated + late
	w.run(t, src, engine.PlanOptions{}, true)
	if err := w.sim.SetUserStatus(w.userID(t, "eva@example.com"), "REVIEW"); err != nil {
		t.Fatal(err)
	}
	src += strings.NewReplacer(`"late"`, `"again"`, `"eva", "ida", "leo"`, `"ida"`).Replace(late) // a second one like ida
	st := w.status(t, src, `kira_user.late["eva"]`)
	if st.Since == nil || st.Then == "" || strings.Contains(st.Then, "embedded simulator") {
		t.Errorf("it stands so: %+v", st)
	}
	if got := w.diagnostics("warning"); len(got) > 0 {
		t.Errorf("it warns of %q", got)
	}
	if got := w.ready(t, src, true); w.said() != "" {
		t.Errorf("readiness says %s\n%s", w.said(), got)
	}
	w.run(t, src, engine.PlanOptions{}, false)
	if got := w.diagnostics("warning"); len(got) == 0 {
		t.Error("a plan warns of nothing, so that this test says nothing")
	}
}

// Readiness is of users who are written. Whoever fills in a form at Kira is not judged, and
// a user who is replaced is judged as written.
func TestWhoIsJudged(t *testing.T) {
	w := newWorld(t)
	other := strings.NewReplacer(`"maria"`, `"eva"`, "Maria", "Eva", "maria@", "eva@", "G12345678", "G12345679", "+525512345678", "+525512345679").Replace(maria)
	w.run(t, simulated+maria+other, engine.PlanOptions{}, true)
	if got := w.ready(t, simulated+maria, true); strings.Contains(got, "kira_user.eva") || !strings.Contains(got, "kira_user.maria") {
		t.Errorf("judged are\n%s", got)
	}
	form := `
resource "kira_user" "form" {
  type              = "individual"
  verification_mode = "verification_link"
  first_name        = "Ida"
  last_name         = "Ruiz"
  email             = "ida@example.com"
}
`
	p, err := engine.Open(w.options(simulated + form))
	if err != nil {
		t.Fatalf("%v\n%s", err, w.said())
	}
	all, _, err := p.Readiness(t.Context(), false, nil)
	if err != nil || len(all) != 1 || !all[0].Hosted || len(all[0].Products) > 0 {
		t.Errorf("it says %+v, %v\n%s", all, err, w.said())
	}
}

// A user is judged as written where the object that lives is to be replaced: now, once the
// replacement need not wait any more, and also without leave, which apply asks for.
func TestWhoIsReplacedIsJudgedAsWritten(t *testing.T) {
	other := strings.NewReplacer(`"maria"`, `"eva"`, "Maria", "Eva", "maria@", "eva@", "G12345678", "G12345679", "+525512345678", "+525512345679").Replace(maria)
	named := func(id string) string {
		return simulated + maria + mariasAccount + withMore(other, "external_id = \""+id+"\"")
	}
	w := newWorld(t)
	w.sim.VerifyAfter = 0 // nobody verifies them, so that the account waits
	w.run(t, named("one"), engine.PlanOptions{}, true)
	judged := func(src string) string {
		t.Helper()
		var out []string
		for line := range strings.Lines(w.ready(t, src, true)) {
			if strings.HasPrefix(line, "kira_user.eva ") {
				out = append(out, strings.Fields(line)[1])
			}
		}
		return strings.Join(out, " ")
	}
	if got := judged(named("one")); got != "CREATED CREATED" && got != "REVIEW REVIEW" {
		t.Fatalf("who stays is judged as %q\n%s", got, w.said())
	}
	const written = "usa-virtual-accounts-act usa-virtual-accounts"
	if got := judged(named("two")); got != written {
		t.Errorf("without leave to replace: %q\n%s", got, w.said())
	}
	waits := strings.Replace(named("two"), "external_id", "depends_on = [kira_virtual_account.usd]\n  external_id", 1)
	eva := addr.Resource{Kind: "kira_user", Name: "eva"}
	w.run(t, waits, engine.PlanOptions{Replace: []addr.Resource{eva}}, true)
	if _, kept := w.saved(t).Consented(eva); !kept {
		t.Fatal("the replacement does not wait, so that this test says nothing")
	}
	if got := judged(waits); got != written {
		t.Errorf("while the replacement waits: %q\n%s", got, w.said())
	}
}

// Only an object itself shows the fields that it lacks: each user is looked at.
func TestReadinessLooksAtEachUser(t *testing.T) {
	w := newWorld(t)
	src := household(0, "ana", "eva", "ida", "leo", "rosa")
	w.run(t, src, engine.PlanOptions{}, true)
	path := "/v1/users/" + w.userID(t, "rosa@example.com")
	before := w.posted("GET", path)
	w.ready(t, src, true)
	if n := w.posted("GET", path) - before; n != 1 {
		t.Errorf("a user was looked at %d times", n)
	}
}

// An object that cannot be read is no failure of a run that lets go of it.
func TestAnUnreadObjectThatIsForgotten(t *testing.T) {
	w := newWorld(t)
	src := household(0, "ana", "eva")
	w.run(t, src, engine.PlanOptions{}, true)
	id := w.userID(t, "eva@example.com")
	w.answer(t, func(r *http.Request) (int, string) {
		if r.Method == "GET" && strings.HasSuffix(r.URL.Path, "/v1/users/"+id) {
			return 404, "404 page not found: /v1/users/" + id
		}
		return 0, ""
	})
	r := w.try(t, household(0, "ana"), engine.PlanOptions{Full: true})
	if r.err != nil || !r.sum.OK() || !slices.Equal(r.did(), []string{"forget kira_user.eva"}) || len(r.pl.Unread()) > 0 {
		t.Errorf("did %q, %v, %v\n%s", r.did(), r.sum, r.err, w.said())
	}
	if warned, failed := w.diagnostics("warning"), w.diagnostics("error"); !slices.Contains(warned, "cannot-read") || len(failed) > 0 {
		t.Errorf("it warns of %q, and fails for %q", warned, failed)
	}
}

// An account of a user who cannot be read is put off for that, and waits for nothing
// else.
func TestAnAccountOfAnUnreadUser(t *testing.T) {
	w := newWorld(t)
	w.sim.VerifyAfter = 0
	w.run(t, simulated+maria, engine.PlanOptions{}, true)
	unread := false
	w.answer(t, func(r *http.Request) (int, string) {
		if unread && r.Method == "GET" && strings.Contains(r.URL.Path, "/v1/users/") {
			return 404, "404 page not found"
		}
		return 0, ""
	})
	for _, unread = range []bool{false, true} {
		pl := w.run(t, simulated+maria+accountFor("kira_user.maria.id", ""), engine.PlanOptions{Full: true, Wait: true}, false)
		i := slices.IndexFunc(pl.Changes, func(c plan.Change) bool { return c.Addr.Kind == "kira_virtual_account" })
		if c := pl.Changes[i]; (c.Action == plan.Defer) != unread || (c.Waits == "") != unread {
			t.Errorf("unread %t: the account comes to %s, and waits %q", unread, c.Action, c.Waits)
		}
	}
}
