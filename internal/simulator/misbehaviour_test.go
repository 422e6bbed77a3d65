package simulator_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kiraform/internal/simulator"
	"kiraform/internal/simulator/simtest"
)

// guarded is a client whose misbehaviour is the subject of the test.
func guarded(t *testing.T, s *simulator.Server) *client {
	c := dial(t, s)
	c.watch.Allows(allKinds(t)...)
	return c
}

// enter signs in and leaves it to the test to look at the list.
func enter(t *testing.T, s *simulator.Server, line http.RoundTripper) *client {
	c := &client{t: t, s: s, line: line, keys: new(int)}
	c.token = c.send("POST", "/auth", doc{"client_id": clientID, "password": "pw"}).text("data.access_token")
	return c
}

// allKinds reads the kinds from where they are declared.
func allKinds(t *testing.T) (kinds []simulator.MisbehaviourKind) {
	t.Helper()
	src, err := os.ReadFile("misbehaviour.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`MisbehaviourKind = "(.+)"`).FindAllStringSubmatch(string(src), -1) {
		kinds = append(kinds, simulator.MisbehaviourKind(m[1]))
	}
	if len(kinds) < 10 {
		t.Fatalf("found %d kinds of misbehaviour", len(kinds))
	}
	return kinds
}

// blamed is the list in one line, as "kind METHOD path", without ids.
func blamed(s *simulator.Server) string {
	list, _ := s.Misbehaviour()
	var all []string
	for _, m := range list {
		all = append(all, fmt.Sprint(m.Kind, " ", m.Method, " ", m.Path))
	}
	return anyID.ReplaceAllString(strings.Join(all, ", "), "ID")
}

var anyID = regexp.MustCompile(`51000000-[0-9a-f-]{27}`)

// sweep is a liquidation address that pays out to an account.
func sweep(token, network, number string) doc {
	return doc{"network": network, "token": token, "recipient": doc{"type": "business", "company_name": "Acme", "account": doc{
		"account_type": "ACH", "routing_number": "021000021", "account_number": number, "type": "checking",
		"bank_name": "Bank", "bank_address": "1 Main St"}}}
}

const (
	secondUser      = "second-object POST /v1/users"
	secondRecipient = "second-object POST /v1/recipients"
	secondAccount   = "second-object POST /v1/virtual-accounts"
	idlePut         = "idle-put PUT /v1/users/ID"
	idleWebhook     = "idle-registration POST /webhooks/register"
	idlePin         = "idle-registration POST /v1/versioning/upgrade"
)

