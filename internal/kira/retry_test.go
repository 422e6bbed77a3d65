package kira

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestWhatIsSentAgain(t *testing.T) {
	const users, deposit = "/v1/users", "/v1/virtual-accounts/1/simulate-deposit"
	ok := says(201, `{}`)
	for _, tt := range []struct {
		name   string
		req    Request
		first  func() (*http.Response, error)
		tries  int
		passes bool
	}{
		{"a GET after a reset connection", Request{Method: "GET", Path: users}, fails(errReset), 2, true},
		{"a PUT after a 500", Request{Method: "PUT", Path: users + "/1"}, says(500, ``), 2, true},
		{"a POST with a key after a reset connection", Request{Method: "POST", Path: users, Key: "k"}, fails(errReset), 2, true},
		{"a POST with a key after a 500", Request{Method: "POST", Path: users, Key: "k"}, says(500, ``), 2, true},
		{"a POST with a key after a 502", Request{Method: "POST", Path: users, Key: "k"}, says(502, ``), 2, true},
		{"a POST with a key after Cloudflare's 522", Request{Method: "POST", Path: users, Key: "k"}, says(522, ``), 2, true},
		{"a POST with a key after a 429", Request{Method: "POST", Path: users, Key: "k"}, says(429, ``), 2, true},
		{"a POST without a key is not, after a reset connection", Request{Method: "POST", Path: deposit}, fails(errReset), 1, false},
		{"a POST without a key is not, after a 503", Request{Method: "POST", Path: deposit}, says(503, ``), 1, false},
		{"a POST without a key is not, after a 429", Request{Method: "POST", Path: deposit}, says(429, ``), 1, false},
		{"a POST without a key is, if nobody was there", Request{Method: "POST", Path: deposit}, fails(errRefused), 2, true},
		{"a webhook registration after a 503, since the last one wins", Request{Method: "POST", Path: "/webhooks/register"}, says(503, ``), 2, true},
		{"a GET after a 400 is not", Request{Method: "GET", Path: users}, says(400, `{}`), 1, false},
		{"a GET after a 404 is not", Request{Method: "GET", Path: users}, says(404, `{}`), 1, false},
		{"a GET after a 501 is not", Request{Method: "GET", Path: users}, says(501, ``), 1, false},
		{"a GET answered with text is not", Request{Method: "GET", Path: users}, says(200, `Blocked`), 1, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &fake{answer: inTurn(tt.first, ok)}
				err := f.client().Do(t.Context(), tt.req, nil)
				check(t, "tries", f.count(), tt.tries)
				if (err == nil) != tt.passes {
					t.Errorf("error = %v", err)
				}
			})
		})
	}
}

func TestOneKeyAndBodyForAllTries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{answer: inTurn(fails(errReset), says(503, ``), says(401, `{"message":"Unauthorized"}`), says(500, ``), says(201, `{"id":"u1"}`))}
		var out struct{ ID string }
		err := f.client().Do(t.Context(), Request{Method: "POST", Path: "/v1/users", Key: "k1", Body: map[string]int{"a": 1}}, &out)
		if err != nil || out.ID != "u1" {
			t.Fatalf("id %q, error %v", out.ID, err)
		}
		check(t, "tries", f.count(), 5)
		for _, s := range f.all {
			check(t, "key and body", s.key+s.in, `k1{"a":1}`)
		}
	})
}

func TestGivesUpWithTheLastAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{answer: inTurn(says(503, `{"message":"busy"}`, "X-Amzn-Requestid", "r-1"))}
		c := f.client()
		c.MaxTries = 3
		var notes []string
		var retries []Retry
		c.Retry = func(r Retry) { retries = append(retries, r) }
		err := c.Do(t.Context(), Request{Method: "GET", Path: "/v1/users?limit=100", Note: func(s string) { notes = append(notes, s) }}, nil)
		check(t, "error", err.Error(), "GET /v1/users: 503 Service Unavailable: busy (3 tries, request id r-1)")
		check(t, "tries", f.count(), 3)
		check(t, "requests", c.Requests(), int64(4))
		check(t, "retries", len(retries), 2)
		for i, prefix := range []string{"retry 2 of 3 in ", "retry 3 of 3 in "} {
			if !strings.HasPrefix(notes[i], prefix) || !strings.HasSuffix(notes[i], ": 503 Service Unavailable") {
				t.Errorf("note %q does not read as %q...", notes[i], prefix)
			}
		}
	})
}

func TestBackoffGrowsAndIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{answer: inTurn(fails(errReset))}
		c := f.client()
		c.MaxTries = 12
		var waits []time.Duration
		c.Retry = func(r Retry) { waits = append(waits, r.Wait) }
		err := c.Do(t.Context(), Request{Method: "GET", Path: "/v1/users"}, nil)
		if _, ok := errors.AsType[*NoAnswer](err); !ok || !errors.Is(err, errReset) {
			t.Errorf("error = %v, want no answer for a reset connection", err)
		}
		check(t, "waits", len(waits), 11)
		for i, w := range waits {
			if most := leastWait + min(firstWait<<i, mostWait); w < leastWait || w > most {
				t.Errorf("wait %d is %v, want %v to %v", i, w, leastWait, most)
			}
		}
	})
}

func TestRetryAfter(t *testing.T) {
	for _, tt := range []struct {
		name, value string
		want        time.Duration
	}{
		{"seconds", "7", 7 * time.Second},
		{"a date", "Sat, 01 Jan 2000 00:00:09 GMT", 9 * time.Second}, // a bubble begins with the year 2000
		{"a date in the past is now", "Fri, 31 Dec 1999 23:59:59 GMT", 0},
		{"an hour is an hour, and who has to wait decides", "3600", time.Hour},
		{"a far date is far", "Sun, 02 Jan 2000 00:00:00 GMT", 24 * time.Hour},
		{"more seconds than can be counted are many", "99999999999999999999", (1<<31 - 1) * time.Second},
		{"nonsense is as good as none", "soon", 5 * time.Second},
		{"a negative number is nonsense", "-1", 5 * time.Second},
		{"none", "", 5 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := http.Header{"Retry-After": {tt.value}}
				check(t, "wait", retryAfter(h, 5*time.Second), tt.want)
			})
		})
	}
}

func TestCancelDuringBackoffReturnsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{answer: inTurn(says(503, ``, "Retry-After", "30"))}
		ctx, cancel := context.WithCancel(t.Context())
		began := time.Now()
		time.AfterFunc(2*time.Second, cancel)
		err := f.client().Do(ctx, Request{Method: "POST", Path: "/v1/users", Key: "k"}, nil)
		check(t, "took", time.Since(began), 2*time.Second)
		e, ok := errors.AsType[*NoAnswer](err)
		if !ok || !errors.Is(err, context.Canceled) || e.Refused() || !e.Sent {
			t.Errorf("error = %#v, want a canceled request that may have been received", err)
		}
	})
}

func TestAnAnswerOutlivesItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		f := &fake{answer: func(sent) (*http.Response, error) {
			cancel() // while the answer is on its way
			return reply(201, `{"id":"u1"}`)
		}}
		var out struct{ ID string }
		err := f.client().Do(ctx, Request{Method: "POST", Path: "/v1/users", Key: "k"}, &out)
		if err != nil || out.ID != "u1" {
			t.Errorf("id %q, error %v; want the answer, for it was given", out.ID, err)
		}
	})
}

func TestARefusalAfterSilenceIsNotDefinite(t *testing.T) {
	bad := says(400, `{"error":"Invalid request data"}`)
	for _, tt := range []struct {
		name  string
		first func() (*http.Response, error)
		want  bool
	}{
		{"a reset connection may have been a success", fails(errReset), false},
		{"so may a 504", says(504, ``), false},
		{"a 429 was none", says(429, ``), true},
		{"a refused connection was none", fails(errRefused), true},
		{"a 401 was none", says(401, ``), true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &fake{answer: inTurn(tt.first, bad)}
				err := f.client().Do(t.Context(), Request{Method: "POST", Path: "/v1/users", Key: "k"}, nil)
				e, ok := errors.AsType[*Error](err)
				if !ok || e.Status != 400 || e.Refused() != tt.want {
					t.Errorf("error = %#v, want a 400 with Refused() = %v", err, tt.want)
				}
			})
		})
	}
}

// A wait of up to five minutes is kept, by all requests, and said with its end.
// One that is longer ends a request at once, as not done, with the time at which
// to try again.
func TestLongWaits(t *testing.T) {
	for _, tt := range []struct {
		name, after string
		status      int
		took        time.Duration
		said        string
		fails       string
		notDone     bool
	}{
		{"75 seconds are kept", "75", 429, 75 * time.Second, "retry 2 of 5 in 1m15s, at 00:01:15 UTC: 429 Too Many Requests", "", false},
		{"so are five minutes", "300", 429, 5 * time.Minute, "retry 2 of 5 in 5m0s, at 00:05:00 UTC: 429 Too Many Requests", "", false},
		{"also of a 503", "300", 503, 5 * time.Minute, "retry 2 of 5 in 5m0s, at 00:05:00 UTC: 503 Service Unavailable", "", false},
		{"six minutes are too long", "360", 429, 0, "",
			"POST /v1/users: 429 Too Many Requests. Kira asked for no request before 2000-01-01 00:06:00 UTC: try again then", true},
		{"a 503 may have been received", "360", 503, 0, "",
			"POST /v1/users: 503 Service Unavailable. Kira asked for no request before 2000-01-01 00:06:00 UTC: try again then", false},
		{"so is a date that is far away", "Sat, 01 Jan 2000 12:00:00 GMT", 429, 0, "",
			"POST /v1/users: 429 Too Many Requests. Kira asked for no request before 2000-01-01 12:00:00 UTC: try again then", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &fake{answer: inTurn(says(tt.status, ``, "Retry-After", tt.after), says(200, `{}`))}
				var notes []string
				began := time.Now()
				err := f.client().Do(t.Context(), Request{Method: "POST", Path: "/v1/users", Key: "k", Note: func(s string) { notes = append(notes, s) }}, nil)
				check(t, "took", time.Since(began).Round(time.Second), tt.took)
				check(t, "said", strings.Join(notes, "; "), tt.said)
				if tt.fails == "" {
					check(t, "error", err, nil)
					return
				}
				check(t, "error", err.Error(), tt.fails)
				check(t, "requests", f.count(), 1)
				if e, ok := errors.AsType[*Error](err); !ok || e.NotDone() != tt.notDone || e.Refused() {
					t.Errorf("error = %#v, want NotDone() = %v", err, tt.notDone)
				}
			})
		})
	}
}

// A date is by the clock of who wrote it.
func TestRetryAfterByAClockThatIsWrong(t *testing.T) {
	h := http.Header{"Retry-After": {"Sat, 01 Jan 2022 00:00:09 GMT"}, "Date": {"Sat, 01 Jan 2022 00:00:00 GMT"}}
	check(t, "wait", retryAfter(h, 5*time.Second), 9*time.Second)
}

// A wait that Kira asks of one request holds for those beside it and after it:
// they wait as well, or are not sent.
func TestALongWaitHoldsForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{answer: inTurn(says(429, ``, "Retry-After", "3600"), says(200, `{}`))}
		c := f.client()
		post := Request{Method: "POST", Path: "/v1/users", Key: "k"}
		_ = c.Do(t.Context(), post, nil)
		err := c.Do(t.Context(), post, nil)
		e, ok := errors.AsType[*NoAnswer](err)
		if !ok || !e.NotDone() || e.Error() != "POST /v1/users: not sent: Kira asked for no request before 2000-01-01 01:00:00 UTC: try again then" {
			t.Errorf("error = %v, want that nothing was sent", err)
		}
		time.Sleep(58 * time.Minute)
		began := time.Now()
		check(t, "error when little is left of the hour", c.Do(t.Context(), post, nil), nil)
		check(t, "took", time.Since(began).Truncate(2*time.Second), 2*time.Minute)
		check(t, "requests", f.count(), 2)
	})
}
