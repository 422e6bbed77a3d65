package kira

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// A step is how a server answers one sending, or why none gets there.
type step struct {
	status  int
	body    string
	headers []string
	does    func(http.ResponseWriter, *http.Request)                   // in place of answering; may be nil
	dial    func(ctx context.Context, direct string) (net.Conn, error) // in place of connecting; may be nil
	ends    bool                                                       // the context of the request ends now, or while the client waits for another try
}

// The ends of an exchange (design 7).
const (
	isAnswered = "answered"
	isRefused  = "refused"
	isNotDone  = "not done"
	isUnsure   = "unsure"
)

// outcome is how apply reads an error.
func outcome(err error) string {
	var e interface {
		Refused() bool
		NotDone() bool
	}
	switch {
	case err == nil:
		return isAnswered
	case errors.As(err, &e) && e.Refused() && !e.NotDone():
		return isRefused
	case errors.As(err, &e) && e.NotDone() && !e.Refused():
		return isNotDone
	case errors.As(err, &e) && e.NotDone() && e.Refused():
		return "both"
	}
	return isUnsure
}

// owner is an id in the requests.
const owner = "51000000-0000-4000-8000-00000000000a"

// How each exchange ends, through the real client and real connections: it is
// answered, refused, not done, or nobody can be sure.
func TestHowExchangesEnd(t *testing.T) {
	const app, page = `{"code":"validation_error","message":"No"}`, "<html><title>Blocked</title></html>"
	answer := func(status int, body string, headers ...string) step {
		return step{status: status, body: body, headers: headers}
	}
	gateway := func(text string) step { return answer(403, `{"message":"`+text+`"}`) }
	cut := step{does: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }}
	half := step{does: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		fmt.Fprint(w, `{"id":`)
	}}
	silent := step{ends: true, does: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }}
	nobody := step{dial: func(context.Context, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	}}
	noName := step{dial: func(context.Context, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", IsNotFound: true}}
	}}
	noTLS := step{dial: func(ctx context.Context, _ string) (net.Conn, error) { return babble(t) }}
	endless := step{ends: true, dial: func(ctx context.Context, _ string) (net.Conn, error) { <-ctx.Done(); return nil, ctx.Err() }}
	off := func(status int) step {
		return step{status: status, headers: []string{"Retry-After", "60"}, ends: true}
	}
	long := answer(429, ``, "Retry-After", "3600")

	for _, tt := range []struct {
		name  string
		auth  []step // the answers to sign-ins, the last one for ever; nil means tokens
		steps []step // those to the request
		want  string
		sent  int  // how often the request reached the server
		ended bool // its context has ended before it begins
	}{
		{name: "an answer", steps: []step{answer(201, `{}`)}, want: isAnswered, sent: 1},

		{name: "no such host", steps: []step{noName}, want: isNotDone},
		{name: "nobody is there", steps: []step{nobody}, want: isNotDone},
		{name: "who is there speaks no TLS", steps: []step{noTLS}, want: isNotDone},
		{name: "nobody is there, then an answer", steps: []step{nobody, answer(201, `{}`)}, want: isAnswered, sent: 1},
		{name: "a certificate of nobody, at signing in", auth: []step{noTLS}, want: isNotDone},
		{name: "signing in is refused with 401", auth: []step{answer(401, `{"message":"Unauthorized"}`)}, want: isNotDone},
		{name: "signing in is refused with 403", auth: []step{gateway("Forbidden")}, want: isNotDone},
		{name: "signing in is refused with 422", auth: []step{answer(422, app)}, want: isNotDone},
		{name: "signing in ends with 500", auth: []step{answer(500, ``)}, want: isNotDone},
		{name: "signing in is cut off", auth: []step{cut}, want: isNotDone},
		{name: "signing in is answered with a page", auth: []step{answer(200, page)}, want: isNotDone},
		{name: "signing in is put off for an hour", auth: []step{long}, want: isNotDone},
		{name: "signing in has no answer in time", auth: []step{silent}, want: isNotDone},

		{name: "400", steps: []step{answer(400, app)}, want: isRefused, sent: 1},
		{name: "404 of what it hangs on", steps: []step{answer(404, `{"error":{"code":"USER_NOT_FOUND","message":"User not found","details":{}}}`)}, want: isRefused, sent: 1},
		{name: "404 that names an id of the request", steps: []step{answer(404, `{"statusCode":404,"error":"Not Found","message":"User `+strings.ToUpper(owner)+` not found"}`)}, want: isRefused, sent: 1},
		{name: "409 that says what is there", steps: []step{answer(409, `{"statusCode":409,"error":"Conflict","message":"User already has an ACT virtual account"}`)}, want: isRefused, sent: 1},
		{name: "422", steps: []step{answer(422, app)}, want: isRefused, sent: 1},
		{name: "403 of the application", steps: []step{answer(403, `{"code":"forbidden","message":"Forbidden"}`)}, want: isRefused, sent: 1},

		{name: "401 each time", steps: []step{answer(401, `{"message":"Unauthorized"}`)}, want: isNotDone, sent: 4},
		{name: "403 of the gateway: the api key", steps: []step{gateway("Forbidden")}, want: isNotDone, sent: 1},
		{name: "403 of the gateway: no such route", steps: []step{gateway("Invalid key=value pair (missing equal-sign) in Authorization header")}, want: isNotDone, sent: 1},
		{name: "403 of the gateway: no token", steps: []step{gateway("Missing Authentication Token")}, want: isNotDone, sent: 1},
		{name: "403 of the gateway, by its header", steps: []step{answer(403, `{"message":"Signature expired"}`, "X-Amzn-Errortype", "ForbiddenException")}, want: isNotDone, sent: 1},
		{name: "425", steps: []step{answer(425, ``)}, want: isNotDone, sent: 1},
		{name: "429 each time", steps: []step{answer(429, ``)}, want: isNotDone, sent: 2},
		{name: "429 with a page", steps: []step{answer(429, page)}, want: isNotDone, sent: 2},
		{name: "429 for an hour", steps: []step{long}, want: isNotDone, sent: 1},

		{name: "408", steps: []step{answer(408, ``)}, want: isUnsure, sent: 1},
		{name: "500", steps: []step{answer(500, `{"status":"error"}`)}, want: isUnsure, sent: 2},
		{name: "501", steps: []step{answer(501, ``)}, want: isUnsure, sent: 1},
		{name: "502 with a page", steps: []step{answer(502, page)}, want: isUnsure, sent: 2},
		{name: "503 for an hour", steps: []step{answer(503, ``, "Retry-After", "3600")}, want: isUnsure, sent: 1},
		{name: "504", steps: []step{answer(504, ``)}, want: isUnsure, sent: 2},
		{name: "a redirect", steps: []step{answer(302, ``, "Location", "/elsewhere")}, want: isUnsure, sent: 1},
		{name: "cut off", steps: []step{cut}, want: isUnsure, sent: 2},
		{name: "an answer that is cut off", steps: []step{half}, want: isUnsure, sent: 2},
		{name: "a page in place of an answer", steps: []step{answer(200, page)}, want: isUnsure, sent: 1},
		{name: "a page in place of a refusal", steps: []step{answer(404, page)}, want: isUnsure, sent: 1},
		{name: "a page in place of a 403", steps: []step{answer(403, page)}, want: isUnsure, sent: 1},
		{name: "400 without words", steps: []step{answer(400, `{}`)}, want: isUnsure, sent: 1},
		{name: "400 with the name of its status", steps: []step{answer(400, `{"message":"Bad Request"}`)}, want: isUnsure, sent: 1},
		{name: "403 without words", steps: []step{answer(403, `{}`)}, want: isUnsure, sent: 1},
		{name: "404 about nothing", steps: []step{answer(404, app)}, want: isUnsure, sent: 1},
		{name: "404 about another id", steps: []step{answer(404, `{"code":"not_found","message":"User 51000000-0000-4000-8000-00000000000f not found"}`)}, want: isUnsure, sent: 1},
		{name: "404 about its path", steps: []step{answer(404, `{"statusCode":404,"message":"Cannot POST /v1/users/`+owner+`"}`)}, want: isUnsure, sent: 1},
		{name: "409 about something", steps: []step{answer(409, app)}, want: isUnsure, sent: 1},
		{name: "410", steps: []step{answer(410, app)}, want: isUnsure, sent: 1},
		{name: "413", steps: []step{answer(413, app)}, want: isUnsure, sent: 1},
		{name: "half of a refusal", steps: []step{answer(400, `{"code":"valid`)}, want: isUnsure, sent: 1},

		{name: "ended before it is sent", steps: []step{answer(201, `{}`)}, want: isNotDone, ended: true},
		{name: "ended while it connects", steps: []step{endless}, want: isNotDone},
		{name: "ended once it is sent", steps: []step{silent}, want: isUnsure, sent: 1},
		{name: "ended while it waits after a 429", steps: []step{off(429)}, want: isNotDone, sent: 1},
		{name: "ended while it waits after a 503", steps: []step{off(503)}, want: isUnsure, sent: 1},

		{name: "429 and then 400", steps: []step{answer(429, ``), answer(400, app)}, want: isRefused, sent: 2},
		{name: "503 and then 400", steps: []step{answer(503, ``), answer(400, app)}, want: isUnsure, sent: 2},
		{name: "cut off, and then 429", steps: []step{cut, answer(429, ``)}, want: isUnsure, sent: 2},
		{name: "cut off, and then nobody is there", steps: []step{cut, nobody}, want: isUnsure, sent: 1},
		{name: "503, then 401, and signing in is refused", auth: []step{{}, gateway("Forbidden")},
			steps: []step{answer(503, ``), answer(401, ``)}, want: isUnsure, sent: 2},
		{name: "503, then 401, and signing in is cut off", auth: []step{{}, cut},
			steps: []step{answer(503, ``), answer(401, ``)}, want: isUnsure, sent: 2},
		{name: "401, and signing in is refused", auth: []step{{}, gateway("Forbidden")}, steps: []step{answer(401, ``)}, want: isNotDone, sent: 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			k := &script{auth: tt.auth, steps: tt.steps}
			c := k.client(t)
			c.MaxTries = 2
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			k.end = cancel
			c.Retry = func(Retry) { k.now.Load().reached(k) }
			if tt.ended {
				cancel()
			}
			err := c.Do(ctx, Request{Method: "POST", Path: "/v1/users", Key: "k", Body: map[string]string{"user_id": owner}}, nil)
			if got := outcome(err); got != tt.want || int(k.sent.Load()) != tt.sent {
				t.Errorf("%s, sent %d times: %v; want %s, %d times", got, k.sent.Load(), err, tt.want, tt.sent)
			}
		})
	}
}