func TestMisbehaviour(t *testing.T) {
	shown := doc{"metadata": doc{"a": "1"}}
	put := func(c *client, id string, body doc) { c.send("PUT", "/v1/users/"+id, body) }
	pin := func(c *client, version string) {
		c.send("POST", "/v1/versioning/upgrade", doc{"target_version": version}, "Idempotency-Key", "")
	}
	register := func(c *client, url string) {
		c.send("POST", "/webhooks/register", doc{"client_uuid": clientID, "webhook_url": url}, "Idempotency-Key", "")
	}
	for _, test := range []struct {
		name string
		does func(c *client)
		want string
	}{
		{"a good client", func(c *client) {
			id := c.verified(maria)
			put(c, id, shown)
			c.send("POST", accounts, actAccount(id))
			c.send("POST", recipients, swift(id))
			c.send("GET", "/v1/users?limit=100", nil)
			pin(c, "2026-04-14")
			c.register()
		}, ""},
		{"PATCH", func(c *client) { c.send("PATCH", "/v1/users/"+clientID, doc{}) }, "patch PATCH /v1/users/" + clientID},
		{"a route that Kira does not have", func(c *client) { c.send("DELETE", "/sandbox/v1/users/x", nil) }, "unknown-route DELETE /v1/users/x"},
		{"an id that is empty", func(c *client) { c.send("GET", "/v1/virtual-accounts/", nil) }, "unknown-route GET /v1/virtual-accounts/"},
		{"a limit over 100", func(c *client) { c.send("GET", "/v1/users?limit=101", nil) }, "limit-over-100 GET /v1/users"},
		{"no key", func(c *client) { c.send("POST", "/v1/users", maria, "Idempotency-Key", "") }, "missing-key POST /v1/users"},
		{"no key, though it would have been refused", func(c *client) { c.send("POST", recipients, doc{}, "Idempotency-Key", "") }, "missing-key POST /v1/recipients"},
		{"a body that does not say that it is JSON", func(c *client) {
			c.send("POST", "/v1/users", maria, "Content-Type", "text/plain")
			c.send("POST", "/v1/versioning/upgrade", nil, "Content-Type", "")
		}, "content-type POST /v1/users"},
		{"a key for another body", func(c *client) {
			c.send("POST", "/v1/users", maria, "Idempotency-Key", keyNumber(900))
			c.send("POST", "/v1/users", maria, "Idempotency-Key", keyNumber(900))
			c.send("POST", "/v1/users", acme, "Idempotency-Key", keyNumber(900))
		}, "reused-key POST /v1/users"},
		{"a key for another route", func(c *client) {
			id := c.user(maria)
			c.send("POST", recipients, swift(id), "Idempotency-Key", keyNumber(900))
			c.send("POST", "/v1/users/"+id+"/verifications", doc{"type": "api"}, "Idempotency-Key", keyNumber(900))
		}, "reused-key POST /v1/users/ID/verifications"},
		{"a user with the type and e-mail of another", func(c *client) {
			c.user(maria)
			c.user(but(maria, doc{"first_name": "Ana", "email": "MARIA@example.com"}))
			c.user(but(acme, doc{"email": "maria@example.com"}))
		}, secondUser},
		{"a user who is given the e-mail of another", func(c *client) {
			c.user(maria)
			put(c, c.user(but(maria, doc{"email": "ana@example.com"})), doc{"email": "maria@example.com"})
		}, "second-object PUT /v1/users/ID"},
		{"a user whose e-mail another has given up", func(c *client) {
			put(c, c.user(maria), doc{"email": "ana@example.com"})
			c.user(maria)
		}, ""},
		{"an account with the user, bank and mode of another", func(c *client) {
			id := c.verified(wireUser())
			wire := but(actAccount(id), doc{"provider": nil, "bank": "slovak_savings_bank"})
			c.send("POST", accounts, wire)
			c.send("POST", accounts, actAccount(id))
			c.send("POST", accounts, but(wire, doc{"description": "another"}))
		}, secondAccount},
		{"an ACT account that Kira refuses", func(c *client) {
			id := c.verified(maria)
			c.send("POST", accounts, actAccount(id))
			c.send("POST", accounts, actAccount(id)).wantStatus(409)
		}, ""},
		{"a crypto account with the currency and network of another", func(c *client) {
			id := c.verified(wireUser())
			c.send("POST", accounts, cryptoAccount(id)).wantStatus(201)
			to := cryptoAccount(id)["destination"].(doc)
			c.send("POST", accounts, but(cryptoAccount(id), doc{"destination": but(to, doc{"network": "polygon", "currency": "USDC"})}))
			c.send("POST", accounts, cryptoAccount(id)).wantStatus(201)
		}, secondAccount},
		{"an account in place of one that is closed", func(c *client) {
			id := c.verified(maria)
			first := c.send("POST", accounts, actAccount(id)).text("id")
			if err := c.s.CloseAccount(first); err != nil {
				c.t.Fatal(err)
			}
			c.send("POST", accounts, actAccount(id)).wantStatus(201)
		}, ""},
		{"a recipient whose money goes where that of another does", func(c *client) {
			id := c.user(maria)
			to := swift(id)["account"].(doc)
			c.send("POST", recipients, swift(id)).wantStatus(201)
			c.send("POST", recipients, but(swift(id), doc{"account": but(to, doc{"account_number": "0000000000"})})).wantStatus(201)
			c.send("POST", recipients, but(swift(c.user(acme)), doc{"first_name": "Ana"})).wantStatus(201)
			spaced := to["account_number"].(string)
			spaced = strings.ToLower(spaced[:4]) + " " + spaced[4:6] + "-" + spaced[6:]
			c.send("POST", recipients, but(swift(id), doc{"first_name": "Ana", "account": but(to, doc{"account_number": spaced})})).wantStatus(201)
		}, secondRecipient},
		{"wallets whose addresses differ in case", func(c *client) {
			id := c.user(maria)
			solana := "4Nd1mBQtrMJVYVfKf2PJy9NZUZdTAsp7D4xWLs4gDB4T"
			c.send("POST", recipients, wallet(id, "USDC", "solana", solana)).wantStatus(201)
			c.send("POST", recipients, wallet(id, "USDC", "solana", "4nd1mBQtrMJVYVfKf2PJy9NZUZdTAsp7D4xWLs4gDB4T")).wantStatus(201)
			c.send("POST", recipients, wallet(id, "USDC", "polygon", "0x"+strings.Repeat("ab", 20))).wantStatus(201)
			c.send("POST", recipients, wallet(id, "USDC", "polygon", "0x"+strings.Repeat("AB", 20))).wantStatus(201)
		}, secondRecipient},
		{"a liquidation address for the token and network of another", func(c *client) {
			id := c.send("POST", accounts, actAccount(c.verified(maria))).text("id")
			if err := c.s.ActivateAccount(id); err != nil {
				c.t.Fatal(err)
			}
			path := accounts + "/" + id + "/liquidation-address"
			c.send("POST", path, sweep("USDC", "solana", "123456789")).wantStatus(201)
			c.send("POST", path, sweep("USDC", "polygon", "1234567890")).wantStatus(201)
			c.send("POST", path, sweep("USDC", "solana", "12345678901")).wantStatus(201)
		}, "second-object POST /v1/virtual-accounts/ID/liquidation-address"},
		{"a webhook as it is", func(c *client) {
			register(c, "http://127.0.0.1:9/a")
			register(c, "http://127.0.0.1:9/b")
			register(c, "http://127.0.0.1:9/b")
			register(c, "http://127.0.0.1:9/a")
		}, idleWebhook},
		{"a pin as it is", func(c *client) {
			pin(c, "2025-01-01")
			pin(c, "2026-04-14")
			pin(c, "2026-04-14")
		}, idlePin},
		{"PUT without a change", func(c *client) {
			id := c.user(maria)
			put(c, id, shown)
			put(c, id, shown)
			put(c, id, doc{"source_of_funds": maria["source_of_funds"], "phone": "+520000000000"})
			put(c, id, doc{"no_such_field": "1"})
		}, idlePut},
		{"PUT of nothing", func(c *client) { put(c, c.user(maria), doc{}) }, idlePut},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := guarded(t, &simulator.Server{})
			test.does(c)
			if got := blamed(c.s); got != test.want {
				t.Errorf("the list has %q, want %q", got, test.want)
			}
		})
	}
}

