// Package simulator is a small, stateful Kira.
//
// It refuses the requests that Kira refuses, reads back only the attributes
// that Kira reads back, and is written from the API's documents alone: it
// shares no code with our client, so that a misreading in one does not hide in
// the other. Tests and the provider's "simulator" environment use it in memory;
// people use it through "kiraform simulator".
//
// It is made hard to mistake for the real thing: every id begins with
// 51000000, every answer carries the header X-Kiraform-Simulator, and webhooks
// go to loopback addresses only.
package simulator

import (
	"net/http"
	"os"
	"sync"
	"time"
)

// Server is a fake Kira API. Its zero value is ready to use, keeps its world
// in memory, makes no mistakes, and never verifies anybody by itself.
//
// Set the fields before the first request. All methods may be called from many
// goroutines at once.
type Server struct {
	// Now tells the time; nil means time.Now. With another clock, delayed changes
	// happen when somebody looks, and not by themselves.
	Now func() time.Time
	// NewID makes the ids of new objects; nil means random version 4 UUIDs
	// that begin with 51000000.
	NewID func() string
	// Credentials are the only ones accepted; nil accepts any that are well formed.
	Credentials *Credentials
	// TokenTTL is how long a token lasts; 0 means an hour.
	TokenTTL time.Duration

	// VerifyAfter plays the person at Kira who verifies users: a user that is
	// complete for one product goes through VERIFYING and REVIEW and ends as
	// VERIFIED (or REJECTED) this long after verification was triggered. 0
	// means never; negative means at once.
	VerifyAfter time.Duration
	// VerifyAfterReads does the same by count: the user has moved to the end
	// when it has been read this often. 0 means never.
	VerifyAfterReads int
	// ActivateAfter makes a virtual account ready for use this long after it
	// was created. 0 means never; negative means at once.
	ActivateAfter time.Duration
	// ActivateAfterReads does the same by count. 0 means never.
	ActivateAfterReads int

	// World is the file in which the world is kept: one JSON value a line, of
	// mode 0600. "" keeps it in memory only.
	World string
	// Faults makes the server misbehave; zero means not at all. Once requests
	// have begun, change it with [Server.SetFaults].
	Faults Faults
	// Latency is waited for before every answer; 0 means none.
	Latency time.Duration
	// RateLimit is how many requests a second are answered before 429; 0
	// means any number (observed.md 10: nobody has seen a 429).
	RateLimit int
	// RetryAfter is the wait that a 429 of the rate limit asks for; 0 means a
	// second, negative means that it names none.
	RetryAfter time.Duration
	// Log is called for every request; nil means no one listens. While requests are
	// served, [Server.SetLog] changes it.
	Log func(*http.Request)
	// Deliver sends a webhook; nil means one plain POST in the background,
	// without a retry, and to loopback addresses only. It is called from any
	// goroutine.
	Deliver func(url string, header http.Header, body []byte)

	// EventsTwice delivers every event twice, with the same event_id. Kira says
	// that it delivers once, and to be ready for more (brief).
	EventsTwice bool
	// EventsAfter is how long after the change an event is delivered; 0 means
	// at once. Kira's first came 37 seconds after (observed.md 9).
	EventsAfter time.Duration

	// Environment is "sandbox" or "production"; "" means sandbox. It decides
	// which banks are authorised and whether deposits can be simulated.
	Environment string
	// Pin is the version an account starts with; "" means 2025-01-01.
	Pin string
	// HideProductsAtCreated answers eligible_products and missing_fields as
	// null while a user is CREATED, as the brief says. False fills them from
	// the start, as observed.
	HideProductsAtCreated bool
	// MissingFields chooses among the recorded places of missing_fields
	// (observed.md 5.2): "" is a map at the root; "general" adds the key
	// general, the union over all products; "product" is a list in each
	// product, with the root map on GET only.
	MissingFields string
	// Words are attributes of users that POST and PUT take although no document
	// has them, with any value; nil means none.
	Words []string
	// ControlOnUpdate refuses a PUT of associated_persons none of whom is in
	// control, as POST does. False takes it: the documents ask for one of POST
	// only (brief).
	ControlOnUpdate bool
	// KeyReuse is the treatment of a key that comes back with another body,
	// except on recipients, which always refuse: "" replays the first answer,
	// "conflict" answers 409.
	KeyReuse string
	// KeyTTL is how long an Idempotency-Key is remembered; 0 means 24 hours.
	KeyTTL time.Duration
	// Balance is the balance of every active account; "" means "10000.00". It
	// never changes: in Kira's sandbox it is a fixed value.
	Balance string
	// Spend has payouts lessen the balance of their account; false leaves the
	// balance as it is.
	Spend bool

	// PayoutAfter is how long a payout takes from CREATED to its end; 0 means
	// that it stays CREATED, negative that it has ended at once.
	PayoutAfter time.Duration
	// PayoutReview has payouts go through IN_REVIEW, as some do (brief).
	PayoutReview bool
	// PayoutFails has payouts end as FAILED; false means COMPLETED.
	PayoutFails bool
	// PayoutOTP is the one-time password that a payout needs in the header
	// x-validation-header, as older documents say; "" means none.
	PayoutOTP string
	// PayoutMemo refuses a payout from an ACT account by WIRE without a memo, as
	// later documents say.
	PayoutMemo bool

	mu       sync.Mutex
	world    *world
	worldErr error
	file     *os.File // the world file, open for appending; nil until it must be
	routes   []route
	journal  []*Request
	faults   faultState
	window   window
	doubts   doubts
	waits    map[wait]time.Time // until when
	callers  callers
	pending  []delivery
	outbox   outbox
	alarm    alarm
}

// Credentials are the keys and names that Kira hands out to one client.
type Credentials struct {
	APIKey, ClientID, Password string
}

func (s *Server) now() time.Time {
	if s.Now != nil {
		return s.Now().UTC()
	}
	return time.Now().UTC()
}

func (s *Server) production() bool { return s.Environment == "production" }
