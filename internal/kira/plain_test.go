package kira

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
)

// Nobody has to read the words of Go's library to know why there was no answer.
func TestPlain(t *testing.T) {
	at := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1}
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Addr: at, Err: err} }
	for _, tt := range []struct {
		err  error
		want string
	}{
		{dial(os.NewSyscallError("connect", syscall.ECONNREFUSED)), "connection refused at 127.0.0.1:1"},
		{dial(&net.DNSError{Err: "no such host", Name: "kira.example", IsNotFound: true}), `there is no such host as "kira.example"`},
		{&net.DNSError{Err: "server misbehaving", Name: "kira.example"}, `the address of the host "kira.example" could not be found out`},
		{&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, "the certificate of the host is not trusted: x509: certificate signed by unknown authority"},
		{&net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ECONNRESET)}, "the connection was reset"},
		{dial(syscall.EHOSTUNREACH), "there is no way to the host at 127.0.0.1:1"},
		{fmt.Errorf("get: %w", context.DeadlineExceeded), "it timed out"},
		{context.Canceled, "it was cancelled"},
		{io.ErrUnexpectedEOF, "the connection was closed in the middle"},
		{errors.New("the answer is larger than 16 MB"), "the answer is larger than 16 MB"},
	} {
		if got := plain(tt.err); got != tt.want {
			t.Errorf("%v is %q, want %q", tt.err, got, tt.want)
		}
	}
}
