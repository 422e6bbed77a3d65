package postgres

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
)

// reason says in a person's words why the server, or the way to it, failed; "" for a
// failure that is none of those that are known. The user is the name that the
// connection signs in with. The codes are in Postgres's manual, appendix A.
func reason(err error, user string) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return answered(e, user)
	}
	name, unknown := errors.AsType[*net.DNSError](err)
	_, authority := errors.AsType[x509.UnknownAuthorityError](err)
	_, host := errors.AsType[x509.HostnameError](err)
	_, cert := errors.AsType[*tls.CertificateVerificationError](err)
	switch {
	case unknown && name.IsNotFound:
		return fmt.Sprintf("the name %s is not known. Correct KIRAFORM_DATABASE_URL", name.Name)
	case unknown:
		return fmt.Sprintf("the name %s could not be looked up", name.Name)
	case errors.Is(err, syscall.ECONNREFUSED):
		return "no server listens there (connection refused)"
	case authority || host || cert:
		return "its certificate is not to be trusted: " + last(err).Error() + ". sslrootcert in KIRAFORM_DATABASE_URL names the authority's certificate"
	case strings.Contains(err.Error(), "server refused TLS connection"):
		return "it does not speak TLS, and sslmode in KIRAFORM_DATABASE_URL asks for that"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), pgconn.Timeout(err):
		return "it does not answer"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "the connection was cut"
	}
	return ""
}

// answered says the report of the server in a person's words.
func answered(e *pgconn.PgError, user string) string {
	switch e.Code {
	case "28P01", "28000":
		return fmt.Sprintf("it does not let %q in: check the name and the password in KIRAFORM_DATABASE_URL, or PGUSER and PGPASSWORD (%s)", user, e.Code)
	case "3D000":
		return fmt.Sprintf("%s. Make it, or correct KIRAFORM_DATABASE_URL", e.Message)
	case "42501":
		return fmt.Sprintf("%q may not do that: %s. A plan needs to read only, with -lock=false", user, e.Message)
	case "53300":
		return "it takes no more connections: " + e.Message
	case "57P03":
		return "it is not ready: " + e.Message
	case "57P01", "57P02":
		return "it was shut down"
	}
	return fmt.Sprintf("%s (%s)", e.Message, e.Code)
}

// last returns the innermost error, of which the others say where it happened.
func last(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}
