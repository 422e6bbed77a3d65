package simulator_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kiraform/internal/simulator"
)

func mustJSON(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

func TestFaults(t *testing.T) {
	for _, test := range []struct {
		kind    simulator.FaultKind
		status  int // 0: no answer
		body    string
		created int
	}{
		{simulator.ErrorBefore, 500, "Internal server error", 0},
		{simulator.ErrorAfter, 500, "Internal server error", 1},
		{simulator.DropBefore, 0, "", 0},
		{simulator.DropAfter, 0, "", 1},
		{simulator.Throttled, 429, "Too Many Requests", 0},
		{simulator.BadGateway, 502, "<html>", 0},
		{simulator.NotJSON, 200, "error code: 522", 0},
		{simulator.ExpiredToken, 401, "The incoming token has expired", 0},
		{simulator.Slow, 201, `"status":"CREATED"`, 1},
	} {
		t.Run(string(test.kind), func(t *testing.T) {
			s := &simulator.Server{Faults: simulator.Faults{Rules: []simulator.Fault{
				{Kind: test.kind, Method: "POST", Path: "/v1/users", Times: 1, Delay: simulator.Duration(time.Millisecond)}}}}
			c := dial(t, s)
			if test.kind == simulator.Throttled {
				c.provokes(1, simulator.EarlyRetry)
			}
			r, err := c.try("POST", "/v1/users", maria, "Idempotency-Key", keyNumber(1000))
			switch {
			case test.status != 0 && err != nil:
				t.Fatal(err)
			case test.status != 0:
				r.wantText(test.status, test.body)
			case !errors.Is(err, io.ErrUnexpectedEOF):
				t.Errorf("got %v, want a broken connection", err)
			}
			if n := len(s.Users()); n != test.created {
				t.Errorf("%d users, want %d", n, test.created)
			}
			c.send("POST", "/v1/users", maria, "Idempotency-Key", keyNumber(1000)).wantStatus(201)
			if n := len(s.Users()); n != 1 {
				t.Errorf("%d users after a retry, want 1", n)
			}
			journal := s.Requests()
			if j := journal[len(journal)-2]; j.Fault != test.kind || j.Status != test.status {
				t.Errorf("the journal says %+v", j)
			}
		})
	}
}

func TestWhenAFaultFires(t *testing.T) {
	for _, test := range []struct {
		name string
		rule simulator.Fault
		want string
	}{
		{"always", simulator.Fault{}, "!!!!!!"},
		{"every third time", simulator.Fault{Every: 3}, "..!..!"},
		{"after two", simulator.Fault{Skip: 2}, "..!!!!"},
		{"only twice", simulator.Fault{Every: 2, Times: 2}, ".!.!.."},
		{"on another path never", simulator.Fault{Path: "/v1/recipients/*"}, "......"},
		{"on a pattern", simulator.Fault{Path: "/v1/*"}, "!!!!!!"},
		{"on another method never", simulator.Fault{Method: "PUT"}, "......"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := dial(t, &simulator.Server{})
			test.rule.Kind = simulator.ErrorBefore
			c.s.SetFaults(simulator.Faults{Rules: []simulator.Fault{test.rule}})
			var got []string
			for range 6 {
				got = append(got, map[int]string{200: ".", 500: "!"}[c.send("GET", "/v1/users", nil).status])
			}
			if fired := strings.Join(got, ""); fired != test.want {
				t.Errorf("fired %s, want %s", fired, test.want)
			}
		})
	}
}

func TestChanceIsTheSameForASeed(t *testing.T) {
	run := func(seed uint64) string {
		c := dial(t, &simulator.Server{})
		c.s.SetFaults(simulator.Faults{Seed: seed, Rules: []simulator.Fault{{Kind: simulator.ErrorBefore, Chance: 0.5}}})
		var got []int
		for range 64 {
			got = append(got, c.send("GET", "/v1/users", nil).status)
		}
		return fmt.Sprint(got)
	}
	first, again, other := run(1), run(1), run(2)
	if first != again || first == other {
		t.Error("the draws do not follow from the seed")
	}
}

func TestThrottledSaysHowLong(t *testing.T) {
	for after, want := range map[time.Duration]string{0: "1", 2 * time.Second: "2", -1: ""} {
		c := dial(t, &simulator.Server{})
		c.s.SetFaults(simulator.Faults{Rules: []simulator.Fault{{Kind: simulator.Throttled, RetryAfter: simulator.Duration(after)}}})
		if got := c.send("GET", "/v1/users", nil).wantStatus(429).header.Get("Retry-After"); got != want {
			t.Errorf("Retry-After is %q, want %q", got, want)
		}
	}
}

func TestADropBreaksTheSocket(t *testing.T) {
	s := &simulator.Server{Faults: simulator.Faults{Rules: []simulator.Fault{{Kind: simulator.DropBefore}}}}
	server := httptest.NewServer(s)
	defer server.Close()
	if resp, err := http.Post(server.URL+"/auth", "application/json", nil); err == nil {
		resp.Body.Close()
		t.Errorf("got %s, want no answer", resp.Status)
	}
}

func TestFaultsAsJSON(t *testing.T) {
	want := simulator.Faults{Seed: 7, Rules: []simulator.Fault{{Kind: simulator.Slow, Every: 2, Delay: simulator.Duration(1500 * time.Millisecond)}}}
	text := mustJSON(want)
	var got simulator.Faults
	if err := json.Unmarshal([]byte(text), &got); err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s reads back as %+v, %v", text, got, err)
	}
	if err := json.Unmarshal([]byte(`{"rules":[{"delay":"soon"}]}`), &got); err == nil {
		t.Error("a delay of soon was accepted")
	}
}
