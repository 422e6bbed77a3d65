package simulator_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"kiraform/internal/simulator"
)

// observed.md 9.
func TestRegister(t *testing.T) {
	c := dial(t, &simulator.Server{})
	c.provokes(1, simulator.UnknownRoute)
	good := doc{"client_uuid": clientID, "webhook_url": "https://example.com/hook"}
	for _, test := range []struct {
		name string
		body doc
		want string
	}{
		{"a URL is required", but(good, doc{"webhook_url": nil}),
			`{"data":[{"loc":"webhook_url","msg":"Field required","type":"missing"}],"message":"ERROR-V001: Validation Error"}`},
		{"client_id is the wrong name", doc{"client_id": clientID, "webhook_url": "http://x"}, `{"loc":"client_uuid","msg":"Field required","type":"missing"}`},
		{"a URL is for the web", but(good, doc{"webhook_url": "ftp://example.com"}), `"type":"url_scheme"`},
		{"a secret is not empty", but(good, doc{"secret": ""}), `"type":"string_too_short"`},
		{"nor short", but(good, doc{"secret": "1234"}), `"type":"string_too_short"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := c.in(t)
			c.send("POST", "/webhooks/register", test.body).wantText(400, test.want)
		})
	}
	if _, _, ok := c.s.Webhook(); ok {
		t.Error("a refused webhook was registered")
	}
	c.send("POST", "/webhooks/register", good, "Authorization", "").wantStatus(401)
	c.send("POST", "/webhooks/register", good, "X-Api-Key", "").wantStatus(403)
	c.send("POST", "/webhooks/register", but(good, doc{"secret": "12345", "events": []any{"x"}})).wantStatus(200)
	c.send("POST", "/sandbox/webhooks/register", but(good, doc{"webhook_url": "http://localhost:1"})).wantStatus(200)
	if url, secret, ok := c.s.Webhook(); url != "http://localhost:1" || secret != simulator.DefaultSecret || !ok {
		t.Errorf("registered %s %s, want the last one with the default secret", url, secret)
	}
	c.send("GET", "/webhooks/register", nil).wantStatus(403)
}

func TestWebhooksAreSigned(t *testing.T) {
	box := &mailbox{}
	c := dial(t, &simulator.Server{Deliver: box.deliver})
	c.register()
	c.user(maria)
	if len(box.got) != 1 {
		t.Fatalf("%d deliveries, want 1", len(box.got))
	}
	got := box.got[0]
	mac := hmac.New(sha256.New, []byte("hunter22"))
	mac.Write(got.body)
	if want := hex.EncodeToString(mac.Sum(nil)); got.signature != want || got.url != "http://127.0.0.1:9/hook" {
		t.Errorf("signed %s for %s, want %s", got.signature, got.url, want)
	}
	if id, _ := got.data["event_id"].(string); got.event != "user.created" || len(id) != 36 || got.data["status"] != "CREATED" {
		t.Errorf("the event is %s", got.body)
	}
}

func TestAnUpdateIsAnEvent(t *testing.T) {
	box := &mailbox{}
	c := dial(t, &simulator.Server{Deliver: box.deliver})
	c.register()
	c.send("PUT", "/v1/users/"+c.user(maria), doc{"phone": "+520000000000"}).wantStatus(200)
	if got := box.events(); got != "user.created user.updated" {
		t.Errorf("events %s", got)
	}
}

func TestTheOtherEnvelope(t *testing.T) {
	box := &mailbox{}
	c := dial(t, &simulator.Server{Deliver: box.deliver})
	event := doc{"event": "payout.status_changed", "data": doc{"payout_id": "p", "status": "PROCESSING", "previous_status": "CREATED"}}
	c.send("POST", "/_admin/events", event).wantStatus(409)
	c.register()
	c.send("POST", "/_admin/events", event).wantStatus(200)
	c.send("POST", "/_admin/events", doc{"event": "x"}).wantStatus(400)
	outer := box.got[0].data
	if inner, _ := outer["data"].(doc); outer["event_type"] != "payout.status_changed" || outer["event_id"] == nil || inner["status"] != "PROCESSING" {
		t.Errorf("the event is %s", box.got[0].body)
	}
}

func TestADocumentThatCannotBeFetched(t *testing.T) {
	box := &mailbox{}
	c := dial(t, &simulator.Server{Deliver: box.deliver})
	c.register()
	c.user(but(maria, doc{"identifying_information": []any{doc{"type": "passport",
		"documents": []any{doc{"type": "front", "file": "https://files.invalid/front.jpg"}}}}}))
	if got := box.events(); got != "user.created user.document.download.failed" {
		t.Errorf("events %s", got)
	}
}

func TestDeliveryInTheBackground(t *testing.T) {
	got := make(chan string, 9)
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- r.Header.Get("User-Agent") + " " + string(body[:len(`{"event":"user.created"`)])
		w.WriteHeader(500) // which nobody tries again
	}))
	defer receiver.Close()
	s := &simulator.Server{}
	c := dial(t, s)
	c.provokes(3, simulator.SecondObject)
	c.send("POST", "/webhooks/register", doc{"client_uuid": clientID, "webhook_url": "https://kira.example.com/"}).wantStatus(200)
	c.user(maria) // goes nowhere: the address is not on this machine
	c.send("POST", "/webhooks/register", doc{"client_uuid": clientID, "webhook_url": receiver.URL}).wantStatus(200)
	c.user(maria)
	c.user(maria)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	c.user(maria) // after Close
	close(got)
	n := 0
	for line := range got {
		if n++; line != `node {"event":"user.created"` {
			t.Errorf("delivered %s", line)
		}
	}
	if n != 2 {
		t.Errorf("%d deliveries, want 2", n)
	}
}

func TestCloseGivesUpOnADeadReceiver(t *testing.T) {
	release := make(chan bool)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		select {
		case <-r.Context().Done():
		case <-release:
		}
	}))
	defer receiver.Close()
	defer close(release)
	c := dial(t, &simulator.Server{})
	c.send("POST", "/webhooks/register", doc{"client_uuid": clientID, "webhook_url": receiver.URL}).wantStatus(200)
	c.user(maria)
	if err := c.s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestEventsCanComeTwiceAndLate(t *testing.T) {
	box := &mailbox{}
	c := dial(t, &simulator.Server{Deliver: box.deliver, EventsTwice: true})
	c.register()
	c.user(maria)
	if len(box.got) != 2 || string(box.got[0].body) != string(box.got[1].body) || box.got[0].signature != box.got[1].signature {
		t.Errorf("delivered %v", box.got)
	}

	got := make(chan time.Time, 2)
	receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { got <- time.Now() }))
	defer receiver.Close()
	const late = 50 * time.Millisecond
	s := &simulator.Server{EventsAfter: late}
	c = dial(t, s)
	c.send("POST", "/webhooks/register", doc{"client_uuid": clientID, "webhook_url": receiver.URL}).wantStatus(200)
	begun := time.Now()
	c.user(maria)
	if after := (<-got).Sub(begun); after < late {
		t.Errorf("delivered after %s", after)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// A deposit into a crypto account goes on to its destination, one into a fiat
// account stays (documented.md 3.5).
func TestADepositIsSettled(t *testing.T) {
	box := &mailbox{}
	c := dial(t, &simulator.Server{ActivateAfter: -1, Deliver: box.deliver})
	user := c.verified(wireUser())
	id := c.send("POST", accounts, cryptoAccount(user)).wantStatus(201).text("id")
	c.send("GET", accounts+"/"+id, nil).wantStatus(200)
	c.register()
	c.send("POST", accounts+"/"+id+"/simulate-deposit", doc{"amount": "5.00"}).wantStatus(201).want("settlement_triggered", true)
	if got := box.events(); got != "virtual_account.deposit_funds_received virtual_account.deposit_funds_in_destination" {
		t.Errorf("events %s", got)
	}
	if first, second := box.got[0].data["event_id"], box.got[1].data["event_id"]; first == second {
		t.Errorf("both have the event_id %v", first)
	}
}
