package engine_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/simulator"
)

// Of everything that differs, drift is the part that Kira has otherwise than it was
// written: by Kira alone or by both. A review has that part only, each object once, and the
// values from how they are written to how they are.
func TestKindsOfDrift(t *testing.T) {
	w := newWorld(t)
	w.watch.Allows(simulator.NeedlessSignIn)
	names := []string{"ana", "both", "end", "gone", "leo", "same", "unread"}
	src := household(0, names...)
	w.run(t, src, engine.PlanOptions{}, true)
	w.put(t, w.userID(t, "ana@example.com"), `{"middle_name":"Luz","last_name":"Luz"}`)
	w.put(t, w.userID(t, "both@example.com"), `{"last_name":"Luz"}`)
	if err := w.sim.SetUserStatus(w.userID(t, "end@example.com"), "REJECTED"); err != nil {
		t.Fatal(err)
	}
	w.vanish(t, w.userID(t, "gone@example.com"))
	id := w.userID(t, "unread@example.com")
	w.answer(t, func(r *http.Request) (int, string) {
		if r.Method == "GET" && strings.HasSuffix(r.URL.Path, "/v1/users/"+id) {
			return 404, "404 page not found: /v1/users/" + id
		}
		return 0, ""
	})
	for _, name := range []string{"both", "leo", "unread"} {
		at := strings.Index(src, `"`+name+`"`)
		src = src[:at] + strings.Replace(src[at:], "Gonzalez", "Lopez", 1)
	}
	before := w.drifts(t, src)
	at := strings.Index(src, `"same"`)
	src = src[:at] + strings.Replace(src[at:], `"Gonzalez"`, "kira_user.new.id", 1) + `
resource "kira_user" "new" {
  type            = "individual"
  first_name      = "Eva"
  last_name       = "Luz"
  email           = "new@example.com"
  source_of_funds = "salary"
  birth_date      = "1990-05-15"
  nationality     = "MEX"
  additional_info = { has_us_bank_account = "no", has_denied_bank_account = "no" }
}
`
	p, err := engine.Open(w.options(src))
	if err != nil {
		t.Fatalf("%v\n%s", err, w.said())
	}
	d, err := p.Drift(t.Context(), engine.PlanOptions{Full: true})
	if err != nil {
		t.Fatalf("%v\n%s", err, w.said())
	}
	var got []string
	for _, r := range d.Resources {
		for _, a := range r.Attrs {
			got = append(got, r.Addr.Name+" "+a.Path+" "+string(a.Cause))
		}
		if r.Gone {
			got = append(got, r.Addr.Name+" gone")
		}
	}
	if want := []string{"ana last_name drifted", "both last_name both", "gone gone", "leo last_name configured"}; !slices.Equal(got, want) {
		t.Errorf("it differs in %q, want %q", got, want)
	}
	if d.Unseen != before.Unseen {
		t.Errorf("%d attributes of a user who is not there cannot be seen", d.Unseen-before.Unseen)
	}
	if d.Compared != 6 || !slices.Equal(d.Unread, []string{"kira_user.unread"}) || len(d.Ended) != 1 || !d.Drifted() {
		t.Errorf("%d were compared, %q were not read, and %v have ended", d.Compared, d.Unread, d.Ended)
	}

	r := p.DriftReview(d)
	got = nil
	for _, c := range r.Changes {
		var line strings.Builder
		line.WriteString(c.Action + " " + c.Name)
		for _, n := range c.Nodes {
			line.WriteString(" " + n.Name + " " + shown(n.Before) + " -> " + shown(n.After))
		}
		got = append(got, line.String())
	}
	if want := []string{"drift ana last_name Gonzalez -> Luz", "drift both last_name Lopez -> Luz", "gone gone"}; !slices.Equal(got, want) {
		t.Errorf("the review has %q, want %q", got, want)
	}
	if want := map[string]int{event.Drift: 2, event.Gone: 1, event.NoOp: 3}; !maps.Equal(r.End.Counts, want) {
		t.Errorf("the review counts %v, want %v", r.End.Counts, want)
	}
	if len(r.End.Ended) != 1 || r.End.Ended[0].Addr != "kira_user.end" {
		t.Errorf("the review has as ended %v", r.End.Ended)
	}
}

func (w *world) drifts(t *testing.T, src string) *engine.Drift {
	t.Helper()
	p, err := engine.Open(w.options(src))
	if err != nil {
		t.Fatalf("%v\n%s", err, w.said())
	}
	d, err := p.Drift(t.Context(), engine.PlanOptions{Full: true})
	if err != nil {
		t.Fatalf("%v\n%s", err, w.said())
	}
	return d
}

// A review of drift in which every object has moved counts none as unchanged.
func TestNothingIsUnchanged(t *testing.T) {
	w := newWorld(t)
	src := household(0, "ana")
	w.run(t, src, engine.PlanOptions{}, true)
	w.put(t, w.userID(t, "ana@example.com"), `{"last_name":"Luz"}`)
	p, err := engine.Open(w.options(src))
	if err != nil {
		t.Fatal(err)
	}
	d, err := p.Drift(t.Context(), engine.PlanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got := p.DriftReview(d).End.Counts; !maps.Equal(got, map[string]int{event.Drift: 1}) {
		t.Errorf("it counts %v", got)
	}
}

// A review of a plan hides both sides of an output that was secret, and has nothing where
// one is removed.
func TestOutputsOfAReview(t *testing.T) {
	w := newWorld(t)
	out := func(name, value, more string) string {
		return "output \"" + name + "\" {\n  value = \"" + value + "\"\n" + more + "}\n"
	}
	base := household(0, "ana")
	w.run(t, base+out("secret", "a", "  sensitive = true\n")+out("old", "x", "")+out("same", "y", ""), engine.PlanOptions{}, true)
	pl := w.run(t, base+out("secret", "b", "")+out("same", "y", "")+out("new", "z", ""), engine.PlanOptions{}, false)
	got := make(map[string]string)
	side := func(n *event.Node) string {
		if n == nil {
			return "nothing"
		}
		return shown(n.After)
	}
	for _, o := range pl.Review(0).Outputs {
		got[o.Name] = side(o.Before) + " -> " + side(o.After)
	}
	want := map[string]string{"secret": "(sensitive) -> (sensitive)", "old": "x -> nothing", "same": "y -> y", "new": "nothing -> z"}
	if !maps.Equal(got, want) {
		t.Errorf("the outputs are %q, want %q", got, want)
	}
}
