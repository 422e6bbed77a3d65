package kira

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"time"
)

const (
	firstWait = 500 * time.Millisecond // doubled for each further try
	leastWait = 100 * time.Millisecond
	mostWait  = 20 * time.Second
	mostAfter = 5 * time.Minute // a request that Retry-After puts off for longer has ended
)

// Retry says that a request will be sent again, and why.
type Retry struct {
	Try, Of int           // the try to come, and how many there are at most
	Wait    time.Duration // before it
	Cause   string        // why the last one did not do
}

// String is the retry in words for a user.
func (r Retry) String() string {
	return fmt.Sprintf("retry %d of %d in %s: %s", r.Try, r.Of, span(r.Wait, ", at "), r.Cause)
}

// span is a wait in words: a long one with the time at which it ends.
func span(d time.Duration, at string) string {
	if d <= time.Minute {
		return round(d).String()
	}
	return round(d).String() + at + time.Now().Add(d).UTC().Format("15:04:05 UTC")
}

// repeatable reports whether sending a request twice has the effect of sending
// it once. Kira keeps that promise for keys; PUT is partial but sets values.
func repeatable(method, route, key string) bool {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPut:
		return true
	case http.MethodPost:
		return key != "" || repeatablePosts[route]
	}
	return key != ""
}

// repeatablePosts take no key and need none.
var repeatablePosts = map[string]bool{
	authPath:                 true, // each answer is a new token (observed, section 2)
	"/v1/versioning/upgrade": true, // "re-running is a harmless no-op" (observed, section 3)
	"/webhooks/register":     true, // "last write wins" (observed, section 9)
}

// again decides whether the request is sent once more. An answer is never given
// up for a context that has ended: its effect has happened.
func (x *exchange) again(ctx context.Context, res *http.Response, err error) (bool, error) {
	x.failure = err
	may := x.outage.heard(x, err)
	if err != nil {
		unsent := x.unconnected || unsent(err)
		x.unsure = x.unsure || !unsent
		return ctx.Err() == nil && may && passing(err) && (x.safe || unsent), nil
	}
	x.unsure = x.unsure || res.StatusCode >= 500 || res.StatusCode == http.StatusRequestTimeout
	return ctx.Err() == nil && x.safe && passingStatus(res.StatusCode) && x.last.notBefore.IsZero(), nil
}

// passingStatus reports whether an answer may be another one in a moment. The
// 52x are Cloudflare's, which stands before Kira, and others call them 502-504.
func passingStatus(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusInternalServerError,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return status >= 520 && status <= 524
}

// passing reports whether a network error may be gone in a moment.
func passing(err error) bool {
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	_, held := errors.AsType[*heldBackError](err)
	proxy, refused := errors.AsType[*proxyError](err)
	refused = refused && !passingStatus(proxy.status)
	return !untrusted && !held && !refused && !errors.Is(err, errTooLarge) && !errors.Is(err, http.ErrSchemeMismatch)
}

// keyLife is for how long after a request was first sent its key is believed in: Kira
// remembers it for a day (documented 1.5), by a clock that is not ours.
const keyLife = 12 * time.Hour

var errKeyOld = errors.New("it was first sent more than 12 hours ago, so that Kira may have forgotten its Idempotency-Key, and was not sent once more")

// keyIsOld reports whether the key of a request that was sent before may be forgotten
// by now: a machine may sleep between two tries. The first try sets the time, of the
// clock on the wall, since the other one stands still meanwhile.
func (x *exchange) keyIsOld() bool {
	now := time.Now().Round(0)
	if x.req.Key == "" {
		return false
	}
	if x.first.IsZero() {
		x.first = now
	}
	age := now.Sub(x.first)
	return age > keyLife || age < -keyLife
}

// unsent reports whether a network error came before anything was sent.
func unsent(err error) bool {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return op.Op == "dial" || op.Op == "proxyconnect"
	}
	_, ok := errors.AsType[*net.DNSError](err)
	return ok
}

// backoff returns how long to wait after the given number of retries, and
// tells those who want to know. It is exponential with full jitter, so that
// workers that failed together do not come back together.
func (x *exchange) backoff(_, _ time.Duration, retries int, res *http.Response) time.Duration {
	most := min(firstWait<<min(retries, 10), mostWait)
	r := Retry{
		Try: retries + 2, Of: x.maxTries,
		Wait: leastWait + rand.N(most),
	}
	if x.failure != nil {
		r.Cause = plain(bare(x.failure))
	} else {
		r.Cause = statusText(res.StatusCode)
		r.Wait = retryAfter(res.Header, r.Wait)
	}
	x.note(r.String())
	if x.client.Retry != nil {
		x.client.Retry(r)
	}
	return r.Wait
}

// retryAfter reads Retry-After, in seconds or as a date by Kira's own clock, and
// returns otherwise if there is none that makes sense.
func retryAfter(h http.Header, otherwise time.Duration) time.Duration {
	value := h.Get("Retry-After")
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(seconds) * time.Second // out of range, it is the most that there is
	}
	if at, err := http.ParseTime(value); err == nil {
		now, err := http.ParseTime(h.Get("Date"))
		if err != nil {
			now = time.Now()
		}
		return max(0, at.Sub(now))
	}
	return otherwise
}

// round makes a duration fit to be read.
func round(d time.Duration) time.Duration {
	if d < time.Second {
		return d.Round(10 * time.Millisecond)
	}
	return d.Round(100 * time.Millisecond)
}
