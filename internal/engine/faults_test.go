package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"kiraform/apply"
	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/kira"
	"kiraform/internal/simulator"
	"kiraform/internal/simulator/simtest"
	"kiraform/state"
	"kiraform/state/file"
)

// aUser is the smallest configuration that can lose something.
const aUser = "provider \"kira\" {\n  environment = \"simulator\"\n}\n" + maria

// virtual returns a world without a socket, for a bubble of virtual time.
func virtual(t *testing.T, wrap func(http.RoundTripper) http.RoundTripper) *world {
	w := &world{sim: &simulator.Server{VerifyAfter: -1, ActivateAfter: -1}, dir: t.TempDir(), url: "http://127.0.0.1"}
	w.watch = simtest.Behave(t, w.sim)
	var through http.RoundTripper = w.sim
	if wrap != nil {
		through = wrap(w.sim)
	}
	w.client = func(c *kira.Client) { c.HTTP = &http.Client{Transport: w.sim.Dial(through), Timeout: 2 * time.Minute} }
	return w
}

// applied plans and applies src, however it ends, and returns with the end the
// words of the run.
func (w *world) applied(t *testing.T, src string, o engine.ApplyOptions) (sum apply.Summary, said string, err error) {
	t.Helper()
	p, err := engine.Open(w.options(src))
	if err != nil {
		t.Fatalf("open: %v\n%s", err, w.said())
	}
	pl, err := p.Plan(context.Background(), engine.PlanOptions{Wait: o.Wait > 0})
	if err == nil {
		sum, err = p.Apply(context.Background(), pl, o)
	}
	var b strings.Builder
	for _, e := range w.events {
		data, encodeErr := json.Marshal(e)
		if encodeErr != nil {
			t.Fatal(encodeErr)
		}
		fmt.Fprintf(&b, "%T %s\n", e, data)
	}
	return sum, fmt.Sprint(b.String(), err), err
}

