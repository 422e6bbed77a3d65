package simulator_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kiraform/internal/simulator"
)

// A mailbox keeps the deliveries.
type mailbox struct {
	mu  sync.Mutex
	got []mail
}

type mail struct {
	url       string
	signature string
	body      []byte
	event     string
	data      doc
}

func (m *mailbox) deliver(url string, header http.Header, body []byte) {
	var e struct {
		Event string
		Data  doc
	}
	if err := json.Unmarshal(body, &e); err != nil {
		panic(err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.got = append(m.got, mail{url, header.Get("x-signature-sha256"), body, e.Event, e.Data})
}

// empty forgets the deliveries.
func (m *mailbox) empty() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.got = nil
}

func (m *mailbox) events() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var names []string
	for _, e := range m.got {
		name := e.event
		if to, ok := e.data["new_status"].(string); ok {
			name += "=" + to
		}
		names = append(names, name)
	}
	return strings.Join(names, " ")
}

func (c *client) register() {
	c.t.Helper()
	c.send("POST", "/webhooks/register", doc{"client_uuid": clientID, "webhook_url": "http://127.0.0.1:9/hook", "secret": "hunter22"}).
		wantBody(200, `{"message":"Webhook registered successfully"}`)
}

func TestVerificationTakesItsTime(t *testing.T) {
	clock, box := newClock(), &mailbox{}
	c := dial(t, &simulator.Server{Now: clock.now, VerifyAfter: 3 * time.Second, Deliver: box.deliver})
	c.register()
	path := "/v1/users/" + c.user(maria)
	for _, step := range []struct{ status, verification string }{
		{"CREATED", "unverified"}, {"VERIFYING", "unverified"}, {"REVIEW", "in_review"}, {"VERIFIED", "verified"},
	} {
		c.send("GET", path, nil).want("status", step.status).want("verification_status", step.verification)
		clock.pass(time.Second)
	}
	want := "user.created user.status_changed=VERIFYING user.status_changed=REVIEW user.status_changed=VERIFIED user.verification.accepted"
	if got := box.events(); got != want {
		t.Errorf("events %s, want %s", got, want)
	}
}

func TestAllStepsAreSeenByWhoLooksLate(t *testing.T) {
	clock, box := newClock(), &mailbox{}
	c := dial(t, &simulator.Server{Now: clock.now, VerifyAfter: time.Second, Deliver: box.deliver})
	c.register()
	id := c.user(maria)
	clock.pass(time.Minute)
	c.send("GET", "/v1/users?status=VERIFIED", nil).want("data.0.id", id)
	if got := box.events(); strings.Count(got, "status_changed") != 3 {
		t.Errorf("events %s, want three changes", got)
	}
}

// The brief: "CAN auto-REJECT … most commonly an omitted source_of_funds";
// only the webhook says why.
func TestWithoutSourceOfFundsAUserIsRejected(t *testing.T) {
	clock, box := newClock(), &mailbox{}
	c := dial(t, &simulator.Server{Now: clock.now, VerifyAfter: 3 * time.Second, Deliver: box.deliver})
	c.register()
	r := c.send("POST", "/v1/users", but(maria, doc{"source_of_funds": nil})).wantStatus(201).want("verification_triggered", true)
	path := "/v1/users/" + r.text("id")
	clock.pass(2 * time.Second)
	c.send("GET", path, nil).want("status", "VERIFYING")
	clock.pass(time.Second)
	got := c.send("GET", path, nil).want("status", "REJECTED").want("verification_status", "unverified")
	if strings.Contains(string(got.raw), "reason") {
		t.Errorf("GET says why: %s", got.raw)
	}
	last := box.got[len(box.got)-1]
	if reasons, _ := last.data["reasons"].([]any); last.event != "user.verification.failed" || len(reasons) != 1 {
		t.Errorf("the last event is %s %v, want a failure with one reason", last.event, last.data)
	}

	c.send("PUT", path, doc{"source_of_funds": "salary"}).wantStatus(200).want("status", "REJECTED")
	c.send("POST", path+"/verifications", doc{"type": "api"}).wantStatus(201).want("status", "not_started").want("provider", "aiprise")
	clock.pass(3 * time.Second)
	c.send("GET", path, nil).want("status", "VERIFIED")
}

// A source of funds that the provider cannot match is taken by the form, and
// rejected by the verification (brief, last paragraph).
func TestAnUnmatchedSourceOfFundsIsRejectedLater(t *testing.T) {
	clock := newClock()
	c := dial(t, &simulator.Server{Now: clock.now, VerifyAfter: time.Second})
	r := c.send("POST", "/v1/users", but(maria, doc{"source_of_funds": "revenue"})).wantStatus(201).want("verification_triggered", true)
	clock.pass(time.Second)
	c.send("GET", "/v1/users/"+r.text("id"), nil).want("status", "REJECTED")
}