// Who did not get an answer is right to ask again.
func TestWhoIsInDoubtIsNotBlamed(t *testing.T) {
	for _, kind := range []simulator.FaultKind{simulator.DropBefore, simulator.DropAfter, simulator.ErrorBefore, simulator.ErrorAfter,
		simulator.BadGateway, simulator.NotJSON} {
		t.Run(string(kind), func(t *testing.T) {
			c := guarded(t, &simulator.Server{})
			path := "/v1/users/" + c.user(maria)
			phone := func(n string) doc { return doc{"phone": n} }
			spoilt := func(method, path string, body doc) {
				c.s.SetFaults(simulator.Faults{Rules: []simulator.Fault{{Kind: kind}}})
				c.try(method, path, body, "Idempotency-Key", "")
				c.s.SetFaults(simulator.Faults{})
			}
			spoilt("PUT", path, doc{"phone": "2", "source_of_funds": "savings"})
			c.send("PUT", path, phone("2")) // it changes something or not
			c.send("PUT", path, doc{"source_of_funds": "savings", "occupation": maria["occupation"]})
			hook := doc{"client_uuid": clientID, "webhook_url": "http://127.0.0.1:9/"}
			spoilt("POST", "/webhooks/register", hook)
			c.send("POST", "/webhooks/register", hook, "Idempotency-Key", "")
			version := doc{"target_version": "2026-04-14"}
			spoilt("POST", "/v1/versioning/upgrade", version)
			c.send("POST", "/v1/versioning/upgrade", version, "Idempotency-Key", "")
			if got := blamed(c.s); got != "" {
				t.Errorf("the list has %q", got)
			}
			c.send("PUT", path, phone("2"))
			c.send("POST", "/webhooks/register", hook, "Idempotency-Key", "")
			c.send("POST", "/v1/versioning/upgrade", version, "Idempotency-Key", "")
			if got, want := blamed(c.s), strings.Join([]string{idlePut, idleWebhook, idlePin}, ", "); got != want {
				t.Errorf("once it was answered, the list has %q, want %q", got, want)
			}
		})
	}
}

