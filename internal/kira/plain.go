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
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"
)

// The sentences that say what to do about a failure on the way.
const (
	checkAddress = "Check the address of Kira: KIRA_BASE_URL, or base_url in the provider block."
	checkProxy   = "Check the address of the proxy in HTTPS_PROXY, and whether it lets this machine reach Kira; NO_PROXY names hosts to reach without it."
	tryAgain     = "Such a failure often passes: run the command again."
	checkClock   = "Check the clock of this machine. If it is right, the people who run the host have to renew the certificate."
	notKiras     = "Something else than Kira may answer there, such as the sign-in page of a network. " + checkAddress
)

// proxyError is the answer of a proxy that does not connect.
type proxyError struct {
	host   string // of the proxy
	status int
}

// Error is in words for a person.
func (e *proxyError) Error() string {
	return fmt.Sprintf("the proxy %s would not connect: %s", e.host, statusText(e.status))
}

// asked looks at the answer of a proxy, whose words net/http would give alone.
func asked(_ context.Context, proxy *url.URL, _ *http.Request, res *http.Response) error {
	if res.StatusCode == http.StatusOK {
		return nil
	}
	return &proxyError{proxy.Host, res.StatusCode}
}

// Plain returns the error of a request that was sent without a [Client], in the words of
// this package.
func Plain(err error) error {
	if err == nil {
		return nil
	}
	return &plainError{plain(bare(err)), err}
}

type plainError struct {
	text string
	err  error
}

// Error is the reason, in words for a person.
func (e *plainError) Error() string { return e.text }

// Unwrap returns the error of the request.
func (e *plainError) Unwrap() error { return e.err }

// plain says of a failure on the way in words why there is no answer. It repeats the
// words of this program, and none of Go's library, which the log has.
func plain(err error) string {
	reason, _ := told(err)
	return reason
}

// told says of a failure on the way why there is no answer, and in a sentence what to
// do; "" where nobody knows.
func told(err error) (reason, remedy string) {
	at := ""
	if e, ok := errors.AsType[*net.OpError](err); ok && e.Op == "dial" && e.Addr != nil {
		at = " at " + e.Addr.String()
	}
	refused, byProxy := errors.AsType[*proxyError](err)
	certificate, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	switch {
	case errors.Is(err, context.Canceled):
		return "it was cancelled", ""
	case byProxy:
		return refused.Error(), checkProxy
	case operation(err, "proxyconnect"):
		reason, _ := told(errors.Unwrap(err))
		return "the proxy could not be reached: " + reason, checkProxy
	case untrusted:
		return ofCertificate(certificate.Err)
	}
	if reason, remedy := ofName(err); reason != "" {
		return reason, remedy
	}
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nobody listens there (connection refused" + at + ")", checkAddress
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "there is no way to the host" + at, "Check the network of this machine. " + checkAddress
	}
	if reason := ofProtocol(err); reason != "" {
		return reason, checkAddress
	}
	if reason := passed(err); reason != "" {
		return reason + at, tryAgain
	}
	if e, ok := errors.AsType[*formError](err); ok {
		return e.Error(), e.remedy
	}
	if text := err.Error(); !foreignWords().MatchString(text) {
		return text, ""
	}
	return "the connection failed (KIRAFORM_LOG=FILE keeps the details)", tryAgain
}

// foreignWords are how errors of Go's library begin.
var foreignWords = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(net/http|http2?|tls|x509|net|dial|read|write|gzip|flate|stream error|local error|remote error|connection error)\b`)
})

func operation(err error, name string) bool {
	e, ok := errors.AsType[*net.OpError](err)
	return ok && e.Op == name
}

// ofName is about a host whose address is not known.
func ofName(err error) (reason, remedy string) {
	name, ok := errors.AsType[*net.DNSError](err)
	switch {
	case !ok:
		return "", ""
	case name.IsNotFound:
		return fmt.Sprintf("there is no such host as %q", name.Name), checkAddress
	}
	return fmt.Sprintf("the address of the host %q could not be found out", name.Name), "Check the network of this machine. " + checkAddress
}

// ofProtocol is about a server that speaks another language.
func ofProtocol(err error) string {
	_, noTLS := errors.AsType[tls.RecordHeaderError](err)
	switch {
	case errors.Is(err, http.ErrSchemeMismatch):
		return "it speaks HTTP without encryption, and the address begins with https://"
	case noTLS:
		return "it does not speak HTTPS, and the address begins with https://"
	case operation(err, "remote error"), operation(err, "local error"):
		return "the host refused the encrypted connection"
	case strings.Contains(err.Error(), "malformed HTTP"): // net/http has no type for it
		return "it does not speak HTTP"
	}
	return ""
}

// passed is about a failure that may be gone in a moment.
func passed(err error) string {
	timed, ok := errors.AsType[net.Error](err)
	switch {
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "the connection was reset"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), ok && timed.Timeout():
		return "it timed out"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "the connection was closed before the answer had come"
	}
	return ""
}

// ofCertificate is about a certificate that is not taken.
func ofCertificate(err error) (reason, remedy string) {
	const the = "the certificate of the host "
	other, isOther := errors.AsType[x509.HostnameError](err)
	invalid, isInvalid := errors.AsType[x509.CertificateInvalidError](err)
	_, unknown := errors.AsType[x509.UnknownAuthorityError](err)
	switch {
	case unknown:
		return the + "is signed by an authority that this machine does not trust",
			"If a proxy of your company stands in between, let this machine trust its authority; on Linux, SSL_CERT_FILE names a file with it. Otherwise: " + checkAddress
	case isOther:
		names := other.Certificate.DNSNames
		for _, ip := range other.Certificate.IPAddresses {
			names = append(names, ip.String())
		}
		if len(names) == 0 {
			return the + "is not for " + other.Host, checkAddress
		}
		return fmt.Sprintf("the certificate is for %s, and not for %s", cut(tidy(strings.Join(names, ", ")), maxPlace), other.Host), checkAddress
	case isInvalid && invalid.Reason == x509.Expired && time.Now().Before(invalid.Cert.NotBefore):
		return the + "is not valid before " + moment(invalid.Cert.NotBefore), checkClock
	case isInvalid && invalid.Reason == x509.Expired:
		return the + "expired at " + moment(invalid.Cert.NotAfter), checkClock
	}
	return the + "cannot be relied on", checkAddress
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }
