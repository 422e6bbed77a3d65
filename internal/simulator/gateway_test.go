package simulator_test

import (
	"strings"
	"testing"
	"time"

	"kiraform/internal/simulator"
)

// observed.md 1.
func TestGateway(t *testing.T) {
	c := dial(t, &simulator.Server{})
	c.provokes(1, simulator.Patch)
	c.provokes(6, simulator.UnknownRoute)
	const pair = "Invalid key=value pair (missing equal-sign) in Authorization header"
	for _, test := range []struct {
		name, method, path string
		headers            []string
		status             int
		body, kind         string
	}{
		{"no api key is forbidden", "GET", "/v1/users", []string{"X-Api-Key", ""}, 403, `"Forbidden"`, "ForbiddenException"},
		{"no bearer is unauthorized", "GET", "/v1/users", []string{"Authorization", ""}, 401, `"Unauthorized"`, "UnauthorizedException"},
		{"a token of somebody else is unauthorized", "GET", "/v1/users", []string{"Authorization", "Bearer a.b.c"}, 401, `"Unauthorized"`, "UnauthorizedException"},
		{"an altered token is forbidden", "GET", "/v1/users", []string{"Authorization", "Bearer " + c.token + "x"}, 403, `"Forbidden"`, "ForbiddenException"},
		{"PATCH is no route, and the bearer is blamed", "PATCH", "/v1/users/" + clientID, nil, 403, pair, "IncompleteSignatureException"},
		{"nor is DELETE", "DELETE", "/v1/recipients/" + clientID, nil, 403, pair, "IncompleteSignatureException"},
		{"countries live below /v1", "GET", "/countries", nil, 403, pair, "IncompleteSignatureException"},
		{"webhooks do not", "POST", "/v1/webhooks/register", nil, 403, pair, "IncompleteSignatureException"},
		{"documents have no route of their own", "POST", "/v1/documents", nil, 403, pair, "IncompleteSignatureException"},
		{"prices are of the next version", "GET", "/v1/pricing", nil, 403, pair, "IncompleteSignatureException"},
		{"no route and no bearer is another text", "GET", "/api/countries", []string{"Authorization", ""}, 403, "Missing Authentication Token", "MissingAuthenticationTokenException"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := c.in(t)
			r := c.send(test.method, test.path, nil, test.headers...)
			r.wantText(test.status, test.body)
			if got := r.header.Get("X-Amzn-Errortype"); got != test.kind {
				t.Errorf("x-amzn-errortype is %q, want %q", got, test.kind)
			}
			if got := r.header.Get("Content-Type"); got != "application/json" {
				t.Errorf("content-type is %q", got)
			}
		})
	}
}

func TestEveryAnswerIsMarked(t *testing.T) {
	c := dial(t, &simulator.Server{})
	c.provokes(1, simulator.UnknownRoute)
	for _, path := range []string{"/v1/users", "/sandbox/v1/users", "/nowhere"} {
		r := c.send("GET", path, nil)
		if r.header.Get("X-Kiraform-Simulator") != "1" || r.header.Get("X-Amzn-Requestid") == "" {
			t.Errorf("%s: headers %v", path, r.header)
		}
	}
	if id := c.user(maria); !strings.HasPrefix(id, "51000000-") || id[14] != '4' {
		t.Errorf("the id %s is not a marked version 4 UUID", id)
	}
}

// documented.md 1.4.
func TestAuth(t *testing.T) {
	known := &simulator.Credentials{APIKey: "key", ClientID: clientID, Password: "right"}
	for _, test := range []struct {
		name   string
		known  *simulator.Credentials
		body   any
		status int
		want   string
	}{
		{"anything well formed is accepted", nil, doc{"client_id": clientID, "password": "x"}, 200, `"expires_in":3600,"token_type":"Bearer"`},
		{"a client id is a UUID", nil, doc{"client_id": "acme", "password": "x"}, 422, `"loc":["body","client_id"]`},
		{"both fields are required", nil, doc{}, 422, `"loc":["body","password"],"msg":"Field required","type":"missing"`},
		{"known credentials are accepted", known, doc{"client_id": clientID, "password": "right"}, 200, `"message":"Auth token"`},
		{"a wrong password is unauthorized", known, doc{"client_id": clientID, "password": "wrong"}, 401, "Unauthorized"},
		{"an unknown client breaks it", known, doc{"client_id": keyNumber(1), "password": "right"}, 500, "Service unavailable"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := &client{t: t, s: &simulator.Server{Credentials: test.known}, keys: new(int)}
			c.send("POST", "/sandbox/auth", test.body).wantText(test.status, test.want)
		})
	}
}

// observed.md 1: 403 at /auth and 401 elsewhere means a key of the other stage.
func TestAKeyOfTheOtherStage(t *testing.T) {
	c := dial(t, &simulator.Server{})
	c.s = &simulator.Server{Credentials: &simulator.Credentials{APIKey: "other", ClientID: clientID, Password: "pw"}}
	c.send("POST", "/sandbox/auth", doc{"client_id": clientID, "password": "pw"}).wantBody(403, `{"message":"Forbidden"}`)
	c.send("GET", "/sandbox/v1/users", nil).wantBody(401, `{"message":"Unauthorized"}`)
}

