package kira

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var get = Request{Method: "GET", Path: "/v1/users"}

func TestTokenIsRenewedBeforeItsEnd(t *testing.T) {
	for _, tt := range []struct {
		name string
		life int
		good time.Duration // how long it is used
	}{
		{"an hour, less five minutes", 3600, 55 * time.Minute},
		{"a day, less five minutes", 86400, 24*time.Hour - 5*time.Minute},
		{"six minutes: half of them", 360, 3 * time.Minute},
		{"no lifetime means an hour", -1, 55 * time.Minute},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &fake{life: tt.life}
				c := f.client()
				for _, wait := range []time.Duration{0, tt.good - time.Second, time.Second} {
					time.Sleep(wait)
					if err := c.Do(t.Context(), get, nil); err != nil {
						t.Fatal(err)
					}
				}
				check(t, "tokens", f.all[0].token+f.all[1].token+f.all[2].token, "t1t1t2")
			})
		})
	}
}

func TestManyWorkersSignInOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{delay: 20 * time.Millisecond}
		f.answer = func(s sent) (*http.Response, error) {
			if s.token == "t1" {
				return reply(401, `{"message":"The incoming token has expired"}`)
			}
			return reply(200, `{}`)
		}
		c := f.client()
		var wg sync.WaitGroup
		for i := range 50 {
			wg.Go(func() {
				time.Sleep(time.Duration(i) * time.Millisecond) // some come back when the new token is there
				if err := c.Do(t.Context(), get, nil); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		check(t, "sign-ins", f.auths, 2)
		if n := f.count(); n > 100 {
			t.Errorf("%d requests, want at most two for each worker", n)
		}
	})
}

func TestTheSameTokenAgainDoesNotLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{
			auth: func(int) (*http.Response, error) {
				return reply(200, `{"data":{"access_token":"same","expires_in":60}}`)
			},
			answer: inTurn(says(401, `{"message":"Unauthorized"}`)),
		}
		err := f.client().Do(t.Context(), get, nil)
		e, ok := errors.AsType[*Error](err)
		if !ok || e.Status != 401 || e.Refused() {
			t.Fatalf("error = %v, want a 401 that is no refusal", err)
		}
		check(t, "sign-ins", f.auths, 4)
		check(t, "requests", f.count(), 4)
		if !strings.Contains(err.Error(), "each new token was refused as well") || !e.NotDone() {
			t.Errorf("error = %v, want one that says what is known", err)
		}
	})
}

// Tokens that are revoked one after the other, within a second or two, are
// replaced by new ones, and the request goes through with its key.
func TestTokensRevokedInARow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{}
		f.answer = func(s sent) (*http.Response, error) {
			if s.token < "t4" {
				return reply(401, `{"message":"Unauthorized"}`)
			}
			return reply(201, `{}`)
		}
		c := f.client()
		began := time.Now()
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				if err := c.Do(t.Context(), Request{Method: "POST", Path: "/v1/users", Key: "k"}, nil); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		check(t, "sign-ins", f.auths, 4)
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("took %v, want a short wait", took)
		}
	})
}

// A wait that Kira asks for at /auth is kept by all who need the token, said to
// all of them, and ends nobody's patience before its time.
func TestSigningInWaitsForKira(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{auth: func(n int) (*http.Response, error) {
			if n == 1 {
				return reply(429, ``, "Retry-After", "240")
			}
			return reply(200, `{"data":{"access_token":"t","expires_in":3600}}`)
		}}
		c := f.client()
		began := time.Now()
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				var notes []string
				err := c.Do(t.Context(), Request{Method: "GET", Path: "/v1/users", Note: func(s string) { notes = append(notes, s) }}, nil)
				want := "signing in: retry 2 of 5 in 4m0s, at 00:04:00 UTC: 429 Too Many Requests" // a bubble begins at midnight
				if said := strings.Join(notes, "; "); err != nil || said != want {
					t.Errorf("%v, said %q; want %q", err, said, want)
				}
			})
		}
		wg.Wait()
		check(t, "sign-ins", f.auths, 2)
		if took := time.Since(began); took < 4*time.Minute || took > 5*time.Minute {
			t.Errorf("took %v, want the 4 minutes that Kira asked for", took)
		}
	})
}

func TestRefusedCredentialsAreNotTriedByEveryWorker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{auth: func(int) (*http.Response, error) { return reply(403, `{"message":"Forbidden"}`) }}
		c := f.client()
		for range 10 {
			err := c.Do(t.Context(), Request{Method: "POST", Path: "/v1/users", Key: "k"}, nil)
			e, ok := errors.AsType[*Error](err)
			if !ok || e.Refused() || !strings.Contains(err.Error(), "belongs to the other environment") {
				t.Fatalf("error = %v, want an explained 403 that says nothing about the user", err)
			}
		}
		check(t, "sign-ins", f.auths, 1)
		check(t, "requests", f.count(), 0)
		time.Sleep(refusedFor)
		_ = c.Do(t.Context(), get, nil)
		check(t, "sign-ins a minute later", f.auths, 2)
	})
}

func TestSigningInIsRetriedAndSharedWhoeverLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{}
		f.auth = func(n int) (*http.Response, error) {
			if n == 1 {
				return reply(503, ``, "Retry-After", "10")
			}
			return reply(200, `{"data":{"access_token":"t","expires_in":3600}}`)
		}
		c := f.client()
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := c.Do(ctx, get, nil); !errors.Is(err, context.Canceled) {
				t.Errorf("error of who left = %v", err)
			}
		})
		synctest.Wait()
		wg.Go(func() {
			if err := c.Do(t.Context(), get, nil); err != nil {
				t.Errorf("error of who stayed = %v", err)
			}
		})
		synctest.Wait()
		cancel()
		wg.Wait()
		check(t, "sign-ins", f.auths, 2)
		check(t, "requests", f.count(), 1)
	})
}

func TestAnAnswerWithoutTokenIsNotShown(t *testing.T) {
	for _, body := range []string{`{"data":{}}`, `{"data":{"access_token":"eyJsecret`, `eyJsecret`} {
		synctest.Test(t, func(t *testing.T) {
			f := &fake{auth: func(int) (*http.Response, error) { return reply(200, body) }}
			err := f.client().Do(t.Context(), get, nil)
			if _, ok := errors.AsType[*NoAnswer](err); !ok || strings.Contains(err.Error(), "secret") {
				t.Errorf("error = %v", err)
			}
		})
	}
}