// The fault table: the way in which kiraform deals with each. Every row ends
// with one user at Kira and in the state, and with nothing left to plan.
func TestFaults(t *testing.T) {
	users := func(k simulator.FaultKind, times int) simulator.Fault {
		return simulator.Fault{Kind: k, Method: "POST", Path: "/v1/users", Times: times}
	}
	after := func(f simulator.Fault, d time.Duration) simulator.Fault {
		f.RetryAfter = simulator.Duration(d)
		return f
	}
	for _, tt := range []struct {
		name   string
		fault  simulator.Fault
		wrap   func(http.RoundTripper) http.RoundTripper
		fails  string        // the error of the first apply; "" means that it does not
		says   string        // something that the first apply says
		waits  time.Duration // at least, for the first apply
		atMost time.Duration // for the first apply; 0 means a minute
		posts  int           // requests to create the user, in all applies
		auths  int           // sign-ins; 0 means any number
	}{
		{name: "connection refused, for a moment: it is tried again", wrap: refuse(2), waits: 200 * time.Millisecond, posts: 1},
		{name: "connection refused for good: nothing was sent, and the next apply does it", wrap: refuse(5), fails: "connection refused", posts: 1},
		{name: "reset before the commit: tried again with the same key", fault: users(simulator.DropBefore, 1), says: "retry 2 of 5", posts: 2},
		{name: "reset after the commit: tried again with the same key, and Kira gives the same answer", fault: users(simulator.DropAfter, 1), says: "retry 2 of 5", posts: 2},
		{name: "reset after the commit every time: the next apply uses the same key", fault: users(simulator.DropAfter, 5), fails: "It may have taken effect", posts: 6},
		{name: "time-out: given up after two minutes and tried again", fault: simulator.Fault{Kind: simulator.Slow, Method: "POST", Path: "/v1/users", Times: 1,
			Delay: simulator.Duration(time.Hour)}, says: "retry 2 of 5", waits: 2 * time.Minute, atMost: 3 * time.Minute, posts: 2},
		{name: "429 with Retry-After: waited for that long", fault: after(users(simulator.Throttled, 1), 7*time.Second), says: "429", waits: 7 * time.Second, posts: 2},
		{name: "429 with a Retry-After of four minutes: waited for that long, and said until when", fault: after(users(simulator.Throttled, 1), 4*time.Minute),
			says: "retry 2 of 5 in 4m0s, at ", waits: 4 * time.Minute, atMost: 5 * time.Minute, posts: 2},
		{name: "429 with a Retry-After of ten minutes: ended as not done, with the time to try again", fault: after(users(simulator.Throttled, 1), 10*time.Minute),
			fails: "Kira asked for no request before ", posts: 2},
		{name: "429 without Retry-After: waited for with growing pauses", fault: after(users(simulator.Throttled, 4), -1), says: "retry 5 of 5", waits: 400 * time.Millisecond, posts: 5},
		{name: "429 for good: the run fails, and the next apply uses the same key", fault: users(simulator.Throttled, 5), fails: "429", posts: 6},
		{name: "500 before the commit: tried again with the same key", fault: users(simulator.ErrorBefore, 2), says: "500", posts: 3},
		{name: "500 after the commit: tried again with the same key", fault: users(simulator.ErrorAfter, 2), says: "500", posts: 3},
		{name: "500 after the commit every time: the next apply uses the same key", fault: users(simulator.ErrorAfter, 5), fails: "500", posts: 6},
		{name: "502 with HTML: tried again", fault: users(simulator.BadGateway, 2), says: "502 Bad Gateway", posts: 3},
		{name: "502 with HTML for good: said in words, without the page", fault: users(simulator.BadGateway, 5), fails: "502 Bad Gateway", posts: 6},
		{name: "200 with a body that is not JSON: counts as no answer", fault: users(simulator.NotJSON, 1), fails: "It may have taken effect", posts: 2},
		{name: "token expired in the middle: signed in again, once", fault: users(simulator.ExpiredToken, 1), says: "signing in again", posts: 2, auths: 4},
		{name: "three tokens in a row are revoked: signed in again each time", fault: users(simulator.ExpiredToken, 3), says: "signing in again", posts: 4, auths: 6},
		{name: "tokens are revoked for good: not done, and the next apply uses the same key", fault: users(simulator.ExpiredToken, 4),
			fails: "each new token was refused as well", posts: 5, auths: 6},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := virtual(t, tt.wrap)
				if tt.fault.Kind != "" {
					w.sim.Faults.Rules = []simulator.Fault{tt.fault}
				}
				began := time.Now()
				sum, said, err := w.applied(t, aUser, engine.ApplyOptions{})
				took := time.Since(began)
				if failed := err != nil || !sum.OK(); failed != (tt.fails != "") || !strings.Contains(said, tt.fails) || !strings.Contains(said, tt.says) {
					t.Errorf("the first apply: %+v, %v; want it to fail with %q and to say %q\n%s", sum, err, tt.fails, tt.says, said)
				}
				if strings.Contains(said, "<html") {
					t.Errorf("a page is shown:\n%s", said)
				}
				if most := max(tt.atMost, time.Minute*btoi(tt.atMost == 0)); took < tt.waits || took > most {
					t.Errorf("it took %v; want %v to %v", took, tt.waits, most)
				}
				w.settled(t, aUser)
				if posts, keys := w.creates("/v1/users"); posts != tt.posts || keys != 1 {
					t.Errorf("%d requests to create the user with %d keys; want %d with one", posts, keys, tt.posts)
				}
				if auths, _ := w.creates("/auth"); tt.auths != 0 && auths != tt.auths {
					t.Errorf("signed in %d times, want %d", auths, tt.auths)
				}
				if !t.Failed() {
					t.Attr("fault", tt.name)
				}
			})
		})
	}
}

func btoi(b bool) time.Duration {
	if b {
		return 1
	}
	return 0
}

// refuse lets the first n connections be refused.
func refuse(n int) func(http.RoundTripper) http.RoundTripper {
	return func(next http.RoundTripper) http.RoundTripper {
		return transport(func(r *http.Request) (*http.Response, error) {
			if n--; n >= 0 {
				return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
			}
			return next.RoundTrip(r)
		})
	}
}

