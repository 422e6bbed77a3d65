package simulator_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"kiraform/internal/simulator"
)

// observed.md 7.
func TestKeysAreRequired(t *testing.T) {
	c := dial(t, &simulator.Server{})
	c.provokes(10, simulator.MissingKey)
	c.provokes(4, simulator.ReusedKey)
	c.provokes(1, simulator.IdlePut)
	id := c.user(maria)
	for _, path := range []string{"/v1/users", "/v1/users/" + id + "/verifications", recipients, accounts, accounts + "/" + id + "/liquidation-address"} {
		c.send("POST", path, doc{}, "Idempotency-Key", "").wantBody(400,
			`{"error":"Invalid request data","details":[{"path":"idempotency-key","message":"Required","code":"invalid_type"}]}`)
		c.send("POST", path, doc{}, "Idempotency-Key", "retry-1").wantText(400, "Invalid uuid")
	}
	c.send("PUT", "/v1/users/"+id, doc{}, "Idempotency-Key", "").wantStatus(200)
	c.send("POST", "/webhooks/register", doc{"client_uuid": clientID, "webhook_url": "http://localhost"}, "Idempotency-Key", "").wantStatus(200)
}

func TestTheSameKeyAgain(t *testing.T) {
	key := []string{"Idempotency-Key", keyNumber(99)}
	t.Run("replays the answer if the body says the same", func(t *testing.T) {
		c := dial(t, &simulator.Server{})
		first := c.send("POST", "/v1/users", `{"type":"individual","email":"a@b.co","first_name":"A","last_name":"B","birth_date":"1990-01-01","nationality":"MEX"}`, key...).wantStatus(201)
		again := c.send("POST", "/v1/users", `{ "email":"a@b.co", "first_name":"A", "type":"individual", "last_name":"B", "nationality":"MEX", "birth_date":"1990-01-01"}`, key...).wantStatus(201)
		if string(first.raw) != string(again.raw) || len(c.s.Users()) != 1 {
			t.Errorf("%s\nthen %s, %d users", first.raw, again.raw, len(c.s.Users()))
		}
	})
	t.Run("is a conflict on recipients if it does not", func(t *testing.T) {
		c := dial(t, &simulator.Server{})
		c.provokes(1, simulator.ReusedKey)
		user := c.user(maria)
		c.send("POST", recipients, swift(user), key...).wantStatus(201)
		c.send("POST", recipients, but(swift(user), doc{"first_name": "Ana"}), key...).wantBody(409,
			`{"error":{"code":"IDEMPOTENCY_CONFLICT","message":"Idempotency key has already been used with different request data","details":{}}}`)
	})
	t.Run("replays elsewhere, or refuses", func(t *testing.T) {
		for knob, status := range map[string]int{"": 201, "conflict": 409} {
			c := dial(t, &simulator.Server{KeyReuse: knob})
			c.provokes(1, simulator.ReusedKey)
			c.send("POST", "/v1/users", maria, key...).wantStatus(201)
			c.send("POST", "/v1/users", acme, key...).wantStatus(status)
			if n := len(c.s.Users()); n != 1 {
				t.Errorf("%d users", n)
			}
		}
	})
	t.Run("is burnt for users by a rejected request", func(t *testing.T) {
		c := dial(t, &simulator.Server{})
		c.provokes(1, simulator.ReusedKey)
		c.send("POST", "/v1/users", but(maria, doc{"email": nil}), key...).wantStatus(400)
		c.send("POST", "/v1/users", maria, key...).wantBody(400, `{"code":"validation_error","message":"Failed to store idempotency key"}`)
		c.send("POST", "/v1/users", maria).wantStatus(201)
	})
	t.Run("but not for recipients", func(t *testing.T) {
		c := dial(t, &simulator.Server{})
		c.provokes(1, simulator.ReusedKey)
		user := c.user(maria)
		c.send("POST", recipients, but(swift(user), doc{"email": nil}), key...).wantStatus(400)
		c.send("POST", recipients, swift(user), key...).wantStatus(201)
	})
	t.Run("is forgotten after a day", func(t *testing.T) {
		clock := newClock()
		c := dial(t, &simulator.Server{Now: clock.now, TokenTTL: 99 * time.Hour})
		c.provokes(1, simulator.SecondObject)
		c.send("POST", "/v1/users", maria, key...).wantStatus(201)
		clock.pass(24*time.Hour - 1)
		c.send("POST", "/v1/users", maria, key...).wantStatus(201)
		if n := len(c.s.Users()); n != 1 {
			t.Errorf("%d users within the day, want 1", n)
		}
		clock.pass(1)
		c.send("POST", "/v1/users", maria, key...).wantStatus(201)
		if n := len(c.s.Users()); n != 2 {
			t.Errorf("%d users a day later, want 2", n)
		}
	})
}

// observed.md 7: "10 parallel same key+body -> one id, all 201; 10 parallel
// same key, ten bodies -> one 201, nine 409".
func TestTheSameKeyInParallel(t *testing.T) {
	for _, test := range []struct {
		name   string
		body   func(user string, i int) doc
		want   string
		reuses int
	}{
		{"one body makes one recipient", func(user string, _ int) doc { return swift(user) }, "map[201:10]", 0},
		{"ten bodies make one and nine conflicts", func(user string, i int) doc {
			return but(swift(user), doc{"first_name": fmt.Sprint("Maria ", i)})
		}, "map[201:1 409:9]", 9},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &simulator.Server{}
			c := dial(t, s)
			c.provokes(test.reuses, simulator.ReusedKey)
			user := c.user(maria)
			server := httptest.NewServer(s)
			defer server.Close()
			var wg sync.WaitGroup
			statuses := make([]int, 10)
			for i := range statuses {
				wg.Go(func() {
					body := test.body(user, i)
					statuses[i] = overHTTP(t, server.URL+"/sandbox/v1/recipients", c.token, keyNumber(500), body)
				})
			}
			wg.Wait()
			counts := map[int]int{}
			for _, status := range statuses {
				counts[status]++
			}
			if got := fmt.Sprint(counts); got != test.want || len(s.Recipients()) != 1 {
				t.Errorf("answers %s and %d recipients, want %s and 1", got, len(s.Recipients()), test.want)
			}
		})
	}
}

// overHTTP posts over a socket and returns the status.
func overHTTP(t *testing.T, url, token, key string, body doc) int {
	req, err := http.NewRequestWithContext(t.Context(), "POST", url, strings.NewReader(mustJSON(body)))
	if err != nil {
		t.Error(err)
		return 0
	}
	req.Header.Set("X-Api-Key", "key")
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Idempotency-Key", key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Error(err)
		return 0
	}
	resp.Body.Close()
	return resp.StatusCode
}