func TestWhoIsVerifiedWhen(t *testing.T) {
	pixel := []any{doc{"type": "passport", "documents": []any{doc{"type": "front", "file": "data:image/png;base64,iVBORw0KGgo="}}}}
	for _, test := range []struct {
		name   string
		server *simulator.Server
		body   doc
		want   string
	}{
		{"nobody by itself", &simulator.Server{}, maria, "CREATED CREATED CREATED CREATED"},
		{"at once", &simulator.Server{VerifyAfter: -1}, maria, "VERIFIED VERIFIED VERIFIED VERIFIED"},
		{"an incomplete user never", &simulator.Server{VerifyAfter: -1}, but(maria, doc{"phone": nil}), "CREATED CREATED CREATED CREATED"},
		{"nor one at a hosted form", &simulator.Server{VerifyAfter: -1}, but(maria, doc{"verification_mode": "verification_link"}), "CREATED CREATED CREATED CREATED"},
		{"after three reads", &simulator.Server{VerifyAfterReads: 3}, maria, "CREATED VERIFYING REVIEW VERIFIED"},
		{"after one read", &simulator.Server{VerifyAfterReads: 1}, maria, "CREATED VERIFIED VERIFIED VERIFIED"},
		{"a placeholder for a photograph is rejected", &simulator.Server{VerifyAfter: -1}, but(maria, doc{"identifying_information": pixel}), "REJECTED REJECTED REJECTED REJECTED"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := dial(t, test.server)
			r := c.send("POST", "/v1/users", test.body).wantStatus(201)
			seen := []string{r.text("status")}
			for range 3 {
				seen = append(seen, c.send("GET", "/v1/users/"+r.text("id"), nil).text("status"))
			}
			if got := strings.Join(seen, " "); got != test.want {
				t.Errorf("went %s, want %s", got, test.want)
			}
		})
	}
}

func TestCompletingAUserTriggersVerification(t *testing.T) {
	clock := newClock()
	c := dial(t, &simulator.Server{Now: clock.now, VerifyAfter: 3 * time.Second})
	r := c.send("POST", "/v1/users", but(maria, doc{"phone": nil})).want("verification_triggered", false)
	path := "/v1/users/" + r.text("id")
	clock.pass(time.Minute)
	c.send("PUT", path, doc{"phone": "+525500000000"}).want("verification_triggered", true).want("status", "CREATED")
	clock.pass(3 * time.Second)
	c.send("GET", path, nil).want("status", "VERIFIED")
}

// observed.md 5.4.
func TestVerifications(t *testing.T) {
	c := dial(t, &simulator.Server{VerifyAfter: time.Hour})
	c.provokes(1, simulator.ReusedKey)
	path := "/v1/users/" + c.user(maria)
	c.send("POST", path+"/verifications", doc{"type": "magic"}).wantText(400, "'embedded-link' | 'api'")
	c.send("POST", path+"/verifications", doc{"type": "api", "verification_mode": "automatic"}).wantText(400, "unrecognized_keys")
	first := c.send("POST", path+"/verifications", doc{"type": "embedded-link"}, "Idempotency-Key", keyNumber(900)).wantStatus(201)
	again := c.send("POST", path+"/verifications", doc{"type": "api"}, "Idempotency-Key", keyNumber(900)).wantStatus(201)
	if first.text("id") != again.text("id") {
		t.Error("the same key with another body made a second verification")
	}
	c.send("GET", path, nil).want("status", "CREATED")
}

func TestSetUserStatus(t *testing.T) {
	box := &mailbox{}
	c := dial(t, &simulator.Server{Deliver: box.deliver})
	c.register()
	id := c.user(maria)
	for _, err := range []error{c.s.SetUserStatus(clientID, "VERIFIED"), c.s.SetUserStatus(id, "FINE")} {
		if err == nil {
			t.Error("want an error for a user or a status that does not exist")
		}
	}
	if err := c.s.SetUserStatus(id, "REJECTED", "blurred"); err != nil {
		t.Fatal(err)
	}
	last := box.got[len(box.got)-1]
	if !slices.Equal(last.data["reasons"].([]any), []any{"blurred"}) {
		t.Errorf("the webhook says %v", last.data)
	}
	if got := c.s.Users()[0]["reasons"].([]any)[0]; got != "blurred" {
		t.Errorf("stored reasons %v", got)
	}
}
