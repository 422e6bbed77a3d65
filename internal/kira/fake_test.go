package kira

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// sent is one request as a fake Kira saw it.
type sent struct {
	at                           time.Time
	method, path, key, token, in string
}

// fake answers requests in memory, so that time can be virtual. It signs in
// by itself, with tokens t1, t2 and so on, unless auth is set.
type fake struct {
	life   int                                  // expires_in; 0 means 3600
	auth   func(n int) (*http.Response, error)  // answers the nth sign-in, from 1
	answer func(s sent) (*http.Response, error) // answers the rest; nil means {}
	delay  time.Duration

	mu    sync.Mutex
	auths int
	all   []sent
}

func (f *fake) RoundTrip(req *http.Request) (*http.Response, error) {
	select {
	case <-time.After(f.delay):
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
	s := sent{at: time.Now(), method: req.Method, path: req.URL.RequestURI(), key: req.Header.Get("Idempotency-Key")}
	s.token = strings.TrimPrefix(req.Header.Get("Authorization"), "Bearer ")
	if req.Body != nil {
		data, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		s.in = string(data)
	}
	f.mu.Lock()
	if s.path == "/auth" {
		f.auths++
		n, life := f.auths, f.life
		f.mu.Unlock()
		if f.auth != nil {
			return f.auth(n)
		}
		if life == 0 {
			life = 3600
		}
		return reply(200, fmt.Sprintf(`{"message":"Auth token","data":{"access_token":"t%d","expires_in":%d,"token_type":"Bearer"}}`, n, life))
	}
	f.all = append(f.all, s)
	f.mu.Unlock()
	if f.answer == nil {
		return reply(200, `{}`)
	}
	return f.answer(s)
}

// count returns how many requests were seen, sign-ins not counted.
func (f *fake) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.all)
}

// client returns a client that talks to f only.
func (f *fake) client() *Client {
	return &Client{
		BaseURL: "http://127.0.0.1:1", APIKey: "key-of-acme", ClientID: "client-of-acme", Password: "password-of-acme",
		HTTP: &http.Client{Transport: f},
	}
}

// reply makes an answer; headers are name, value, name, value.
func reply(status int, body string, headers ...string) (*http.Response, error) {
	h := http.Header{}
	for i := 0; i < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(bytes.NewBufferString(body))}, nil
}

// inTurn gives the answers one after the other, and the last one for ever.
func inTurn(answers ...func() (*http.Response, error)) func(sent) (*http.Response, error) {
	var mu sync.Mutex
	n := 0
	return func(sent) (*http.Response, error) {
		mu.Lock()
		defer mu.Unlock()
		n++
		return answers[min(n, len(answers))-1]()
	}
}

func says(status int, body string, headers ...string) func() (*http.Response, error) {
	return func() (*http.Response, error) { return reply(status, body, headers...) }
}

func fails(err error) func() (*http.Response, error) {
	return func() (*http.Response, error) { return nil, err }
}

var (
	errRefused = &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	errReset   = &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
)

func check[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}
