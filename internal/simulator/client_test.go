package simulator_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"kiraform/internal/simulator"
	"kiraform/internal/simulator/simtest"
)

type doc = map[string]any

const clientID = "11111111-2222-4333-8444-555555555555"

// A client calls a simulator as a program would, with good credentials.
type client struct {
	t     *testing.T
	s     *simulator.Server
	watch *simtest.Watch
	line  http.RoundTripper // nil means one on which the server knows nobody
	token string
	keys  *int // how many it has used
}

func dial(t *testing.T, s *simulator.Server) *client {
	t.Helper()
	t.Cleanup(func() { s.Close() })
	c := &client{t: t, s: s, watch: simtest.Behave(t, s), keys: new(int)}
	r := c.send("POST", "/auth", doc{"client_id": clientID, "password": "pw"})
	r.wantStatus(200)
	c.token = r.text("data.access_token")
	return c
}

// in is the same client, for a subtest.
func (c *client) in(t *testing.T) *client {
	return &client{t: t, s: c.s, watch: c.watch, token: c.token, keys: c.keys}
}

// provokes says that the test means to misbehave n times in this way.
func (c *client) provokes(n int, kind simulator.MisbehaviourKind) {
	c.watch.Provokes(slices.Repeat([]simulator.MisbehaviourKind{kind}, n)...)
}

type reply struct {
	t      *testing.T
	what   string
	status int
	header http.Header
	raw    []byte
}

// send makes a call, with a new Idempotency-Key if it is a POST. Headers are
// pairs; an empty value removes one.
func (c *client) send(method, path string, body any, headers ...string) *reply {
	c.t.Helper()
	r, err := c.try(method, path, body, headers...)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	return r
}

func (c *client) try(method, path string, body any, headers ...string) (*reply, error) {
	var payload io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		payload = strings.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			return nil, err
		}
		payload = bytes.NewReader(raw)
	}
	req, err := http.NewRequest(method, "http://kira.test"+path, payload)
	if err != nil {
		return nil, err
	}
	req.Header.Set("X-Api-Key", "key")
	req.Header.Set("X-Api-Version", "2026-04-14")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	if method == "POST" {
		*c.keys++
		req.Header.Set("Idempotency-Key", keyNumber(*c.keys))
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
		if headers[i+1] == "" {
			req.Header.Del(headers[i])
		}
	}
	line := c.line
	if line == nil {
		line = c.s
	}
	resp, err := line.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(resp.Body)
	return &reply{c.t, method + " " + path, resp.StatusCode, resp.Header, raw}, err
}

func keyNumber(n int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", n) }

func (r *reply) wantStatus(status int) *reply {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("%s answered %d %s, want %d", r.what, r.status, r.raw, status)
	}
	return r
}

// wantBody compares the whole body with a JSON text.
func (r *reply) wantBody(status int, want string) {
	r.t.Helper()
	r.wantStatus(status)
	var got, exp any
	if err := json.Unmarshal(r.raw, &got); err != nil {
		r.t.Fatalf("%s: body %q: %v", r.what, r.raw, err)
	}
	if err := json.Unmarshal([]byte(want), &exp); err != nil {
		r.t.Fatal(err)
	}
	if !reflect.DeepEqual(got, exp) {
		r.t.Errorf("%s answered\n%s, want\n%s", r.what, r.raw, want)
	}
}

func (r *reply) wantText(status int, part string) {
	r.t.Helper()
	r.wantStatus(status)
	if text := strings.NewReplacer(`\u0026`, "&", `\u003c`, "<", `\u003e`, ">").Replace(string(r.raw)); !strings.Contains(text, part) {
		r.t.Errorf("%s answered %s, want %q in it", r.what, text, part)
	}
}

// get follows a path such as "data.0.id".
func (r *reply) get(path string) any {
	r.t.Helper()
	var v any
	if err := json.Unmarshal(r.raw, &v); err != nil {
		r.t.Fatalf("%s: body %q: %v", r.what, r.raw, err)
	}
	if path == "" {
		return v
	}
	for part := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case doc:
			v = x[part]
		case []any:
			var i int
			fmt.Sscan(part, &i)
			if i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

func (r *reply) text(path string) string {
	s, _ := r.get(path).(string)
	return s
}

func (r *reply) want(path string, want any) *reply {
	r.t.Helper()
	if got := r.get(path); !reflect.DeepEqual(got, want) {
		r.t.Errorf("%s: %s is %#v, want %#v", r.what, path, got, want)
	}
	return r
}

// but is a body with some fields changed; nil removes one.
func but(base doc, changes doc) doc {
	b := maps.Clone(base)
	maps.Copy(b, changes)
	maps.DeleteFunc(b, func(_ string, v any) bool { return v == nil })
	return b
}

// maria is complete for usa-virtual-accounts-act.
var maria = doc{
	"type": "individual", "verification_mode": "automatic",
	"first_name": "Maria", "last_name": "Gonzalez", "birth_date": "1990-05-15",
	"email": "maria@example.com", "phone": "+525512345678", "nationality": "MEX",
	"address_street": "Av. Reforma 123", "address_city": "Ciudad de Mexico", "address_state": "CDMX",
	"address_zip_code": "06600", "address_country": "MEX",
	"document_type": "passport", "document_number": "G12345678", "document_country": "MEX",
	"immigration_status": "Non-Resident of U.S.", "employment_status": "employed",
	"current_employer": "Self", "occupation": "Engineer", "source_of_funds": "salary",
	"identifying_information": []any{doc{"type": "passport", "issuing_country": "MEX", "number": "G12345678", "expiration": "2030-05-15"}},
	"additional_info":         doc{"has_us_bank_account": "no", "has_denied_bank_account": "no"},
	"account_purpose":         "receive_payments",
}

// acme is complete for usa-virtual-accounts-act.
var acme = doc{
	"type": "business", "business_legal_name": "Acme Trading LLC", "doing_business_as": "Acme", "business_type": "llc",
	"business_industry": []any{"merchant_wholesalers_nondurable_goods"}, "formation_date": "2020-01-15", "formation_country": "USA",
	"email": "ops@acme.com", "phone": "+14155559999", "address_street": "1 Market Street", "address_city": "San Francisco",
	"address_state": "CA", "address_zip_code": "94105", "address_country": "USA", "ein": "12-3456789",
	"account_purpose": "operating_business_payments", "source_of_funds": "company_funds",
	"associated_persons": []any{doc{"first_name": "Alice", "last_name": "Smith", "birth_date": "1980-05-15",
		"email": "alice@acme.com", "nationality": "USA", "document_number": "D11111111", "ssn": "222-22-2222", "role": "control_prong"}},
}

// A clock stands still until it is moved.
type clock struct{ at time.Time }

func newClock() *clock                { return &clock{time.Date(2026, 5, 1, 10, 0, 0, 0, time.UTC)} }
func (c *clock) now() time.Time       { return c.at }
func (c *clock) pass(d time.Duration) { c.at = c.at.Add(d) }

func (c *client) user(body doc) string {
	c.t.Helper()
	return c.send("POST", "/v1/users", body).wantStatus(201).text("id")
}

// verified makes a user and plays the person at Kira.
func (c *client) verified(body doc) string {
	c.t.Helper()
	id := c.user(body)
	if err := c.s.SetUserStatus(id, "VERIFIED"); err != nil {
		c.t.Fatal(err)
	}
	return id
}
