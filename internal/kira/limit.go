package kira

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	burst                = 10 // requests that may go out at once where no rate is asked for: the default parallelism
	leastRate rate.Limit = 1
	// regain is added to a rate that was cut, for each success. At full use the
	// rate doubles every 35 seconds.
	regain rate.Limit = 0.02
	// share is the part of the rate that Kira took that is asked for after a
	// 429.
	share rate.Limit = 0.9
)

// limiter is the one gate that every request passes. Kira names no limit that
// holds and its answers carry none (observed, section 10), so the limiter
// learns it: a 429 holds everybody back and takes the rate down to a little less
// than Kira has answered in a second, or to half if it has answered nothing;
// successes slowly win it back.
type limiter struct {
	most   rate.Limit // never exceeded
	bucket *rate.Limiter

	mu     sync.Mutex
	paused time.Time // nobody passes before
	cut    time.Time // when the rate was last cut

	passed, answered tally
}

// tally counts events in a second, and keeps the count of the one before.
type tally struct {
	second       int64 // the second being counted
	now, earlier int
}

func (t *tally) add(at time.Time) {
	switch s := at.Unix(); s {
	case t.second:
	case t.second + 1:
		t.second, t.earlier, t.now = s, t.now, 0
	default:
		t.second, t.earlier, t.now = s, 0, 0
	}
	t.now++
}

// most is the greater of both counts.
func (t *tally) most() rate.Limit { return rate.Limit(max(t.now, t.earlier)) }

func newLimiter(most rate.Limit, burst int) *limiter {
	return &limiter{most: most, bucket: rate.NewLimiter(most, burst)}
}

// wait returns when the next request may go out, or an error when ctx ends
// before that, or if Kira put all requests off for longer than is waited. It
// tells note of pauses.
func (l *limiter) wait(ctx context.Context, note func(string)) error {
	for {
		if l.bucket.Wait(ctx) != nil {
			// It also fails at once if ctx would end before its turn comes.
			return fmt.Errorf("wait to send: %w", cmp.Or(ctx.Err(), context.DeadlineExceeded))
		}
		pause := l.pass()
		if pause <= 0 {
			return nil
		}
		if pause > mostAfter {
			return &putOffError{time.Now().Add(pause)}
		}
		note(fmt.Sprintf("waiting %s: Kira asked for fewer requests", span(pause, ", until ")))
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait to send: %w", ctx.Err())
		case <-time.After(pause):
		}
	}
}

// putOffError is the end of a request that would have to wait for too long.
type putOffError struct{ until time.Time }

// Error says when to try again.
func (e *putOffError) Error() string { return notBefore(e.until) }

func notBefore(at time.Time) string {
	return "Kira asked for no request before " + at.UTC().Format("2006-01-02 15:04:05 UTC") + ": try again then"
}

// pass counts a request, or returns how long it has to wait.
func (l *limiter) pass() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if pause := l.paused.Sub(now); pause > 0 {
		return pause
	}
	l.passed.add(now)
	return 0
}

// slower takes note of a 429 to a request that went out at sent. Of many such
// answers to requests of one moment only the first cuts the rate.
func (l *limiter) slower(sent time.Time, pause time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if until := now.Add(pause); until.After(l.paused) {
		l.paused = until
	}
	if !l.cut.IsZero() && !sent.After(l.cut) {
		return
	}
	l.cut = now
	// The rate that really went out counts, where it was less than allowed.
	used := min(l.bucket.Limit(), l.passed.most())
	next := used / 2
	if good := l.answered.most(); good > 0 {
		next = share * min(used, good)
	}
	l.bucket.SetLimit(max(leastRate, next))
	l.bucket.SetBurst(1)
}

// faster takes note of a success.
func (l *limiter) faster() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.answered.add(time.Now()); l.bucket.Limit() >= l.most {
		return
	}
	l.bucket.SetLimit(min(l.most, l.bucket.Limit()+regain))
}
