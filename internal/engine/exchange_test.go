package engine_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"kiraform/internal/engine"
	"kiraform/internal/kira"
	"kiraform/internal/norace"
	"kiraform/internal/simulator"
)

// exchanges answers requests of one method and path in place of Kira, in turn;
// "" leaves an answer to Kira. Further requests are Kira's.
type exchanges struct {
	method, path string

	mu    sync.Mutex
	steps []string
}

// answer sets the answers to the next requests.
func (e *exchanges) answer(steps []string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.steps = steps
}

func (e *exchanges) next(r *http.Request) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	if r.Method != e.method || !strings.HasPrefix(r.URL.Path, e.path) || len(e.steps) == 0 {
		return ""
	}
	s := e.steps[0]
	e.steps = e.steps[1:]
	return s
}

// The answers, by the names that the table has for them.
var answers = map[string]struct {
	status     int
	body       string
	retryAfter string
}{
	"400":           {400, `{"code":"validation_error","message":"No"}`, ""},
	"401":           {401, `{"message":"Unauthorized"}`, ""},
	"403":           {403, `{"code":"forbidden","message":"Not yours"}`, ""},
	"403 gateway":   {403, `{"message":"Forbidden"}`, ""},
	"404":           {404, `{"message":"Not Found"}`, ""},
	"410":           {410, `{"code":"gone","message":"The resource is gone"}`, ""},
	"404 page":      {404, `<html>Not Found</html>`, ""},
	"408":           {408, ``, ""},
	"425":           {425, ``, ""},
	"429":           {429, ``, ""},
	"429 for hours": {429, ``, "7200"},
	"500":           {500, ``, ""},
	"502 page":      {502, `<html>Bad Gateway</html>`, ""},
}

func (e *exchanges) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close") // else net/http itself sends a request again that is cut off
		switch s := e.next(r); s {
		case "":
			next.ServeHTTP(w, r)
		case "cut off":
			panic(http.ErrAbortHandler)
		case "lost":
			next.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		default:
			a, ok := answers[s]
			if !ok {
				panic(s)
			}
			if a.retryAfter != "" {
				w.Header().Set("Retry-After", a.retryAfter)
			}
			w.WriteHeader(a.status)
			fmt.Fprint(w, a.body)
		}
	})
}

// The memory of a request, by how each of its exchanges ended (design 7):
// whether its intent stays, with which flags, and whether plans warn of it.
// Then it goes out once more, and there is one object.
func TestWhatIsRememberedOfExchanges(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	const (
		gone = "gone"   // the intent has ended
		kept = "kept"   // it keeps the key, and nobody is told
		open = "open"   // nobody knows; plans warn
		both = "unsent" // nobody knows of an earlier exchange; the latest was not done; plans warn
	)
	for _, tt := range []struct {
		exchanges string // of one apply each, with a comma between them
		want      string
		keys      int // that were used in the end
	}{
		{"429", kept, 1},
		{"429 for hours", kept, 1},
		{"425", kept, 1},
		{"401+401+401+401", kept, 1},
		{"403 gateway", kept, 1},
		{"429,403 gateway", kept, 1},

		{"400", gone, 2},
		{"403", gone, 2},
		{"429,400", gone, 2},

		{"cut off", open, 1},
		{"lost", open, 1},
		{"408", open, 1},
		{"500", open, 1},
		{"502 page", open, 1},
		{"404 page", open, 1},
		{"404", open, 1},
		{"410", open, 1},
		{"429,lost", open, 1},
		{"lost,500", open, 1},

		{"lost,429", both, 1},
		{"lost,429 for hours", both, 1},
		{"500,403 gateway", both, 1},
		{"408,429,425", both, 1},
	} {
		t.Run(tt.exchanges, func(t *testing.T) {
			t.Parallel()
			e := &exchanges{method: "POST", path: "/sandbox/v1/users"}
			w := newWorld(t)
			w.watch.Allows(simulator.NeedlessSignIn) // the 401 are not the simulator's
			var keys sync.Map
			w.through(t, func(next http.Handler) http.Handler {
				fault := e.before(next)
				return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
					if key := r.Header.Get("Idempotency-Key"); key != "" {
						keys.Store(key, true)
					}
					fault.ServeHTTP(rw, r)
				})
			})
			w.client = func(c *kira.Client) { c.MaxTries = 1 }
			for step := range strings.SplitSeq(tt.exchanges, ",") {
				e.answer(strings.Split(step, "+"))
				if sum, said, err := w.applied(t, aUser, engine.ApplyOptions{}); err == nil && sum.OK() {
					t.Fatalf("%s did not fail\n%s", step, said)
				}
			}
			w.remembers(t, tt.want)
			w.warns(t, aUser, tt.want == open || tt.want == both)
			w.settled(t, aUser)
			used := 0
			for range keys.Range {
				used++
			}
			if used != tt.keys {
				t.Errorf("%d keys, want %d", used, tt.keys)
			}
		})
	}
}

// remembers checks the memory of one request.
func (w *world) remembers(t *testing.T, want string) {
	t.Helper()
	st, err := w.store().Load(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	got := "gone"
	for _, in := range st.Open() {
		switch {
		case in.Unsent && in.Unsure:
			got = "unsent"
		case in.Unsent:
			got = "kept"
		default:
			got = "open"
		}
	}
	if got != want || len(st.Intents) > 1 {
		t.Errorf("the request is %s, want %s: %+v", got, want, st.Open())
	}
}

// warns checks whether a plan warns of a request without an answer.
func (w *world) warns(t *testing.T, src string, want bool) {
	t.Helper()
	w.run(t, src, engine.PlanOptions{}, false)
	if got := strings.Contains(w.said(), "warning unanswered"); got != want {
		t.Errorf("warned: %t, want %t\n%s", got, want, w.said())
	}
}

// An update that Kira certainly did not take leaves nothing behind; one of
// which nobody knows stays, is warned of, and is sent once more.
func TestWhatIsRememberedOfUpdates(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	changed := strings.Replace(aUser, `"salary"`, `"savings"`, 1)
	for _, tt := range []struct {
		exchange string
		want     string
	}{
		{"400", "gone"}, {"403", "gone"}, {"429", "gone"}, {"425", "gone"}, {"403 gateway", "gone"}, {"429 for hours", "gone"},
		{"cut off", "open"}, {"lost", "open"}, {"408", "open"}, {"500", "open"}, {"502 page", "open"}, {"404 page", "open"},
	} {
		t.Run(tt.exchange, func(t *testing.T) {
			t.Parallel()
			e := &exchanges{method: "PUT", path: "/sandbox/v1/users/", steps: []string{tt.exchange}}
			w := newWorld(t)
			w.watch.Allows(simulator.IdlePut) // a request that was taken is sent once more
			w.through(t, e.before)
			w.client = func(c *kira.Client) { c.MaxTries = 1 }
			w.run(t, aUser, engine.PlanOptions{}, true)
			if sum, said, err := w.applied(t, changed, engine.ApplyOptions{}); err == nil && sum.OK() {
				t.Fatalf("it did not fail\n%s", said)
			}
			w.remembers(t, tt.want)
			w.warns(t, changed, tt.want == "open")
			w.settled(t, changed)
			if got := w.sim.Users()[0]["source_of_funds"]; got != "savings" {
				t.Errorf("Kira has %v", got)
			}
		})
	}
}