// settled applies src once more and checks that there is one user, everywhere,
// and nothing left to do.
func (w *world) settled(t *testing.T, src string) {
	t.Helper()
	if sum, said, err := w.applied(t, src, engine.ApplyOptions{}); err != nil || !sum.OK() {
		t.Fatalf("the apply after the fault: %+v, %v\n%s", sum, err, said)
	}
	if pl := w.run(t, src, engine.PlanOptions{}, false); !pl.Empty() {
		t.Errorf("there is something left to do:\n%s", w.said())
	}
	st, err := w.store().Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all := w.sim.Users()
	if len(all) != 1 || len(st.Resources) != 1 || len(st.Intents) != 0 || st.Resources[st.Addrs()[0]].ID != all[0]["id"] {
		t.Errorf("%d users at Kira; in the state %d, and %d requests without an answer", len(all), len(st.Resources), len(st.Intents))
	}
}

// creates counts the POST requests to a path, and their keys.
func (w *world) creates(path string) (requests, keys int) {
	seen := make(map[string]bool)
	for _, r := range w.sim.Requests() {
		if r.Method == "POST" && r.Path == path {
			requests++
			seen[r.Key] = true
		}
	}
	return requests, len(seen)
}

// lose applies src so that the user is created and every answer is lost.
func (w *world) lose(t *testing.T, src string) {
	t.Helper()
	w.sim.SetFaults(simulator.Faults{Rules: []simulator.Fault{{Kind: simulator.DropAfter, Method: "POST", Path: "/v1/users"}}})
	if sum, said, _ := w.applied(t, src, engine.ApplyOptions{}); sum.OK() {
		t.Fatalf("it did not fail\n%s", said)
	}
	w.sim.SetFaults(simulator.Faults{})
}

// The way in which an apply deals with a request of an earlier one that was
// never answered.
func TestUnansweredRequests(t *testing.T) {
	changed := strings.Replace(aUser, `"Maria"`, `"Mariana"`, 1)
	changed = strings.Replace(changed, `"salary"`, `"savings"`, 1) // which Kira never shows
	for _, tt := range []struct {
		name string
		then func(t *testing.T, w *world)
		src  string
		look bool // it looks at the users before anything else
		keys int
	}{
		{"soon after: the same key", func(*testing.T, *world) {}, aUser, false, 1},
		{"a day later: Kira has forgotten the key, so it is looked for", func(*testing.T, *world) { time.Sleep(25 * time.Hour) }, aUser, true, 1},
		{"the clock was set back: nobody knows how old the key is, so it is looked for", func(t *testing.T, w *world) { w.dateIntents(t, 48*time.Hour) }, aUser, true, 1},
		{"something else is written: it is looked for, and brought to that", func(*testing.T, *world) {}, changed, true, 1},
		{"something else is written, a day later: it is looked for all the same", func(*testing.T, *world) { time.Sleep(25 * time.Hour) }, changed, true, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := virtual(t, nil)
				w.lose(t, aUser)
				tt.then(t, w)
				before := len(w.sim.Requests())
				w.settled(t, tt.src)
				look := false
				for _, r := range w.sim.Requests()[before:] {
					if r.Method == "GET" && r.Path == "/v1/users" {
						look = true
					}
					if r.Method == "POST" && r.Path == "/v1/users" {
						break
					}
				}
				if look != tt.look {
					t.Errorf("looked first: %v, want %v", look, tt.look)
				}
				if _, keys := w.creates("/v1/users"); keys != tt.keys {
					t.Errorf("%d keys, want %d", keys, tt.keys)
				}
				want, source := "Maria", "salary"
				if tt.src == changed {
					want, source = "Mariana", "savings"
				}
				if u := w.sim.Users()[0]; u["first_name"] != want || u["source_of_funds"] != source {
					t.Errorf("Kira has %v and %v, want %s and %s", u["first_name"], u["source_of_funds"], want, source)
				}
				if !t.Failed() {
					t.Attr("fault", "no answer, and then "+tt.name)
				}
			})
		})
	}
}

