package simulator

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// A delivery is a webhook on its way: sent once, and never again.
type delivery struct {
	after  time.Duration
	url    string
	header http.Header
	body   []byte
}

// send hands over the events that have been emitted. It is called without the
// lock, so that a receiver may call the server.
func (s *Server) send() {
	s.mu.Lock()
	due := s.pending
	s.pending = nil
	s.mu.Unlock()
	for _, d := range due {
		d.after = s.EventsAfter
		times := 1
		if s.EventsTwice {
			times = 2
		}
		for range times {
			if s.Deliver != nil {
				s.Deliver(d.url, d.header, d.body)
			} else if loopback(d.url) {
				s.outbox.add(d)
			}
		}
	}
}

// Discard is a [Server.Deliver] that sends nothing.
func Discard(string, http.Header, []byte) {}

// loopback reports whether an address cannot leave this machine.
func loopback(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// An outbox sends deliveries in the background, one after the other in their order.
type outbox struct {
	mu      sync.Mutex
	waiting []delivery
	busy    chan struct{} // closed when the sender has run out; nil before the first
	stop    context.CancelFunc
	closed  bool
}

func (o *outbox) add(d delivery) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return
	}
	o.waiting = append(o.waiting, d)
	if o.stop == nil {
		var ctx context.Context
		ctx, o.stop = context.WithCancel(context.Background())
		o.busy = make(chan struct{})
		go o.run(ctx, o.busy)
	}
}

func (o *outbox) run(ctx context.Context, done chan struct{}) {
	defer close(done)
	// A redirect could lead away from this machine, so none is followed.
	client := &http.Client{Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	for {
		o.mu.Lock()
		if len(o.waiting) == 0 || ctx.Err() != nil {
			o.stop()
			o.stop = nil
			o.mu.Unlock()
			return
		}
		d := o.waiting[0]
		o.waiting = o.waiting[1:]
		o.mu.Unlock()
		post(ctx, client, d)
	}
}

// post sends a delivery. Nobody is told how it went: Kira does not retry, and
// keeps no record (brief).
func post(ctx context.Context, client *http.Client, d delivery) {
	select {
	case <-time.After(d.after):
	case <-ctx.Done():
		return
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.url, bytes.NewReader(d.body))
	if err != nil {
		return
	}
	req.Header = d.header
	if resp, err := client.Do(req); err == nil {
		resp.Body.Close()
	}
}

// close lets nothing more in, waits a moment for the deliveries that are there,
// and cancels the rest.
func (o *outbox) close() {
	o.mu.Lock()
	o.closed = true
	busy, stop := o.busy, o.stop
	o.mu.Unlock()
	if stop == nil {
		return
	}
	select {
	case <-busy:
	case <-time.After(500 * time.Millisecond):
		stop()
		<-busy
	}
}
