package kira

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// maxPage is the most rows a list may be asked for: more is answered with 500
// (brief, common errors; observed, 5.6).
const maxPage = 100

// exchange is one request and its tries. The retrying itself is
// retryablehttp's; exchange is the policy, and the innermost round trip.
type exchange struct {
	*link
	client *Client
	req    Request
	route  string // Path without its query, which may hold personal data
	body   []byte
	safe   bool // sending it twice has the effect of sending it once

	tries   int
	first   time.Time // when the first try left; zero before
	unsure  bool      // some try may have been received and was not answered clearly
	failure error     // of the latest try, nil if it was answered
	last    answer

	unconnected bool // the latest try failed before there was a connection for it
}

// exchange prepares r. A request that must never be sent is a mistake in this
// program, not in its input.
func (l *link) exchange(c *Client, r Request) *exchange {
	route, query, _ := strings.Cut(r.Path, "?")
	values, err := url.ParseQuery(query)
	switch {
	case !strings.HasPrefix(r.Path, "/"):
		panic(fmt.Sprintf("kira: path %q does not begin with a slash", r.Path))
	case err != nil:
		panic(fmt.Sprintf("kira: %s has a malformed query: %v", route, err))
	}
	for _, v := range values["limit"] {
		if n, err := strconv.Atoi(v); err != nil || n > maxPage {
			panic(fmt.Sprintf("kira: %s asks for limit=%s; Kira's lists end at %d", route, v, maxPage))
		}
	}
	x := &exchange{link: l, client: c, req: r, route: route, safe: repeatable(r.Method, route, r.Key)}
	if r.Body != nil {
		if x.body, err = json.Marshal(r.Body); err != nil {
			panic(fmt.Sprintf("kira: the body of %s %s cannot be encoded: %v", r.Method, route, err))
		}
	}
	return x
}

// send sends the request until it is answered or given up, and decodes the
// answer into out. token may be empty, for signing in.
func (x *exchange) send(ctx context.Context, token string, out any) error {
	req, err := x.request(ctx, token)
	if err != nil {
		return fmt.Errorf("%s %s: %w", x.req.Method, x.route, err)
	}
	if err := x.limit.wait(ctx, x.note); err != nil {
		return x.noAnswer(0, err)
	}
	defer x.outage.leave(ctx, x)
	hc := x.http
	hc.Transport = x
	retry := &retryablehttp.Client{
		HTTPClient:   &hc,
		RetryMax:     x.maxTries - 1,
		CheckRetry:   x.again,
		Backoff:      x.backoff,
		PrepareRetry: x.prepare,
		// Without it the last answer is thrown away for a "giving up" message.
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	resp, err := retry.Do(req)
	if err != nil {
		return x.noAnswer(0, bare(err))
	}
	// There is nothing in it, since RoundTrip has read it; but net/http keeps
	// the timer of the request running until it is closed.
	if err := resp.Body.Close(); err != nil {
		return x.noAnswer(x.last.status, err)
	}
	if x.last.status/100 != 2 {
		return x.refusal()
	}
	if err := x.decode(out); err != nil {
		return x.noAnswer(x.last.status, err)
	}
	return nil
}

func (x *exchange) request(ctx context.Context, token string) (*retryablehttp.Request, error) {
	var body any
	if x.body != nil {
		body = x.body
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, x.req.Method, x.base+x.req.Path, body)
	if err != nil {
		return nil, err
	}
	h := req.Header
	h.Set("Accept", "application/json")
	h.Set("User-Agent", "kiraform")
	h.Set("X-Api-Key", x.apiKey)
	h.Set("X-Api-Version", x.version)
	if body != nil {
		h.Set("Content-Type", "application/json")
	}
	if token != "" {
		h.Set("Authorization", "Bearer "+token)
	}
	if x.req.Key != "" {
		h.Set("Idempotency-Key", x.req.Key)
	}
	if x.req.OneTime != "" {
		h.Set("X-Validation-Header", x.req.OneTime)
	}
	return req, nil
}

// refusal is the error for an answer that is not a success.
func (x *exchange) refusal() error {
	e := decodeError(x.req.Method, x.route, x.last.status, x.last.body)
	e.Code, e.Message = x.scrub(e.Code), x.scrub(e.Message)
	for i, d := range e.Details {
		e.Details[i] = Detail{Path: x.scrub(d.Path), Message: x.scrub(d.Message)}
	}
	e.RequestID = cut(tidy(x.last.requestID), maxID)
	e.Tries, e.NotBefore = x.tries, x.last.notBefore
	e.Gateway = e.Status == http.StatusForbidden && (x.last.gateway || json.Valid(x.last.body) && bytes.Contains(x.last.body, []byte(e.Message)) && e.byGateway())
	e.Unsure = x.doubtful() || e.Status/100 == 4 && !e.turnedAway() && (foreign(x.last.body) || x.changes() && !x.proves(e))
	return e
}

// changes reports whether the request would make or change something.
func (x *exchange) changes() bool { return x.req.Method != http.MethodGet && x.route != authPath }

// doubtful reports whether the request may have taken effect. Signing in has
// none.
func (x *exchange) doubtful() bool { return x.unsure && x.route != authPath }

// foreign reports whether a body is not of Kira, which answers in JSON: a
// server in between may have put it in the place of any answer.
func foreign(body []byte) bool {
	body = bytes.TrimSpace(body)
	return len(body) > 0 && !json.Valid(body)
}

func (x *exchange) noAnswer(status int, err error) error {
	return &NoAnswer{
		Method: x.req.Method, Path: x.route,
		Status: status, RequestID: cut(tidy(x.last.requestID), maxID),
		Tries: x.tries, Sent: x.doubtful() || status != 0 && x.route != authPath, Err: err,
	}
}

// unsigned is the error of a request that could not be signed in for. The facts
// about its own tries go with it.
func (x *exchange) unsigned(err error) error {
	if !x.doubtful() {
		return err
	}
	switch e := err.(type) {
	case *Error:
		own := *e // others have the same
		own.Unsure = true
		return &own
	case *NoAnswer:
		own := *e
		own.Sent = true
		return &own
	}
	return err
}

func (x *exchange) note(text string) {
	if x.req.Note != nil {
		x.req.Note(text)
	}
}
