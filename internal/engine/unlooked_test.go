package engine_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"kiraform/internal/engine"
	"kiraform/internal/simulator"
	"kiraform/plan"
)

// changing is a crowd that is made, of which Kira's people have moved the first user
// since: a row of Kira's list shows that, and lacks its products.
func changing(t *testing.T, src string) *world {
	t.Helper()
	w := newWorld(t)
	w.watch.Allows(simulator.NeedlessSignIn) // each change at Kira signs in
	w.run(t, src, engine.PlanOptions{}, true)
	stands(t, w, "maria0@example.com", "REVIEW")
	return w
}

// A condition that rests on an attribute which rows lack is judged all the same, after
// a run too.
func TestAConditionIsJudgedByMoreThanARow(t *testing.T) {
	const never = `jsonencode(kira_user.u[0].eligible_products) == "null"`
	src := crowd(2, false, false)
	t.Run("of a variable", func(t *testing.T) {
		w := changing(t, src)
		r := w.try(t, src+"variable \"v\" {\n  default = 1\n  validation {\n    condition     = var.v == 1 && "+never+"\n    error_message = \"there are products\"\n  }\n}\n",
			engine.PlanOptions{})
		if r.err == nil || !strings.Contains(w.said(), "there are products") {
			t.Errorf("%v\n%s\nwant the validation to fail", r.err, w.said())
		}
	})
	t.Run("of a variable that is passed on", func(t *testing.T) {
		w := changing(t, src)
		o := w.options(src + "module \"m\" {\n  source = \"./m\"\n  products = kira_user.u[0].eligible_products\n}\n")
		o.FS.(fstest.MapFS)["m/m.kira.hcl"] = &fstest.MapFile{Data: []byte("variable \"products\" {\n  validation {\n    condition     = jsonencode(var.products) == \"null\"\n    error_message = \"there are products\"\n  }\n}\n")}
		p, err := engine.Open(o)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = p.Plan(t.Context(), engine.PlanOptions{}); err == nil || !strings.Contains(w.said(), "there are products") {
			t.Errorf("%v\n%s\nwant the validation to fail", err, w.said())
		}
	})
	t.Run("of a check", func(t *testing.T) {
		w := changing(t, src)
		w.run(t, src+"check \"c\" {\n  assert {\n    condition     = "+never+"\n    error_message = \"there are products\"\n  }\n}\n", engine.PlanOptions{}, false)
		if !strings.Contains(w.said(), "there are products") {
			t.Errorf("it says\n%s\nand not that the check fails", w.said())
		}
	})
}

// A condition of a variable is judged by the object, also in a run that looks only at
// the objects that its changes rest on.
func TestAConditionIsJudgedByWhatIsLookedAt(t *testing.T) {
	src := crowd(3, false, false) + "variable \"v\" {\n  default = 1\n  validation {\n    condition     = var.v == 1 && kira_user.u[0].status != \"REVIEW\"\n    error_message = \"somebody is in review\"\n  }\n}\n"
	w := changing(t, src)
	for name, o := range narrowly(t, "kira_user.u[1]") {
		if r := w.try(t, src, o); r.err == nil {
			t.Errorf("%s: no error\n%s\nwant the validation to fail", name, w.said())
		}
	}
}

// A review does not call a check passed if the objects that it judges were not looked at.
func TestACheckOfWhatWasNotLookedAtIsOpen(t *testing.T) {
	src := crowd(2, false, false) + "check \"c\" {\n  assert {\n    condition     = kira_user.u[0].status != \"REVIEW\"\n    error_message = \"somebody is in review\"\n  }\n}\n"
	w := changing(t, src)
	for _, tt := range []struct {
		o    engine.PlanOptions
		want string
	}{{engine.PlanOptions{Minimal: true}, "unknown"}, {engine.PlanOptions{}, "fail"}} {
		if got := w.run(t, src, tt.o, false).Review(0).Checks[0].Status; got != tt.want {
			t.Errorf("the check is %q, want %q", got, tt.want)
		}
	}
}

// Which instances there are is known where it rests on an attribute that rows lack.
func TestInstancesAreCountedByMoreThanARow(t *testing.T) {
	src := crowd(2, false, false) + `
resource "kira_user" "spare" {
  count           = jsonencode(kira_user.u[0].eligible_products) == "null" ? 1 : 0
  type            = "individual"
  first_name      = "Ana"
  last_name       = "Ruiz"
  email           = "ana@example.com"
  source_of_funds = "salary"
` + complete + `}
`
	w := changing(t, crowd(2, false, false))
	if changes, _ := w.planned(t, src, engine.PlanOptions{}); len(changes) > 0 {
		t.Errorf("planned was %q; want nothing, since it is known that there is no spare one", changes)
	}
}

