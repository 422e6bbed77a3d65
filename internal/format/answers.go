package format

import (
	"time"

	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/webhook"
)

// Drift is the answer of drift -json.
type Drift struct {
	Place event.Place `json:"place"`
	*engine.Drift
}

// Output is the value of an output: null if it is a secret.
type Output struct {
	Sensitive bool `json:"sensitive"`
	Type      any  `json:"type,omitempty"`
	Value     any  `json:"value"`
}

// Readiness says of a user whether Kira has all that it requires, for each product.
type Readiness struct {
	Addr     string    `json:"addr"`
	ID       string    `json:"id,omitempty"`
	Status   string    `json:"status,omitempty"`
	Category string    `json:"category,omitempty"`
	Hosted   bool      `json:"hosted,omitempty"` // a hosted form asks instead
	Products []Product `json:"products"`
}

// Product is a product that a user may be ready for.
type Product struct {
	Code    string `json:"product_code"`
	Ready   bool   `json:"ready"`
	Live    bool   `json:"live"` // judged by the object that Kira shows
	Missing []Lack `json:"missing"`
	HCL     string `json:"hcl,omitempty"`
}

// Lack is something that Kira requires and does not have.
type Lack struct {
	Token    string `json:"token"`
	Path     string `json:"path"`
	Document string `json:"document,omitempty"`
}

// Orphan is an object that lives on at Kira, or may, and that nothing manages.
type Orphan struct {
	Addr    string    `json:"address"`
	ID      string    `json:"id"`
	Why     string    `json:"why"`
	Since   time.Time `json:"since"`
	Created bool      `json:"created_here"`    // false for an object that lived already and was adopted
	Place   string    `json:"place,omitempty"` // if it is another one than that of the state
}

// WebhookEvent is an event that Kira sent.
type WebhookEvent struct {
	EventID    string          `json:"event_id"`
	Event      string          `json:"event"`
	At         string          `json:"at"`
	Duplicates int             `json:"duplicates"`
	UserID     *string         `json:"user_id"`
	Valid      bool            `json:"valid"`
	Verdict    webhook.Verdict `json:"verdict"`
	AccountID  string          `json:"virtual_account_id,omitempty"`
	PayoutID   string          `json:"payout_id,omitempty"`
	SHA256     string          `json:"sha256"`
}

// WebhookContent is an event with its content.
type WebhookContent struct {
	WebhookEvent
	Header map[string][]string `json:"header"`
	Body   string              `json:"body"`
}