// dateIntents puts the time at which the intents of w were made into the
// future.
func (w *world) dateIntents(t *testing.T, ahead time.Duration) {
	t.Helper()
	st, err := w.store().Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for key, in := range st.Intents {
		in.At = in.At.Add(ahead)
		if ahead < 0 {
			in.After, in.Last = in.After.Add(ahead), in.Last.Add(ahead) // Kira's own clock is set back by nobody
		}
		st.Intents[key] = in
	}
	if err := w.store().Save(t.Context(), st); err != nil {
		t.Fatal(err)
	}
}

// A definite refusal burns the key: the next request has another.
func TestARefusalTakesANewKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refused := true
		w := virtual(t, func(next http.RoundTripper) http.RoundTripper {
			return transport(func(r *http.Request) (*http.Response, error) {
				if refused && r.Method == "POST" && strings.HasSuffix(r.URL.Path, "/v1/users") {
					r.Body = http.NoBody // a request that Kira answers with 400, and burns the key for
				}
				return next.RoundTrip(r)
			})
		})
		if sum, said, _ := w.applied(t, aUser, engine.ApplyOptions{}); sum.Failed != 1 || !strings.Contains(said, "400 Bad Request") {
			t.Fatalf("%+v\n%s", sum, said)
		}
		refused = false
		w.settled(t, aUser)
		if posts, keys := w.creates("/v1/users"); posts != 2 || keys != 2 {
			t.Errorf("%d requests with %d keys; want two of each", posts, keys)
		}
		if !t.Failed() {
			t.Attr("fault", "a definite refusal: the key counts as burnt, and what is sent next has another")
		}
	})
}

// A list that grows while it is read shifts its pages: an object that is looked
// for is found all the same.
func TestAListThatShiftsWhileItIsRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w *world
		lost, shifted := false, 0
		w = virtual(t, func(next http.RoundTripper) http.RoundTripper {
			return transport(func(r *http.Request) (*http.Response, error) {
				resp, err := next.RoundTrip(r)
				if lost && r.Method == "GET" && r.URL.Query().Get("offset") == "0" {
					shifted++
					w.others(t, fmt.Sprint("late-", shifted), 3)
				}
				return resp, err
			})
		})
		w.lose(t, aUser)
		lost = true
		w.others(t, "early", 150)
		time.Sleep(25 * time.Hour)
		if sum, said, err := w.applied(t, aUser, engine.ApplyOptions{}); err != nil || !sum.OK() {
			t.Fatalf("%+v, %v\n%s", sum, err, said)
		}
		found := 0
		for _, u := range w.sim.Users() {
			if u["email"] == "maria@example.com" {
				found++
			}
		}
		if found != 1 || shifted == 0 {
			t.Errorf("there are %d users called maria, and the list shifted %d times", found, shifted)
		}
		if !t.Failed() {
			t.Attr("fault", "a list shifts while its pages are read: what is looked for is found all the same")
		}
	})
}

// others creates n users whom nobody here manages.
func (w *world) others(t *testing.T, name string, n int) {
	t.Helper()
	c := &kira.Client{BaseURL: w.url + "/sandbox", APIKey: "k", ClientID: "51000000-0000-4000-8000-000000000000", Password: "p",
		HTTP: &http.Client{Transport: w.sim.Dial(nil)}}
	for i := range n {
		err := c.Do(t.Context(), kira.Request{Method: "POST", Path: "/v1/users", Key: fmt.Sprintf("51000000-0000-4000-8000-%012x", len(w.sim.Requests())),
			Body: map[string]any{"type": "individual", "verification_mode": "automatic", "first_name": "O", "last_name": "P",
				"birth_date": "1990-05-15", "nationality": "MEX", "email": fmt.Sprintf("%s-%d@example.com", name, i)}}, nil)
		if err != nil {
			t.Fatal(err)
		}
	}
}

// Webhooks are never waited for: the object that they would tell of is looked
// at.
func TestAWebhookThatNeverComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := virtual(t, nil)
		w.watch.Provokes(simulator.SecondObject) // two recipients are alike
		w.sim.VerifyAfter, w.sim.ActivateAfter = time.Minute, time.Minute
		w.sim.Deliver = func(string, http.Header, []byte) {}
		sum, said, err := w.applied(t, everything, engine.ApplyOptions{Wait: time.Hour})
		if err != nil || !sum.OK() || sum.Deferred != 0 {
			t.Fatalf("%+v, %v\n%s", sum, err, said)
		}
		if n := len(w.sim.VirtualAccounts()); n != 1 || !strings.Contains(said, "event.Gate") {
			t.Errorf("%d accounts\n%s", n, said)
		}
		if !t.Failed() {
			t.Attr("fault", "a webhook never comes: -wait looks by itself, and the gate opens")
		}
	})
}

