package kira

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"syscall"
	"testing"
	"time"
)

// Nobody has to read the words of Go's library to know why there was no answer.
func TestPlain(t *testing.T) {
	at := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1}
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Addr: at, Err: err} }
	for _, tt := range []struct {
		err  error
		want string
	}{
		{dial(os.NewSyscallError("connect", syscall.ECONNREFUSED)), "nobody listens there (connection refused at 127.0.0.1:1)"},
		{dial(&net.DNSError{Err: "no such host", Name: "kira.example", IsNotFound: true}), `there is no such host as "kira.example"`},
		{&net.DNSError{Err: "server misbehaving", Name: "kira.example"}, `the address of the host "kira.example" could not be found out`},
		{&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, "the certificate of the host is signed by an authority that this machine does not trust"},
		{&net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}, "the connection was reset"},
		{dial(syscall.EHOSTUNREACH), "there is no way to the host at 127.0.0.1:1"},
		{fmt.Errorf("get: %w", context.DeadlineExceeded), "it timed out"},
		{context.Canceled, "it was cancelled"},
		{io.ErrUnexpectedEOF, "the connection was closed before the answer had come"},
		{fmt.Errorf("net/http: HTTP/1.x transport connection broken: %w", errors.New("malformed HTTP response")), "it does not speak HTTP"},
		{errors.New("http2: server sent GOAWAY and closed the connection"), "the connection failed (KIRAFORM_LOG=FILE keeps the details)"},
		{&net.OpError{Op: "remote error", Err: errors.New("tls: certificate required")}, "the host refused the encrypted connection"},
		{&net.OpError{Op: "proxyconnect", Net: "tcp", Err: dial(syscall.ECONNREFUSED)}, "the proxy could not be reached: nobody listens there (connection refused at 127.0.0.1:1)"},
		{errors.New("the answer is larger than 16 MB"), "the answer is larger than 16 MB"},
	} {
		if got := plain(tt.err); got != tt.want {
			t.Errorf("%v is %q, want %q", tt.err, got, tt.want)
		}
	}
}

// A server that is too slow is told of as one, whichever timer of net/http ran out.
func TestSlowness(t *testing.T) {
	release := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-release }))
	defer srv.Close()
	defer close(release)
	for name, hc := range map[string]*http.Client{
		"all of it":  {Timeout: 20 * time.Millisecond},
		"the header": {Transport: &http.Transport{ResponseHeaderTimeout: 20 * time.Millisecond}},
	} {
		c := &Client{BaseURL: srv.URL, APIKey: "key", ClientID: "id", Password: "password", HTTP: hc, MaxTries: 1}
		err := c.Do(t.Context(), Request{Method: "GET", Path: "/v1/users"}, nil)
		if want := "POST /auth: no answer: it timed out. " + tryAgain; err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
}
