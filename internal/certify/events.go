package certify

import (
	"context"
	"crypto/hmac"
	"fmt"
	"net/url"
	"slices"
	"time"

	"kiraform/internal/kira"
	"kiraform/internal/webhook"
)

func deaf(b *bench) (outcome, error) { return outcome{status: Skipped, reason: b.o.Deaf}, nil }

// register is item 12. The last registration wins, and none can be read.
func register(ctx context.Context, b *bench) (outcome, error) {
	if b.o.Listening == nil {
		return deaf(b)
	}
	body := map[string]any{"client_uuid": b.o.ClientID, "webhook_url": b.o.Listening.URL}
	if b.o.Listening.Secret != "" {
		body["secret"] = b.o.Listening.Secret
	}
	if err := b.o.API.Do(ctx, kira.Request{Method: "POST", Path: "/webhooks/register", Body: body}, nil); err != nil {
		return outcome{}, err
	}
	b.p.Hook = b.o.Listening.URL
	return passed("")
}

// elsewhere reports whether events go to an address at which nobody listens any
// more.
func elsewhere(b *bench) bool {
	waiting := func(n int) bool { return b.p.Items[n-1].Status != Passed }
	return b.o.Listening != nil && b.o.Listening.URL != b.p.Hook && (waiting(8) || waiting(13) || waiting(14))
}

// event waits for a verified event, of those that came already too, and returns
// nil if none has come.
func (b *bench) event(ctx context.Context, limit time.Duration, is func(*webhook.Delivery) bool) (found *webhook.Delivery, err error) {
	_, err = until(ctx, limit, func() (bool, error) {
		log, err := b.o.Listening.Store.Read()
		if err != nil {
			return false, err
		}
		for _, e := range log.Events(false) {
			if e.Valid && e.Locked == nil && b.o.Listening.Secrets.Verify(e.Body, e.Header.Get(webhook.SignatureHeader)) && is(&e.Delivery) {
				found = &e.Delivery
				return true, nil
			}
		}
		return false, nil
	})
	return found, err
}

func anything(*webhook.Delivery) bool { return true }

// signature is item 13: an event that Kira sent verifies, and does not with one
// bit of it turned over.
func signature(ctx context.Context, b *bench) (outcome, error) {
	d, err := b.event(ctx, max(b.o.Wait, b.o.Grace), anything)
	switch {
	case err != nil:
		return outcome{}, err
	case d == nil:
		return waits("No verified event has come to "+host(b.o.Listening.URL)+".",
			"please tell us whether events are delivered to our registered webhook, and which secret signs them.")
	}
	signature := d.Header.Get(webhook.SignatureHeader)
	other := slices.Clone(d.Body)
	other[len(other)/2] ^= 1
	wrong := []bool{b.o.Listening.Secrets.Verify(other, signature), b.o.Listening.Secrets.Verify(d.Body, ""),
		hmac.Equal([]byte(signature), []byte(webhook.Sign("another secret", d.Body)))}
	if slices.Contains(wrong, true) {
		return failed("A body that was changed, or another secret, verifies as well.")
	}
	b.heard(d, "HMAC-SHA256 of the raw body, compared in constant time, is that of the header; with one bit of the body turned over it is not")
	return passed("")
}

// duplicates is item 14: an event that comes again counts once.
func duplicates(ctx context.Context, b *bench) (outcome, error) {
	d, err := b.event(ctx, b.o.Grace, func(d *webhook.Delivery) bool { return d.ID != "" })
	if err != nil || d == nil {
		return outcome{status: Failed, reason: "No event with an event_id is kept."}, err
	}
	before, err := b.counted(d.ID)
	if err != nil {
		return outcome{}, err
	}
	if err := webhook.Post(ctx, b.o.Listening.URL, d, ""); err != nil {
		return outcome{}, fmt.Errorf("send an event once more: %w", err)
	}
	after := 0
	came, err := until(ctx, b.o.Grace, func() (bool, error) {
		after, err = b.counted(d.ID)
		return after > before, err
	})
	switch {
	case err != nil:
		return outcome{}, err
	case !came:
		return failed("An event that was sent once more did not come.")
	}
	b.heard(d, fmt.Sprintf("sent once more as it came: it is one event, with %d deliveries", after+1))
	return passed("")
}

// counted is how often an event came again. It is there once.
func (b *bench) counted(id string) (int, error) {
	log, err := b.o.Listening.Store.Read()
	if err != nil {
		return 0, err
	}
	events, again := 0, 0
	for _, e := range log.Events(false) {
		if e.ID == id {
			events, again = events+1, e.Duplicates
		}
	}
	if events != 1 {
		return 0, fmt.Errorf("the event %s is there %d times", id, events)
	}
	return again, nil
}

// host is a URL without the parts that may let somebody in.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "the registered address"
	}
	return u.Scheme + "://" + u.Host
}
