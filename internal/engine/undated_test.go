package engine_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kiraform/internal/engine"
	"kiraform/internal/simulator"
)

// dated is a server between kiraform and Kira that has another clock, or none.
func dated(ahead time.Duration, none bool) func(http.RoundTripper) http.RoundTripper {
	return func(next http.RoundTripper) http.RoundTripper {
		return transport(func(r *http.Request) (*http.Response, error) {
			res, err := next.RoundTrip(r)
			if err == nil {
				res.Header.Set("Date", time.Now().Add(ahead).UTC().Format(http.TimeFormat))
				if none {
					res.Header.Del("Date")
				}
			}
			return res, err
		})
	}
}

// The answer to a create was lost, and of the answers before it nobody knows when
// Kira sent them: an object that equals the request is named, and another one is
// not made.
func TestARequestWithoutATime(t *testing.T) {
	for name, tt := range map[string]struct {
		marks bool
		label string // of the block that asks for it later on
	}{
		"a person":              {false, "a"},
		"a person, renamed":     {false, "b"},
		"a person, with a mark": {true, "a"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := virtual(t, dated(0, true))
				head := simulated
				if tt.marks {
					head = strings.Replace(simulated, "#provider", "ownership_marks = true", 1)
				}
				w.lose(t, head+one("a", "ana"))
				sum, said, err := w.applied(t, head+userBlock(tt.label, "  metadata = { team = \"b\" }", `"ana"`, `"ana@x.example"`), engine.ApplyOptions{})
				if err != nil || sum.OK() != tt.marks || len(w.sim.Users()) != 1 {
					t.Fatalf("%+v, %v, %d users; want one, and with its mark it is found\n%s", sum, err, len(w.sim.Users()), said)
				}
				id := w.sim.Users()[0]["id"].(string)
				if !tt.marks && (!strings.Contains(said, "kiraform import kira_user."+tt.label+" "+id) || !strings.Contains(said, "kiraform state rm -unanswered kira_user.a")) {
					t.Errorf("it does not say how to go on:\n%s", said)
				}
			})
		})
	}
}

// Where a clock was wrong, or the request is corrected to an e-mail that somebody
// has, a plan that makes another person beside one who is there says so.
func TestAnotherBesideOneWhoIsThere(t *testing.T) {
	for name, tt := range map[string]struct {
		ahead  time.Duration
		before string // who is there already
		then   string
		warns  bool
	}{
		"the clock was ahead":                    {48 * time.Hour, "", one("a", "ana"), false}, // the same key goes out
		"the clock was ahead, and it is changed": {48 * time.Hour, "", strings.Replace(one("a", "ana"), `"Person"`, `"Somebody"`, 1), true},
		"corrected to an e-mail that is taken":   {0, one("b", "bob"), strings.ReplaceAll(one("a", "ana"), "ana@", "bob@"), true},
		"corrected":                              {0, "", strings.ReplaceAll(one("a", "ana"), "ana@", "cid@"), false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := virtual(t, dated(tt.ahead, false))
				if tt.before != "" {
					if _, said, err := w.applied(t, simulated+tt.before, engine.ApplyOptions{}); err != nil {
						t.Fatal(said)
					}
					w.dir = t.TempDir()
					time.Sleep(time.Hour)
				}
				w.lose(t, simulated+one("a", "ana"))
				r := w.try(t, simulated+tt.then, engine.PlanOptions{})
				if r.err != nil || !r.sum.OK() {
					t.Fatalf("%+v, %v", r.sum, r.err)
				}
				warned := strings.Contains(w.said(), "There is such a user already")
				if warned != tt.warns {
					t.Errorf("it warns: %v, want %v\n%s", warned, tt.warns, w.said())
				}
				if tt.warns {
					w.watch.Provokes(simulator.SecondObject)
				}
			})
		})
	}
}
