package kira

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"syscall"
	"time"
)

// outageKnown is for how long after a refusal an address is believed to refuse
// connections still.
const outageKnown = 30 * time.Second

// outage finds out once, and for all requests of a client, whether an address that
// refuses connections comes back. The first request that is refused is the scout: it
// alone tries again, and the others wait for it. Once it has given up, each further
// request is tried once, until one is let in again. Nothing of a request that was refused
// so has reached anybody.
type outage struct {
	mu    sync.Mutex
	scout *exchange     // nil while nobody tries again for all
	over  chan struct{} // closed once the scout was let in, or has ended
	known time.Time     // until when the address is known to refuse
}

// connectionRefused reports whether nobody listens at an address.
func connectionRefused(err error) bool { return errors.Is(err, syscall.ECONNREFUSED) && unsent(err) }

// heard takes note of the outcome of a try of x, and reports whether x may be tried again.
func (o *outage) heard(x *exchange, err error) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch now := time.Now(); {
	case err == nil:
		o.known = time.Time{}
		o.end()
	case !connectionRefused(err):
	case now.Before(o.known):
		o.known = now.Add(outageKnown)
		return false
	case o.scout == nil:
		o.scout, o.over = x, make(chan struct{})
	}
	return true
}

// end lets those go on who wait for the scout.
func (o *outage) end() {
	if o.scout != nil {
		o.scout = nil
		close(o.over)
	}
}

// wait returns nil once x may be sent again, and its last failure if the scout has given
// up meanwhile.
func (o *outage) wait(ctx context.Context, x *exchange) error {
	o.mu.Lock()
	over, waits := o.over, o.scout != nil && o.scout != x && connectionRefused(x.failure)
	o.mu.Unlock()
	if waits {
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait to send: %w", ctx.Err())
		case <-over:
		}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if connectionRefused(x.failure) && time.Now().Before(o.known) {
		return x.failure
	}
	return nil
}

// leave ends the part of x. A scout whose every try was refused knows that the address
// does not come back for now; one that was cancelled does not.
func (o *outage) leave(ctx context.Context, x *exchange) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.scout != x {
		return
	}
	if ctx.Err() == nil && x.tries >= x.maxTries && connectionRefused(x.failure) {
		o.known = time.Now().Add(outageKnown)
	}
	o.end()
}

// prepare waits until a request may be sent again.
func (x *exchange) prepare(req *http.Request) error {
	if err := x.outage.wait(req.Context(), x); err != nil {
		return err
	}
	return x.limit.wait(req.Context(), x.note)
}