func TestATokenExpires(t *testing.T) {
	clock := newClock()
	c := dial(t, &simulator.Server{Now: clock.now})
	clock.pass(time.Hour - time.Second)
	c.send("GET", "/v1/users", nil).wantStatus(200)
	clock.pass(time.Second)
	c.send("GET", "/v1/users", nil).wantBody(401, `{"message":"The incoming token has expired"}`)
}

// documented.md 1.6.
func TestVersioning(t *testing.T) {
	c := dial(t, &simulator.Server{})
	c.provokes(1, simulator.IdleRegistration)
	const path = "/v1/versioning/upgrade"
	c.send("POST", path, doc{"version": "2026-04-14"}).wantText(400, "target_version is Required")
	c.send("POST", path, doc{"target_version": "2031-01-01"}).wantText(400, "target_version is Invalid enum value")
	if r := c.send("GET", "/v1/users", nil, "X-Api-Version", ""); r.header.Get("X-Api-Version") != "2025-01-01" {
		t.Errorf("an account starts with %q", r.header.Get("X-Api-Version"))
	}
	c.send("POST", path, doc{"target_version": "2026-04-14"}).
		wantBody(200, `{"previous_version":"2025-01-01","current_version":"2026-04-14"}`)
	c.send("POST", path, doc{"target_version": "2026-04-14"}).
		wantBody(200, `{"previous_version":"2026-04-14","current_version":"2026-04-14"}`)
	c.send("POST", path, doc{"target_version": "2025-01-01"}).wantText(400, "Cannot downgrade")
	if r := c.send("GET", "/v1/users", nil, "X-Api-Version", ""); r.header.Get("X-Api-Version") != "2026-04-14" {
		t.Errorf("a pinned account answers with %q", r.header.Get("X-Api-Version"))
	}
	// observed.md 3: the next version is there, and the way to it is the same.
	c.send("POST", path, doc{"target_version": "2026-06-01"}).
		wantBody(200, `{"previous_version":"2026-04-14","current_version":"2026-06-01"}`)
	c.send("POST", path, doc{"target_version": "2026-04-14"}).wantText(400, "Cannot downgrade from 2026-06-01")
}

// observed.md 11.
func TestCountries(t *testing.T) {
	c := dial(t, &simulator.Server{})
	r := c.send("GET", "/v1/countries", nil).wantStatus(200).want("count", 250.0)
	rows := r.get("data").([]any)
	seen := map[any]bool{}
	for _, row := range rows {
		seen[row.(doc)["alpha3"]] = true
	}
	if len(seen) != 250 || !seen["MEX"] || !seen["USA"] {
		t.Errorf("%d countries, want 250 different ones", len(seen))
	}
}

func TestRateLimit(t *testing.T) {
	clock := newClock()
	c := dial(t, &simulator.Server{Now: clock.now, RateLimit: 2, RetryAfter: 3 * time.Second})
	c.provokes(1, simulator.EarlyRetry)
	c.send("GET", "/v1/users", nil).wantStatus(200)
	r := c.send("GET", "/v1/users", nil).wantStatus(429)
	if r.header.Get("Retry-After") != "3" {
		t.Errorf("Retry-After is %q, want 3", r.header.Get("Retry-After"))
	}
	clock.pass(time.Second)
	c.send("GET", "/v1/users", nil).wantStatus(200)
}

func TestBodiesThatAreNotObjects(t *testing.T) {
	c := dial(t, &simulator.Server{})
	for _, body := range []string{"[", "[]", "null", "{} {}", `"x"`, `{"type":}`, `{"email":"\x"}`} {
		c.send("POST", "/v1/users", body).wantBody(400, `{"code":"bad_request","message":"Request body is not a JSON object"}`)
	}
}

// brief, "Content-Type": a body that does not say that it is JSON is not read.
func TestBodiesThatDoNotSayWhatTheyAre(t *testing.T) {
	c := dial(t, &simulator.Server{})
	login := doc{"client_id": clientID, "password": "pw"}
	for _, as := range []string{"", "text/plain", "application/x-www-form-urlencoded", "application/jsonp", "json"} {
		c.provokes(3, simulator.ContentType)
		c.send("POST", "/auth", login, "Content-Type", as).wantText(422, "Field required")
		c.send("POST", "/v1/users", maria, "Content-Type", as).wantText(400, "Invalid discriminator value")
		c.send("POST", "/webhooks/register", doc{"webhook_url": "http://127.0.0.1:9"}, "Content-Type", as).wantText(400, "Field required")
	}
	id := c.user(maria)
	c.provokes(1, simulator.ContentType)
	c.provokes(1, simulator.IdlePut)
	c.send("PUT", "/v1/users/"+id, doc{"phone": "+520000000000"}, "Content-Type", "text/plain").wantStatus(200)
	c.send("GET", "/v1/users/"+id, nil).want("phone", "+525512345678")
	c.send("PUT", "/v1/users/"+id, doc{"phone": "+520000000000"}, "Content-Type", "Application/JSON; charset=utf-8").
		wantStatus(200).want("phone", "+520000000000")
}