func TestFaultsExcuseNothing(t *testing.T) {
	c := guarded(t, &simulator.Server{})
	c.s.SetFaults(simulator.Faults{Rules: []simulator.Fault{{Kind: simulator.ErrorBefore}}})
	c.send("PATCH", "/v1/users/x", nil)
	c.send("POST", "/v1/users", maria, "Idempotency-Key", keyNumber(900))
	c.send("POST", "/v1/users", acme, "Idempotency-Key", keyNumber(900))
	if got, want := blamed(c.s), "patch PATCH /v1/users/x, reused-key POST /v1/users"; got != want {
		t.Errorf("the list has %q, want %q", got, want)
	}
}

func TestEarlyRetry(t *testing.T) {
	for _, test := range []struct {
		name  string
		after time.Duration // the wait that the 429 asks for
		waits time.Duration
		then  func(c *client)
		want  string
	}{
		{"too early", 3 * time.Second, 3*time.Second - 1, func(c *client) { c.send("GET", "/v1/users", nil) }, "early-retry GET /v1/users"},
		{"in time", 3 * time.Second, 3 * time.Second, func(c *client) { c.send("GET", "/v1/users", nil) }, ""},
		{"another request", 3 * time.Second, 0, func(c *client) { c.send("GET", "/v1/users?offset=10", nil) }, ""},
		{"another client", 3 * time.Second, 0, func(c *client) { dial(c.t, c.s).send("GET", "/v1/users", nil) }, ""},
		{"Kira did not say", -1, 0, func(c *client) { c.send("GET", "/v1/users", nil) }, ""},
	} {
		for _, limit := range []bool{true, false} {
			t.Run(fmt.Sprint(test.name, ", by the limit: ", limit), func(t *testing.T) {
				clock := newClock()
				c := guarded(t, &simulator.Server{Now: clock.now, RetryAfter: test.after})
				if limit {
					c.s.RateLimit = 1
					c.send("GET", "/v1/countries", nil).wantStatus(200)
				} else {
					c.s.SetFaults(simulator.Faults{Rules: []simulator.Fault{
						{Kind: simulator.Throttled, Method: "GET", Times: 1, RetryAfter: simulator.Duration(test.after)}}})
				}
				c.send("GET", "/v1/users", nil).wantStatus(429)
				c.s.RateLimit = 0
				clock.pass(test.waits)
				test.then(c)
				if got := blamed(c.s); got != test.want {
					t.Errorf("the list has %q, want %q", got, test.want)
				}
			})
		}
	}
}

