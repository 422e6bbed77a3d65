package engine_test

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/kira"
	"kiraform/internal/norace"
	"kiraform/internal/simulator"
)

// lostThen applies before, applies lost so that no answer to the requests of
// that method and path arrives, waits, and applies after. It returns the words
// of the last run.
func (w *world) lostThen(t *testing.T, method, path, before, lost, after string, wait time.Duration) (said string) {
	t.Helper()
	w.complete(t, before)
	w.sim.SetFaults(simulator.Faults{Rules: []simulator.Fault{{Kind: simulator.DropAfter, Method: method, Path: path}}})
	if sum, said, _ := w.applied(t, lost, engine.ApplyOptions{}); sum.Failed == 0 {
		t.Fatalf("no answer was lost\n%s", said)
	}
	w.sim.SetFaults(simulator.Faults{})
	time.Sleep(wait)
	sum, said, err := w.applied(t, after, engine.ApplyOptions{})
	if err != nil || !sum.OK() {
		t.Fatalf("%+v, %v\n%s", sum, err, said)
	}
	return said
}

// warned returns the addresses of open requests that a plan warns of.
func (w *world) warned(t *testing.T, src string) (addrs []string) {
	t.Helper()
	w.run(t, src, engine.PlanOptions{}, false)
	for _, e := range w.events {
		if d, ok := e.(event.Diagnostic); ok && d.Code == "unanswered" {
			addrs = append(addrs, d.Addr)
		}
	}
	return addrs
}

// After an answer was lost, people correct their configuration, as one does
// after an error, rename it, or take it back. The object of the lost request is
// found, or named until somebody has looked.
func TestLostThenChanged(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	users := func(w *world) (out []string) {
		for _, u := range w.sim.Users() {
			out = append(out, fmt.Sprint(u["first_name"], " ", u["email"]))
		}
		return out
	}
	payees := func(w *world) (out []string) {
		for _, r := range w.sim.Recipients() {
			out = append(out, fmt.Sprint(r["first_name"]))
		}
		return out
	}
	named := func(src, name string) string { return strings.Replace(src, "\"Pay\"", "\""+name+"\"", 1) }
	payee := one("u", "ana") + fmt.Sprintf(wallet, "r", "")
	hidden := one("u", "ana") + owned("v", "r", "", "kira_user.u.id")
	for name, tt := range map[string]struct {
		method, path        string
		before, lost, after string
		shows               func(*world) []string
		want, warned        []string
		left                int
	}{
		"the e-mail of a user is corrected: it is found, and brought to that": {
			"POST", "/v1/users", "", one("u", "ana"), strings.Replace(one("u", "ana"), "ana@x", "anna@x", 1), users, []string{"ana anna@x.example"}, nil, 0,
		},
		"a user is renamed: the same key goes out from the new address": {
			"POST", "/v1/users", "", one("u", "ana"), one("maria", "ana"), users, []string{"ana ana@x.example"}, nil, 0,
		},
		"a user is given for_each: the same key goes out from the new address": {
			"POST", "/v1/users", "", one("u", "ana"), keyed("u", map[string]string{"x": "ana"}), users, []string{"ana ana@x.example"}, nil, 0,
		},
		"a user is renamed and corrected: it is found by its natural key, and brought to that": {
			"POST", "/v1/users", "", one("u", "ana"), strings.Replace(one("maria", "ana"), "06600", "06601", 1), users, []string{"ana ana@x.example"}, nil, 0,
		},
		"the name of a payee is corrected: the first is found and goes to the ledger, and another is made": {
			"POST", "/v1/recipients", one("u", "ana"), named(payee, "Wrong"), named(payee, "Right"), payees, []string{"Wrong", "Right"}, nil, 1,
		},
		"a payee is taken out: every plan warns of the request, until somebody has looked": {
			"POST", "/v1/recipients", one("u", "ana"), payee, one("u", "ana"), payees, []string{"Pay"}, []string{"kira_recipient.r"}, 0,
		},
		"a payee that Kira cannot show is corrected: another is made, and every plan warns of the request": {
			"POST", "/v1/recipients", one("u", "ana"), named(hidden, "Wrong"), named(hidden, "Right"), payees, []string{"Wrong", "Right"}, []string{"kira_recipient.r"}, 0,
		},
		"a replacement is taken back: nothing is made, and every plan warns of the request": {
			"POST", "/v1/recipients", payee, named(payee, "Other"), payee, payees, []string{"Pay", "Other"}, []string{"kira_recipient.r"}, 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, wait := range []time.Duration{0, time.Hour, 26 * time.Hour} {
				synctest.Test(t, func(t *testing.T) {
					w := virtual(t, nil)
					w.watch.Allows(simulator.SecondObject, simulator.IdlePut)
					w.lostThen(t, tt.method, tt.path, simulated+tt.before, simulated+tt.lost, simulated+tt.after, wait)
					if got := tt.shows(w); !slices.Equal(got, tt.want) {
						t.Errorf("after %v Kira has %q, want %q\n%s", wait, got, tt.want, w.said())
					}
					if got := w.warned(t, simulated+tt.after); !slices.Equal(got, tt.warned) {
						t.Errorf("after %v it warns of %q, want %q", wait, got, tt.warned)
					}
					st, err := w.store().Load(t.Context())
					if err != nil || len(st.Left) != tt.left {
						t.Errorf("after %v the ledger has %v, want %d entries; %v", wait, st.Left, tt.left, err)
					}
				})
			}
			if !t.Failed() {
				t.Attr("fault", "no answer to a create, and then "+name)
			}
		})
	}
}