// One limiter for all workers learns from a 429: the run finishes, and few
// requests are sent in vain.
func TestTheRateAdaptsToKira(t *testing.T) {
	for name, says := range map[string]time.Duration{"with Retry-After": time.Second, "without Retry-After": -1} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := virtual(t, nil)
				w.sim.RateLimit, w.sim.RetryAfter = 5, says
				began := time.Now()
				sum, said, err := w.applied(t, thirty, engine.ApplyOptions{})
				took := time.Since(began)
				if err != nil || !sum.OK() {
					t.Fatalf("%+v, %v\n%s", sum, err, said)
				}
				answered, refused := 0, 0
				for _, r := range w.sim.Requests() {
					if r.Status == http.StatusTooManyRequests {
						refused++
					} else {
						answered++
					}
				}
				if refused == 0 || refused > answered || took > 2*time.Minute {
					t.Errorf("%d requests were answered and %d refused, in %v", answered, refused, took)
				}
				if len(w.sim.Users()) != 10 || len(w.sim.Recipients()) != 10 || len(w.sim.VirtualAccounts()) != 10 {
					t.Error("not everything exists once")
				}
				t.Logf("%d answered, %d refused, %v", answered, refused, took)
				if !t.Failed() {
					t.Attr("fault", fmt.Sprintf("429 to all above 5 requests a second, %s: all 30 resources in %v, %d of %d requests in vain",
						name, took.Round(time.Second), refused, answered+refused))
				}
			})
		})
	}
}

// fullDisk is a store of which neither the journal nor the state can be
// written after a number of records.
type fullDisk struct {
	file.Store
	records int
}

func (d *fullDisk) Save(ctx context.Context, s *state.State) error {
	if d.records <= 0 {
		return fmt.Errorf("%s: %w", d.Path, syscall.ENOSPC)
	}
	return d.Store.Save(ctx, s)
}

func (d *fullDisk) Journal(ctx context.Context, s *state.State) (state.Journal, error) {
	j, err := d.Store.Journal(ctx, s)
	return &fullJournal{j, d}, err
}

type fullJournal struct {
	state.Journal
	*fullDisk
}

func (j *fullJournal) Append(r state.Record) error {
	if j.records--; j.records < 0 {
		return fmt.Errorf("%s.journal: %w", j.Path, syscall.ENOSPC)
	}
	return j.Journal.Append(r)
}

// An object that was created and cannot be written down is named, so that it
// can be imported; and no secret with it.
func TestADiskThatIsFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := virtual(t, nil)
		w.onDisk = true
		o := w.options(aUser)
		o.Store = &fullDisk{w.file(), 1} // the intent, and not the answer
		p, err := engine.Open(o)
		if err != nil {
			t.Fatal(err)
		}
		pl, err := p.Plan(t.Context(), engine.PlanOptions{})
		if err != nil {
			t.Fatal(err)
		}
		sum, err := p.Apply(t.Context(), pl, engine.ApplyOptions{})
		if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), w.file().Path) || len(sum.Unwritten) != 1 {
			t.Fatalf("Apply = %+v, %v", sum, err)
		}
		want := fmt.Sprintf("kiraform import kira_user.maria %s", w.sim.Users()[0]["id"])
		var said strings.Builder
		for _, e := range w.events {
			if d, ok := e.(event.Diagnostic); ok && d.Severity == "error" {
				said.WriteString(d.Detail)
			}
		}
		if !strings.Contains(said.String(), want) || strings.Contains(said.String(), "G12345678") {
			t.Errorf("%q does not say %q", said.String(), want)
		}
		w.settled(t, aUser) // the disk works again
		if !t.Failed() {
			t.Attr("fault", "neither journal nor state can be written after a create: the run ends, and says the address and id as a line for import")
		}
	})
}
