package certify

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Status is how an item stands.
type Status string

// An item has one of these.
const (
	Passed    Status = "passed"
	Failed    Status = "failed"
	NeedsKira Status = "needs-kira" // a person at Kira has to do something first
	NotRun    Status = "not-run"    // it was not asked for, or needs another item
	Skipped   Status = "skipped"    // it cannot be shown here; the reason says why
)

// Report is evidence.json. Its schema is evidence.schema.json.
type Report struct {
	Version  int       `json:"version"` // of the format: 1
	Kiraform string    `json:"kiraform"`
	Run      string    `json:"run"` // names the objects of the run: their e-mail addresses have it
	Place    string    `json:"place"`
	Began    time.Time `json:"began"`
	Written  time.Time `json:"written"`
	Items    []Result  `json:"items"` // all fifteen, in the order of the brief
}

// Result is the outcome of one item so far.
type Result struct {
	Item     int        `json:"item"`
	Title    string     `json:"title"`
	Status   Status     `json:"status"`
	Evidence []Exchange `json:"evidence"`
	Reason   string     `json:"reason,omitempty"`
	Next     string     `json:"next,omitempty"` // the text to write to Kira, or the next step
}

// Exchange is a request and its answer, or an event that came in. Of both bodies
// it has the members that [allowed] lists.
type Exchange struct {
	At        time.Time       `json:"at"`
	Direction string          `json:"direction"` // "sent" or "received"
	Method    string          `json:"method"`
	Path      string          `json:"path"`
	Status    int             `json:"status"`
	RequestID string          `json:"request_id,omitempty"`
	Key       string          `json:"idempotency_key,omitempty"`
	Request   json.RawMessage `json:"request,omitempty"`
	SHA256    string          `json:"sha256"` // of the answer, or of the event, byte for byte
	Body      json.RawMessage `json:"body,omitempty"`
	Note      string          `json:"note,omitempty"`
}

// Asked returns the results of all items, or of one and those that it needs.
func (r *Report) Asked(only int) (all []Result) {
	for _, it := range order(only) {
		all = append(all, r.Items[it.N-1])
	}
	return all
}

// Letter is a message to write to people at Kira, for all that waits for them; ""
// if nothing does.
func (r *Report) Letter() string {
	var asks []string
	for i := range r.Items {
		if r.Items[i].Status == NeedsKira && r.Items[i].Next != "" {
			asks = append(asks, fmt.Sprintf("- item %d, %q: %s", r.Items[i].Item, r.Items[i].Title, r.Items[i].Next))
		}
	}
	if asks == nil {
		return ""
	}
	return fmt.Sprintf("Subject: production readiness checklist, run %s\n\nHello,\n\nwe are going through the production readiness checklist in the sandbox, "+
		"and need you for this:\n\n%s\n\nThank you!\n", r.Run, strings.Join(asks, "\n"))
}

// Count counts the items of a status.
func (r *Report) Count(s Status) (n int) {
	for i := range r.Items {
		if r.Items[i].Status == s {
			n++
		}
	}
	return n
}
