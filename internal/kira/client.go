// Package kira carries requests to the Kira API and brings answers back. It
// knows requests, answers and errors, and nothing of their subjects.
//
// Its promise: one [Request] is one intent. However often it has to be sent,
// it goes out with the same body and the same Idempotency-Key, it is sent again
// only where that cannot make anything happen twice, and whatever comes back,
// the caller learns whether Kira took it, refused it, or may have done either.
package kira

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Version is the API version this client is written for.
const Version = "2026-04-14"

// Client talks to one Kira account. BaseURL and the three credentials must be
// set; the other fields have working zero values. A Client is safe for
// concurrent use, and its fields must not change after the first request.
type Client struct {
	BaseURL    string // without a slash at the end, e.g. https://api.balampay.com/sandbox
	APIKey     string // x-api-key of every request
	ClientID   string // who signs in
	Password   string // and its password
	APIVersion string // the X-Api-Version header; "" means Version

	HTTP     *http.Client   // nil means a client of its own, pooled, with timeouts, verifying TLS
	MaxTries int            // how often one request is sent at most; 0 means 5
	Rate     float64        // most requests in any second; 0 means 20 and ten more at once, or no limit on loopback
	Log      *slog.Logger   // told of every request, never of bodies; nil means nothing is logged
	Record   func(Exchange) // told of every answer, signing in included, on any goroutine; may be nil
	Retry    func(Retry)    // called before each wait for another try, on the goroutine of Do; may be nil

	// Held is asked right before each sending, of tries and of signing in too; an
	// error keeps it from being sent. Nil means that nothing is asked.
	Held func(context.Context) error

	once sync.Once
	link *link
	bad  error // why link could not be made

	tokens tokens
	sent   atomic.Int64
	date   atomic.Int64 // of the last answer, in seconds since 1970; 0 before there is one
	hide   atomic.Pointer[func(string) string]
}

// Request is one intent. All tries of it share Key and Body.
type Request struct {
	Method, Path string       // Path begins with "/" and may have a query
	Body         any          // encoded as JSON, once; nil means no body
	Key          string       // Idempotency-Key; "" means none
	OneTime      string       // one-time password, for x-validation-header; "" means none
	Note         func(string) // told of waits in words for a user, on the goroutine of Do; may be nil
}

// Do sends r, again where that is safe, and decodes the answer into out, which
// may be nil. Only a success whose body is JSON and fits out is not an error.
//
// An answer that is not a success is an [*Error]; no answer, or one that
// cannot be read, is a [*NoAnswer]. Both say with Refused whether r is
// definitely off. Where their Path is "/auth", signing in failed, which is
// never a refusal of r. Any other error came before anything was sent. All of
// them say with NotDone whether r certainly did not reach the application. If
// ctx ended, the error wraps ctx.Err(), except that an answer which did come is
// reported all the same.
func (c *Client) Do(ctx context.Context, r Request, out any) error {
	l, err := c.connect()
	if err != nil {
		return &unsentError{err}
	}
	x, token := l.exchange(c, r), ""
	for refused := 0; ; refused++ {
		if token, err = c.token(ctx, token, x.note); err != nil {
			return x.unsigned(err)
		}
		err = x.send(ctx, token, out)
		// "Re-auth on any 401 with retry" (brief).
		if e, ok := errors.AsType[*Error](err); !ok || e.Status != http.StatusUnauthorized || refused == len(signInWaits) {
			return err
		}
		x.note("signing in again: " + statusText(http.StatusUnauthorized))
		select {
		case <-ctx.Done():
			return x.noAnswer(0, fmt.Errorf("wait to sign in again: %w", ctx.Err()))
		case <-time.After(signInWaits[refused]):
		}
	}
}

// Date returns Kira's own time by the Date header of its last answer, or the
// zero time if none had one. It signs in first if there was no answer yet.
func (c *Client) Date(ctx context.Context) time.Time {
	if c.date.Load() == 0 {
		if _, err := c.connect(); err != nil {
			return time.Time{}
		}
		_, _ = c.token(ctx, "", func(string) {}) // the request that follows reports the failure
	}
	if at := c.date.Load(); at != 0 {
		return time.Unix(at, 0).UTC()
	}
	return time.Time{}
}

// Hide has text take the secrets of a run out of the paths in the log: an id may be one.
func (c *Client) Hide(text func(string) string) { c.hide.Store(&text) }

// hidden is a path as the log has it.
func (c *Client) hidden(path string) string {
	if text := c.hide.Load(); text != nil {
		return (*text)(path)
	}
	return path
}

// Requests returns how many requests were sent so far: every try counts, and
// so does signing in.
func (c *Client) Requests() int64 { return c.sent.Load() }

func (c *Client) connect() (*link, error) {
	c.once.Do(func() { c.link, c.bad = c.newLink() })
	return c.link, c.bad
}