// An update that got no answer may have been carried out: the attributes that
// it carried are sent once more, also if the configuration says the same as
// before.
func TestLostUpdates(t *testing.T) {
	hooked := func(path string) string { return fmt.Sprintf(hook, "w", path) }
	for name, tt := range map[string]struct {
		method, path, before, lost string
		shows                      func(*world) any
		want                       any
	}{
		"an attribute that Kira cannot show: it is sent once more, though the configuration says what it said before": {
			"PUT", "/v1/users/*", one("u", "ana"), strings.Replace(one("u", "ana"), `"salary"`, `"savings"`, 1),
			func(w *world) any { return w.sim.Users()[0]["source_of_funds"] }, "salary",
		},
		"an attribute that Kira shows: it is sent once more, though the configuration says what it said before": {
			"PUT", "/v1/users/*", one("u", "ana"), strings.Replace(one("u", "ana"), `"Person"`, `"Other"`, 1),
			func(w *world) any { return w.sim.Users()[0]["last_name"] }, "Person",
		},
		"a registration: it is sent once more, though the configuration says what it said before": {
			"POST", "/webhooks/register", hooked("old"), hooked("new"),
			func(w *world) any { url, _, _ := w.sim.Webhook(); return url }, "https://h.example/old",
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := virtual(t, nil)
				w.lostThen(t, tt.method, tt.path, simulated+tt.before, simulated+tt.lost, simulated+tt.before, time.Minute)
				if got := tt.shows(w); got != tt.want {
					t.Errorf("Kira has %v, want %v\n%s", got, tt.want, w.said())
				}
				if got := w.warned(t, simulated+tt.before); len(got) > 0 {
					t.Errorf("it still warns of %q", got)
				}
				if pl := w.run(t, simulated+tt.before, engine.PlanOptions{}, false); !pl.Empty() {
					t.Errorf("there is something left to do\n%s", w.said())
				}
			})
			if !t.Failed() {
				t.Attr("fault", "no answer to an update of "+name)
			}
		})
	}
}

// A nested attribute that is sent once more, though nothing in it differs, says
// why.
func TestANestedAttributeIsSentOnceMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := virtual(t, nil)
		before := simulated + one("u", "ana")
		w.complete(t, before)
		w.sim.SetFaults(simulator.Faults{Rules: []simulator.Fault{{Kind: simulator.DropAfter, Method: "PUT"}}})
		lost := regexp.MustCompile(`has_us_bank_account( *)= "no"`).ReplaceAllString(before, `has_us_bank_account$1= "yes"`)
		if sum, said, _ := w.applied(t, lost, engine.ApplyOptions{}); sum.Failed != 1 {
			t.Fatalf("no answer was lost\n%s", said)
		}
		w.run(t, before, engine.PlanOptions{}, false)
		if said := w.said(); strings.Count(said, "will be sent once more") != 1 {
			t.Errorf("it is not said why it is sent\n%s", said)
		}
	})
}

// A key that was carried out can be refused later on: that says nothing of the
// object (observed 7).
func TestARefusalOfAKeyThatWasCarriedOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := virtual(t, nil)
		src := simulated + one("u", "ana")
		w.sim.SetFaults(simulator.Faults{Rules: []simulator.Fault{{Kind: simulator.DropAfter, Method: "POST", Path: "/v1/users"}}})
		if sum, said, _ := w.applied(t, src, engine.ApplyOptions{}); sum.Failed != 1 {
			t.Fatalf("no answer was lost\n%s", said)
		}
		w.sim.SetFaults(simulator.Faults{})
		time.Sleep(time.Hour)
		client, burnt := w.client, 0
		w.client = func(c *kira.Client) {
			client(c)
			next := c.HTTP.Transport
			c.HTTP = &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
				if r.Method == "POST" && r.URL.Path == "/sandbox/v1/users" && burnt == 0 {
					burnt++
					return &http.Response{StatusCode: 400, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
						Body: io.NopCloser(strings.NewReader(`{"code":"validation_error","message":"Failed to store idempotency key"}`))}, nil
				}
				return next.RoundTrip(r)
			})}
		}
		sum, said, err := w.applied(t, src, engine.ApplyOptions{})
		if err != nil || !sum.OK() || burnt != 1 || len(w.sim.Users()) != 1 {
			t.Fatalf("%+v, %v, %d users\n%s", sum, err, len(w.sim.Users()), said)
		}
		if got := w.warned(t, src); len(got) > 0 {
			t.Errorf("it still warns of %q", got)
		}
	})
	if !t.Failed() {
		t.Attr("fault", "a key that was carried out is refused later on: the object is looked for before another key is used")
	}
}

// Something between may send a request twice, of which the first is carried out:
// the answer to the second is about the key.
func TestARequestThatSomethingSendsTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := virtual(t, nil)
		src := simulated + one("u", "ana")
		client, posts := w.client, 0
		w.client = func(c *kira.Client) {
			client(c)
			next := c.HTTP.Transport
			c.HTTP = &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
				res, err := next.RoundTrip(r)
				if err != nil || r.Method != "POST" || r.URL.Path != "/sandbox/v1/users" {
					return res, err
				}
				posts++
				res.Body.Close()
				return &http.Response{StatusCode: 400, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
					Body: io.NopCloser(strings.NewReader(`{"code":"validation_error","message":"Failed to store idempotency key"}`))}, nil
			})}
		}
		sum, said, err := w.applied(t, src, engine.ApplyOptions{})
		if err != nil || !sum.OK() || posts != 1 || len(w.sim.Users()) != 1 {
			t.Fatalf("%+v, %v, %d users\n%s", sum, err, len(w.sim.Users()), said)
		}
		if got := w.warned(t, src); len(got) > 0 {
			t.Errorf("it still warns of %q", got)
		}
	})
	if !t.Failed() {
		t.Attr("fault", "a key that something between sent twice is refused: the object is looked for before another key is used")
	}
}
