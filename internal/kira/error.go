package kira

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	maxMessage = 400
	maxPlace   = 100
	maxDetail  = 200
	maxDetails = 100 // kept
	maxShown   = 8   // in Error()
	maxCode    = 80
	maxID      = 80
)

// Error is an answer that is not a success. All of Kira's ways to say so end up
// here. It never holds credentials, HTML or the request; but Kira echoes values
// in Message and Details, so who shows them redacts them.
type Error struct {
	Method, Path string   // Path without its query
	Status       int      // never 2xx
	Code         string   // machine code, if there was one
	Message      string   // never empty, one line
	Details      []Detail // in Kira's order
	RequestID    string   // x-amzn-requestid, for Kira's support; may be empty
	Tries        int      // how often the request was sent
	Unsure       bool     // some try may have been received without a clear answer, or this one is not Kira's
	Gateway      bool     // a 403 of the gateway: the application did not see the request

	// NotBefore is when Kira said to come back, if that is later than is waited
	// for; else zero.
	NotBefore time.Time
}

// Detail is one thing that Kira dislikes about a request.
type Detail struct {
	Path    string // the field, e.g. "account.bank_address" or "associated_persons.0.email"; may be empty
	Message string
}

// String is the detail on one line.
func (d Detail) String() string {
	if d.Path == "" {
		return d.Message
	}
	return d.Path + ": " + d.Message
}

// Error is one line of bounded length.
func (e *Error) Error() string {
	var b strings.Builder
	status := statusText(e.Status)
	fmt.Fprintf(&b, "%s %s: %s", e.Method, e.Path, status)
	if !strings.HasSuffix(status, " "+e.Message) && status != e.Message {
		b.WriteString(": " + e.Message)
	}
	for i, d := range e.Details[:min(len(e.Details), maxShown)] {
		b.WriteString([]string{": ", "; "}[min(i, 1)] + d.String())
	}
	if more := len(e.Details) - maxShown; more > 0 {
		fmt.Fprintf(&b, "; and %d more", more)
	}
	b.WriteString(facts(e.Code, e.Tries, e.RequestID))
	if !e.NotBefore.IsZero() {
		b.WriteString(". " + notBefore(e.NotBefore))
	}
	text := b.String()
	if why := e.Explain(); why != "" {
		text = strings.TrimSuffix(text, ".") + ". " + why
	}
	if e.Unsure && e.Status/100 == 4 && e.Method != http.MethodGet {
		text = strings.TrimSuffix(text, ".") + ". Whether Kira carried it out is not known."
	}
	return text
}

// Refused reports whether Kira definitely refused the request: it did not and
// will not take effect, and since Kira burns a key even then, another attempt
// needs a new one.
//
// That is any 4xx in Kira's own words (see proves) except 401 and the 403 of the
// gateway (about who asks, not about the request), 408, 425 and 429 (not now). It is
// not an answer of /auth on the request's behalf, nor the answer to a later try when
// an earlier one may have been received, nor anything that a server in between may
// have put there.
func (e *Error) Refused() bool {
	if e.turnedAway() || e.Status == http.StatusRequestTimeout {
		return false
	}
	return e.Status/100 == 4 && e.Path != authPath && !e.Unsure
}

// KeySpent reports whether Kira had seen the Idempotency-Key before. It says so
// of a key that it has carried out as well as of one that it has refused, and of one
// that came with another body (observed, section 7): of a key that is used once, that
// is the doing of something in between.
func (e *Error) KeySpent() bool {
	return strings.Contains(e.Message, "Failed to store idempotency key") || strings.Contains(strings.ToLower(e.Code), "idempotency")
}

// NotDone reports whether the request certainly did not reach the application:
// signing in failed, or every try was turned away at the door.
func (e *Error) NotDone() bool { return !e.Unsure && (e.turnedAway() || e.Path == authPath) }

// turnedAway reports whether the answer came before the application.
func (e *Error) turnedAway() bool {
	switch e.Status {
	case http.StatusUnauthorized, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	}
	return e.Gateway
}

// Temporary reports whether the same request may be answered otherwise later,
// though nothing is changed.
func (e *Error) Temporary() bool {
	switch e.Status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	}
	return passingStatus(e.Status)
}

// NoAnswer is the end of a request that Kira did not answer, or not readably:
// a network error, a context that ended, a 200 that is not JSON.
type NoAnswer struct {
	Method, Path string // Path without its query
	Status       int    // of an answer that could not be read, else 0
	RequestID    string // of the same
	Tries        int    // how often the request was sent
	Sent         bool   // Kira may have received it, or the request that it signs in for
	Err          error  // why; never nil
}

// Error is one line.
func (e *NoAnswer) Error() string {
	text := "no answer"
	switch _, putOff := errors.AsType[*putOffError](e.Err); {
	case e.Status != 0:
		text = statusText(e.Status)
	case putOff:
		text = "not sent"
	}
	reason, remedy := told(e.Err)
	text = fmt.Sprintf("%s %s: %s: %s%s", e.Method, e.Path, text, reason, facts("", e.Tries, e.RequestID))
	switch {
	case !e.Sent || e.Method == http.MethodGet:
	case e.Path == authPath:
		text += ". The request that it signs in for may have taken effect."
	default:
		text += ". It may have taken effect."
	}
	if remedy != "" {
		text = strings.TrimSuffix(text, ".") + ". " + remedy
	}
	return text
}

// Unwrap returns the cause, so that errors.Is finds context.Canceled.
func (e *NoAnswer) Unwrap() error { return e.Err }

// Refused is always false: nobody said no.
func (e *NoAnswer) Refused() bool { return false }

// NotDone reports whether nothing of the request was ever sent, or every try
// was turned away at the door.
func (e *NoAnswer) NotDone() bool { return !e.Sent }

// heldBackError is a reason for which a request was not sent at the last moment.
type heldBackError struct{ error }

// Unwrap returns the reason.
func (e *heldBackError) Unwrap() error { return e.error }

// unsentError is a reason for which nothing can be sent at all.
type unsentError struct{ error }

// Unwrap returns the reason.
func (e *unsentError) Unwrap() error { return e.error }

// Refused is always false: nobody said no.
func (e *unsentError) Refused() bool { return false }

// NotDone is always true.
func (e *unsentError) NotDone() bool { return true }

// facts helps to trace a request, in parentheses.
func facts(code string, tries int, id string) string {
	var all []string
	if code != "" {
		all = append(all, "code "+code)
	}
	if tries > 1 {
		all = append(all, fmt.Sprintf("%d tries", tries))
	}
	if id != "" {
		all = append(all, "request id "+id)
	}
	if len(all) == 0 {
		return ""
	}
	return " (" + strings.Join(all, ", ") + ")"
}

// statusText is a status in words, never empty: "503 Service Unavailable".
func statusText(status int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status)))
}

// bare drops the method and address that net/http puts before an error: they
// are not news.
func bare(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}