func TestNeedlessSignIn(t *testing.T) {
	const needless = "needless-sign-in POST /auth"
	for _, test := range []struct {
		name string
		ttl  time.Duration
		does func(s *simulator.Server, clock *clock, enter func(line http.RoundTripper) *client)
		want string
	}{
		{"twice over one connection", 0, func(s *simulator.Server, _ *clock, enter func(http.RoundTripper) *client) {
			line := s.Dial(nil)
			enter(line).send("GET", "/v1/users", nil)
			enter(line)
		}, needless},
		{"by workers that share their connections", 0, func(s *simulator.Server, _ *clock, enter func(http.RoundTripper) *client) {
			one, other := enter(s.Dial(nil)), enter(s.Dial(nil))
			one.send("GET", "/v1/users", nil)
			other.send("GET", "/v1/users", nil)
			one.line, other.line = other.line, one.line
			one.send("GET", "/v1/users", nil)
			other.send("GET", "/v1/users", nil)
		}, needless},
		{"by a client whose connection was lost", 0, func(s *simulator.Server, _ *clock, enter func(http.RoundTripper) *client) {
			c := enter(s.Dial(nil))
			c.send("GET", "/v1/users", nil)
			c.line = s.Dial(nil)
			c.send("GET", "/v1/users", nil)
			enter(c.line)
		}, needless},
		{"by another process", 0, func(s *simulator.Server, _ *clock, enter func(http.RoundTripper) *client) {
			enter(s.Dial(nil)).send("GET", "/v1/users", nil)
			enter(s.Dial(nil)).send("GET", "/v1/users", nil)
		}, ""},
		{"by nobody knows whom", 0, func(s *simulator.Server, _ *clock, enter func(http.RoundTripper) *client) {
			enter(s).send("GET", "/v1/users", nil)
			enter(s).send("GET", "/v1/users", nil)
		}, ""},
		{"for a token that was refused", 0, func(s *simulator.Server, _ *clock, enter func(http.RoundTripper) *client) {
			c := enter(s.Dial(nil))
			c.send("GET", "/v1/users", nil)
			s.SetFaults(simulator.Faults{Rules: []simulator.Fault{{Kind: simulator.ExpiredToken, Times: 1}}})
			c.send("GET", "/v1/users", nil).wantStatus(401)
			enter(c.line).send("GET", "/v1/users", nil)
		}, ""},
		{"for a token that was lost", 0, func(s *simulator.Server, _ *clock, enter func(http.RoundTripper) *client) {
			line := s.Dial(nil)
			enter(line)
			enter(line).send("GET", "/v1/users", nil)
		}, ""},
		{"five minutes before its end", time.Hour, func(s *simulator.Server, clock *clock, enter func(http.RoundTripper) *client) {
			c := enter(s.Dial(nil))
			c.send("GET", "/v1/users", nil)
			clock.pass(55 * time.Minute)
			enter(c.line).send("GET", "/v1/users", nil)
		}, ""},
		{"a second earlier", time.Hour, func(s *simulator.Server, clock *clock, enter func(http.RoundTripper) *client) {
			c := enter(s.Dial(nil))
			c.send("GET", "/v1/users", nil)
			clock.pass(55*time.Minute - time.Second)
			enter(c.line)
		}, needless},
		{"when all is over", time.Hour, func(s *simulator.Server, clock *clock, enter func(http.RoundTripper) *client) {
			c := enter(s.Dial(nil))
			c.send("GET", "/v1/users", nil)
			clock.pass(2 * time.Hour)
			enter(c.line).send("GET", "/v1/users", nil)
		}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			clock := newClock()
			s := &simulator.Server{Now: clock.now, TokenTTL: test.ttl}
			test.does(s, clock, func(line http.RoundTripper) *client {
				return enter(t, s, line)
			})
			if got := blamed(s); got != test.want {
				t.Errorf("the list has %q, want %q", got, test.want)
			}
		})
	}
}

// Over TCP, a server that is told of its connections knows its clients.
func TestNeedlessSignInOverTCP(t *testing.T) {
	s := &simulator.Server{}
	url := simtest.Serve(t, s, nil).URL
	process := func(signIns int) {
		own := &http.Transport{}
		defer own.CloseIdleConnections()
		c := &client{t: t, s: s, keys: new(int), line: to{url, own}}
		for range signIns {
			c.token = c.send("POST", "/auth", doc{"client_id": clientID, "password": "pw"}).text("data.access_token")
			c.send("GET", "/v1/users", nil).wantStatus(200)
		}
	}
	process(1)
	process(1)
	if got := blamed(s); got != "" {
		t.Errorf("two processes are blamed for %q", got)
	}
	process(2)
	if got := blamed(s); got != "needless-sign-in POST /auth" {
		t.Errorf("one that signs in twice is blamed for %q", got)
	}
}

// to sends requests to a server, wherever they are addressed.
type to struct {
	url string
	by  http.RoundTripper
}

func (t to) RoundTrip(r *http.Request) (*http.Response, error) {
	r.URL.Host = strings.TrimPrefix(t.url, "http://")
	return t.by.RoundTrip(r)
}

