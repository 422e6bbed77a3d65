package kira

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"
)

const (
	maxAnswer  = 16 << 20 // of a success; ten thousand users fit
	maxRefusal = 1 << 20  // of anything else
)

var errTooLarge = errors.New("the answer is larger than 16 MB")

// answer is Kira's answer to one try, read to its end.
type answer struct {
	status    int
	requestID string
	body      []byte
	gateway   bool      // it is of the gateway before the application
	notBefore time.Time // when Retry-After says to come back; zero if it does not, or if that is soon
}

// RoundTrip sends one try. It reads the answer to its end, so that an answer
// that is cut short is a network error like any other, inside the retries.
func (x *exchange) RoundTrip(req *http.Request) (*http.Response, error) {
	if x.client.Held != nil {
		if err := x.client.Held(req.Context()); err != nil {
			x.unconnected = true
			return nil, &heldBackError{err}
		}
	}
	if x.keyIsOld() {
		x.unconnected = true
		return nil, &heldBackError{errKeyOld}
	}
	x.tries++
	x.client.sent.Add(1)
	x.last = answer{}
	began := time.Now()
	req, unconnected := traced(req)
	res, err := x.next.RoundTrip(req)
	x.unconnected = err != nil && unconnected()
	if err == nil {
		if at, err := http.ParseTime(res.Header.Get("Date")); err == nil {
			x.client.date.Store(at.Unix())
		}
		err = x.read(res)
	}
	facts := []slog.Attr{
		slog.String("method", x.req.Method), slog.String("path", x.client.hidden(x.route)), slog.Int("try", x.tries),
		slog.Duration("took", time.Since(began)),
	}
	if err != nil {
		x.log.LogAttrs(req.Context(), slog.LevelWarn, "request", append(facts, slog.String("error", err.Error()))...)
		return nil, err
	}
	x.log.LogAttrs(req.Context(), slog.LevelInfo, "request",
		append(facts, slog.Int("status", res.StatusCode), slog.String("request_id", x.last.requestID))...)
	x.record(began)
	after := retryAfter(res.Header, time.Second)
	if after > mostAfter && passingStatus(res.StatusCode) {
		x.last.notBefore = time.Now().Add(after)
	}
	switch {
	case res.StatusCode == http.StatusTooManyRequests:
		x.limit.slower(began, after)
	case res.StatusCode/100 == 2:
		x.limit.faster()
	}
	return res, nil
}

// traced returns req, and a function that reports whether it was given no
// connection to write to. Of a transport without connections it is not known.
func traced(req *http.Request) (*http.Request, func() bool) {
	var asked, got atomic.Bool
	ctx := httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
		GetConn: func(string) { asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { got.Store(true) },
	})
	return req.WithContext(ctx), func() bool { return asked.Load() && !got.Load() }
}

func (x *exchange) read(res *http.Response) error {
	defer res.Body.Close()
	// x-amzn-requestid is the only correlation id; bodies have none
	// (observed, section 1).
	x.last = answer{status: res.StatusCode, requestID: res.Header.Get("X-Amzn-Requestid"),
		gateway: res.Header.Get("X-Amzn-Errortype") != ""}
	good := res.StatusCode/100 == 2
	most := int64(maxRefusal)
	if good {
		most = maxAnswer
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, most+1))
	x.last.body = data[:min(int64(len(data)), most)]
	res.Body = http.NoBody
	switch {
	case !good:
		return nil // the status says it all; the rest of the body explains it
	case err != nil:
		return fmt.Errorf("read the answer: %w", err)
	case int64(len(data)) > most:
		return errTooLarge
	}
	return nil
}

// decode reads a success into out. A 200 alone proves nothing: GET /banks was
// seen answering 200 with the text "Blocked" (observed, section 11).
func (x *exchange) decode(out any) error {
	body := bytes.TrimSpace(x.last.body)
	if out == nil {
		out = new(json.RawMessage)
		if x.last.status == http.StatusNoContent && len(body) == 0 {
			return nil
		}
	}
	err := json.Unmarshal(body, out)
	if err == nil {
		return nil
	}
	return x.misread(body, err)
}

// formError is an answer that cannot be read.
type formError struct{ text, remedy string }

// Error is the reason, in words for a person.
func (e *formError) Error() string { return e.text }

// misread says why an answer cannot be read. That to signing in is never shown.
func (x *exchange) misread(body []byte, err error) error {
	text := plainText(body)
	_, syntax := errors.AsType[*json.SyntaxError](err)
	form, typed := errors.AsType[*json.UnmarshalTypeError](err)
	switch {
	case typed && form.Field != "":
		return &formError{fmt.Sprintf("the answer has another form than Kira's: %s is of the type %s", form.Field, form.Value), notKiras}
	case typed:
		return &formError{fmt.Sprintf("the answer has another form than Kira's: it is of the type %s", form.Value), notKiras}
	case !syntax:
		return &formError{"the answer has another form than Kira's", notKiras}
	case len(body) == 0:
		return &formError{"the answer is empty", notKiras}
	case bytes.HasPrefix(body, []byte("<")):
		return &formError{"the answer is not JSON but a page for a browser", notKiras}
	case bytes.ContainsAny(body[:1], "{[") && strings.HasPrefix(err.Error(), "unexpected end"):
		return &formError{"the answer ends in the middle", tryAgain}
	case text != "" && x.route != authPath:
		return &formError{fmt.Sprintf("the answer is not JSON but %q", x.scrub(text)), notKiras}
	}
	return &formError{"the answer is not JSON", notKiras}
}