// A request that has no answer in time may have been received, unless the time was up
// before it was sent.
func TestATimeOutIsUnsure(t *testing.T) {
	for most := 50 * time.Millisecond; ; most *= 2 { // until that is enough for signing in and connecting
		k := &script{steps: []step{{does: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }}}}
		c := k.client(t)
		c.MaxTries, c.HTTP.Timeout = 1, most
		err := c.Do(t.Context(), Request{Method: "POST", Path: "/v1/users", Key: "k"}, nil)
		switch {
		case k.tried.Load() == 0:
			check(t, fmt.Sprint(err), outcome(err), isNotDone)
		case k.sent.Load() > 0:
			check(t, fmt.Sprint(err), outcome(err), isUnsure)
			return
		}
	}
}

// A request that could not be sent at all counts as not done.
func TestNothingCanBeSent(t *testing.T) {
	err := (&Client{BaseURL: "http://127.0.0.1:1"}).Do(t.Context(), Request{Method: "POST", Path: "/v1/users", Key: "k"}, nil)
	check(t, fmt.Sprint(err), outcome(err), isNotDone)
}

// script is a Kira that goes through its steps.
type script struct {
	auth, steps []step
	sent        atomic.Int64 // requests that arrived, without sign-ins

	signed, tried atomic.Int64
	now           atomic.Pointer[step] // the one to connect for
	end           func()               // ends the context of the request
}