// A policy sees the object and not a row of it, of whatever is let go or moves; where
// nobody looks, what a row lacks is not known.
func TestAPolicySeesMoreThanARow(t *testing.T) {
	const policy = `policy "complete" {
  condition     = change.before.eligible_products != null
  error_message = "its products are not known"
}
`
	was := crowd(2, false, false)
	for _, tt := range []struct {
		name, src string
		o         engine.PlanOptions
		denied    bool
	}{
		{name: "let go", src: strings.Replace(was, "count           = 2", "count           = 0", 1)},
		{name: "moved", src: strings.ReplaceAll(was, `"kira_user" "u"`, `"kira_user" "v"`)},
		{name: "destroyed", src: was, o: engine.PlanOptions{Destroy: true}},
		{name: "not looked at", src: strings.Replace(was, "count           = 2", "count           = 0", 1), o: engine.PlanOptions{NoRefresh: true}, denied: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := changing(t, was)
			w.run(t, was, engine.PlanOptions{}, true) // takes the row into the state
			o := w.options(tt.src)
			o.FS.(fstest.MapFS)["p.kirapolicy.hcl"] = &fstest.MapFile{Data: []byte(policy)}
			p, err := engine.Open(o)
			if err != nil {
				t.Fatal(err)
			}
			pl, err := p.Plan(t.Context(), tt.o)
			if err != nil {
				t.Fatal(err)
			}
			if pl.Denied() != tt.denied {
				t.Errorf("denied: %v, want %v\n%s", pl.Denied(), tt.denied, w.said())
			}
		})
	}
}

// An attribute that a row does not show, though it was seen before and rows have it, is
// looked at.
func TestARowThatLacksAnAttributeIsNotEnough(t *testing.T) {
	src := crowd(3, false, false) + "output \"middle\" { value = kira_user.u[*].middle_name }\n"
	w := newWorld(t)
	w.watch.Allows(simulator.NeedlessSignIn)
	w.run(t, src, engine.PlanOptions{}, true)
	w.put(t, w.userID(t, "maria1@example.com"), `{"middle_name": "Luisa"}`)
	w.run(t, src, engine.PlanOptions{}, true)
	w.through(t, func(sim http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			rec := httptest.NewRecorder()
			sim.ServeHTTP(rec, r)
			body := rec.Body.String()
			if strings.HasSuffix(r.URL.Path, "/users") {
				body = strings.ReplaceAll(body, `"middle_name":"Luisa"`, `"middle_name":null`)
			}
			rw.WriteHeader(rec.Code)
			io.WriteString(rw, body)
		})
	})
	pl := w.run(t, src, engine.PlanOptions{}, false)
	if len(pl.Outputs) > 0 || pl.Counts()[plan.Update] > 0 {
		t.Errorf("planned are %+v and the outputs %+v; want no change", pl.Counts(), pl.Outputs)
	}
}

// A value that Kira sets once an account can be used is that of the account, though the
// rows of lists do not have it: after a wait, and in a plan.
func TestAnAccountThatBecomesUsableIsMoreThanItsRow(t *testing.T) {
	src := crowd(3, true, false) + "output \"routing\" { value = jsonencode(kira_virtual_account.a[*].routing_number) }\n"
	for _, wait := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			w := virtual(t, nil)
			w.sim.ActivateAfter = time.Minute
			w.rewritten(func(body string) string {
				if strings.Contains(body, `"data":[`) {
					body = regexp.MustCompile(`"(routing_number|bank_name)":"[^"]*"`).ReplaceAllString(body, `"$1":null`)
				}
				return body
			})
			o := engine.ApplyOptions{}
			if wait {
				o.Wait = time.Hour
			}
			for range 2 { // without a wait, the second finds them usable
				if sum, said, err := w.applied(t, src, o); err != nil || !sum.OK() {
					t.Fatal(sum, err, said)
				}
				if time.Sleep(time.Hour); wait {
					break
				}
			}
			if kept := strings.Join(w.kept(t), " "); strings.Contains(kept, "null") || !strings.Contains(kept, "routing") {
				t.Errorf("with a wait: %t: the outputs are %s; want a number of each", wait, kept)
			}
		})
	}
}