func TestTheListIsKeptAndEnds(t *testing.T) {
	name := filepath.Join(t.TempDir(), "world.json")
	c := enter(t, &simulator.Server{World: name}, nil)
	id := c.user(maria)
	for range 102 {
		c.send("PATCH", "/v1/users/"+id, nil)
	}
	c.send("GET", "/v1/users/", nil)
	check := func(s *simulator.Server, when string, entries, beyond int) {
		t.Helper()
		if list, more := s.Misbehaviour(); len(list) != entries || more != beyond {
			t.Errorf("%s, the list has %d entries and %d more, want %d and %d", when, len(list), more, entries, beyond)
		}
	}
	check(c.s, "when it is full", 100, 3)
	check(&simulator.Server{World: name}, "in the file", 100, 3)
	if err := c.s.Close(); err != nil {
		t.Fatal(err)
	}
	next := &simulator.Server{World: name}
	check(next, "once it is closed", 100, 3)
	first, _ := next.Misbehaviour()
	if m := first[0]; m.Kind != simulator.Patch || m.Method != "PATCH" || m.Path != "/v1/users/"+id || m.At.IsZero() || m.Detail == "" {
		t.Errorf("the first entry is %+v", m)
	}
	c.s = next
	c.send("GET", "/_admin/misbehaviour", nil).wantStatus(200).want("more", 3.0).
		want("misbehaviour.0.kind", "patch").want("misbehaviour.99.method", "PATCH").want("misbehaviour.100", nil)
	c.send("DELETE", "/_admin/misbehaviour", nil).wantStatus(200)
	c.send("GET", "/_admin/misbehaviour", nil).wantBody(200, `{"misbehaviour":[],"more":0}`)
	check(&simulator.Server{World: name}, "when it was emptied, in the file", 0, 0)
	if n := len(next.Users()); n != 1 {
		t.Errorf("%d users are left, want the one", n)
	}

	// Keys and natural keys of the file are known to the next server.
	c.send("POST", "/v1/users", acme, "Idempotency-Key", keyNumber(2)) // that of the first user
	c.user(maria)
	if got, want := blamed(next), "reused-key POST /v1/users, "+secondUser; got != want {
		t.Errorf("the next server blames for %q, want %q", got, want)
	}
	if err := next.Reset(); err != nil {
		t.Fatal(err)
	}
	check(next, "after a reset", 0, 0)
}

// A second payout for the same thing is never refused, and always noted; after a
// failure it is none.
func TestASecondPayoutIsNoted(t *testing.T) {
	c := guarded(t, &simulator.Server{ActivateAfter: -1, Balance: "150.00", Spend: true})
	account, to := payer(c)
	key := keyNumber(900)
	first := c.send("POST", account+"/payout", pay("60.00", to), "Idempotency-Key", key).wantStatus(201).text("id")
	if again := c.send("POST", account+"/payout", pay("60.00", to), "Idempotency-Key", key).wantStatus(201).text("id"); again != first {
		t.Errorf("the same key made %s and %s", first, again)
	}
	if got := blamed(c.s); got != "" {
		t.Errorf("blamed for %s", got)
	}
	c.send("POST", account+"/payout", pay("60.0", to)).wantStatus(201)
	if got, want := blamed(c.s), "second-payout POST /v1/virtual-accounts/ID/payout"; got != want {
		t.Errorf("blamed for %q, want %q", got, want)
	}
	c.send("POST", account+"/payout", pay("60.00", to)).wantText(400, "Insufficient balance")
	if err := c.s.ForgetMisbehaviour(); err != nil {
		t.Fatal(err)
	}
	for _, p := range c.s.Payouts() {
		if err := c.s.SetPayoutStatus(p["id"].(string), "FAILED"); err != nil {
			t.Fatal(err)
		}
	}
	c.send("POST", account+"/payout", pay("60.00", to)).wantStatus(201)
	if got := blamed(c.s); got != "" {
		t.Errorf("blamed for %s", got)
	}
}

// Each kind is provoked by some test here, and described on the page.
func TestMisbehaviourIsDescribed(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "kira.md"))
	if err != nil {
		t.Fatal(err)
	}
	tests, err := os.ReadFile("misbehaviour_test.go")
	if err != nil {
		t.Fatal(err)
	}
	kinds := allKinds(t)
	for _, kind := range kinds {
		if !strings.Contains(string(page), "| `"+string(kind)+"` |") {
			t.Errorf("docs/kira.md does not describe %s", kind)
		}
		if !strings.Contains(string(tests), `"`+string(kind)+" ") {
			t.Errorf("no test provokes %s", kind)
		}
	}
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z0-9-]+)` \\|").FindAllStringSubmatch(string(page), -1) {
		if !slices.Contains(kinds, simulator.MisbehaviourKind(m[1])) {
			t.Errorf("docs/kira.md describes %s, which is no kind of misbehaviour", m[1])
		}
	}
}
