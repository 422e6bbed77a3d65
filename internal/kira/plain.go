package kira

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
)

// plain says of a failure on the way in words why there is no answer. What it does not
// know it repeats.
func plain(err error) string {
	at := ""
	if e, ok := errors.AsType[*net.OpError](err); ok && e.Op == "dial" && e.Addr != nil {
		at = " at " + e.Addr.String()
	}
	name, unnamed := errors.AsType[*net.DNSError](err)
	certificate, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	switch {
	case errors.Is(err, context.Canceled):
		return "it was cancelled"
	case unnamed && name.IsNotFound:
		return fmt.Sprintf("there is no such host as %q", name.Name)
	case unnamed:
		return fmt.Sprintf("the address of the host %q could not be found out", name.Name)
	case untrusted:
		return "the certificate of the host is not trusted: " + certificate.Err.Error()
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused" + at
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "the connection was reset" + at
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "there is no way to the host" + at
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return "it timed out" + at
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "the connection was closed in the middle"
	}
	return err.Error()
}