// reached ends the context of the request, if that is the step's.
func (s *step) reached(k *script) {
	if s.ends {
		k.end()
	}
}

// client returns a client of k that connects anew for each sending, over TLS.
func (k *script) client(t *testing.T) *Client {
	srv := httptest.NewUnstartedServer(k)
	srv.Config.ErrorLog = nil
	srv.StartTLS()
	t.Cleanup(func() { srv.CloseClientConnections(); srv.Close() })
	pool := x509.NewCertPool()
	pool.AddCert(srv.Certificate())
	transport := newTransport()
	transport.DisableKeepAlives, transport.ForceAttemptHTTP2 = true, false
	transport.TLSClientConfig.RootCAs = pool
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if s := k.now.Load(); s.dial != nil {
			s.reached(k)
			return s.dial(ctx, address)
		}
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}
	return &Client{BaseURL: srv.URL, APIKey: "key", ClientID: "client", Password: "password",
		HTTP: &http.Client{Transport: stepping{k, transport}, Timeout: time.Minute}}
}

// stepping chooses the step before a connection is made.
type stepping struct {
	k    *script
	next http.RoundTripper
}

func (s stepping) RoundTrip(r *http.Request) (*http.Response, error) {
	steps, count := s.k.steps, &s.k.tried
	if r.URL.Path == authPath {
		steps, count = s.k.auth, &s.k.signed
	}
	n := int(count.Add(1))
	now := &step{}
	if len(steps) > 0 {
		now = &steps[min(n, len(steps))-1]
	}
	s.k.now.Store(now)
	return s.next.RoundTrip(r)
}

func (k *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	now := k.now.Load()
	if r.URL.Path != authPath {
		k.sent.Add(1)
	}
	switch {
	case now.does != nil:
		_, _ = io.Copy(io.Discard, r.Body) // so that the end of the connection is seen
		now.reached(k)
		now.does(w, r)
	case now.status == 0:
		fmt.Fprint(w, `{"data":{"access_token":"t","expires_in":3600}}`)
	default:
		for i := 0; i < len(now.headers); i += 2 {
			w.Header().Set(now.headers[i], now.headers[i+1])
		}
		w.WriteHeader(now.status)
		fmt.Fprint(w, now.body)
	}
}

// babble returns a connection to somebody who does not speak TLS.
func babble(t *testing.T) (net.Conn, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	go func() {
		defer l.Close()
		if c, err := l.Accept(); err == nil {
			fmt.Fprint(c, "220 this is something else\r\n")
			_ = c.Close()
		}
	}()
	return net.Dial("tcp", l.Addr().String())
}
