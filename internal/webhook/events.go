package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"
)

// An Event is all deliveries of one event.
type Event struct {
	Delivery       // the first of them
	Duplicates int // how many more there were
}

// Events folds deliveries into events, in the order in which they first came.
// Those that are forged are events of their own, and none unless forged is set:
// nobody can take the place of a true one by knowing its id.
func (log *Log) Events(forged bool) []Event {
	var all []Event
	at := make(map[string]int)
	for _, d := range log.Deliveries {
		if d.Verdict == Forged && !forged {
			continue
		}
		key := d.EventKey()
		i, again := at[key]
		switch {
		case !again:
			at[key] = len(all)
			all = append(all, Event{Delivery: d})
		case d.Valid && !all[i].Valid: // it could not be verified when it came first
			all[i].Delivery, all[i].Duplicates = d, all[i].Duplicates+1
		default:
			all[i].Duplicates++
		}
	}
	return all
}

// Gaps returns the times between the first and the last listening in which
// nobody listened: an event that was sent then is lost. The end of a listener
// that died is the last thing that it did.
func (log *Log) Gaps() []Period {
	var gaps []Period
	for i := range log.Periods {
		if i == 0 {
			continue
		}
		before := slices.MaxFunc(log.Periods[:i], func(a, b Period) int { return a.Last.Compare(b.Last) }).Last
		if log.Periods[i].Begin.After(before) {
			gaps = append(gaps, Period{Begin: before, End: log.Periods[i].Begin})
		}
	}
	return gaps
}

// ErrRefused reports that a receiver answered a delivery with something else
// than 2xx.
var ErrRefused = errors.New("it was refused")

// Post sends a delivery to a URL, with its bytes and headers as they came, and
// with another signature if secret is not empty. The error is ErrRefused if
// the answer is not 2xx. Redirects are not followed: an event has personal data.
func Post(ctx context.Context, url string, d *Delivery, secret string) error {
	if d.Locked != nil {
		return d.Locked
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(d.Body))
	if err != nil {
		return err
	}
	for name, values := range d.Header {
		if !slices.Contains(hop, name) {
			req.Header[name] = values
		}
	}
	if secret != "" {
		req.Header.Set(SignatureHeader, Sign(secret, d.Body))
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)) // so that the connection can be used again
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("%w with %s", ErrRefused, resp.Status)
	}
	return nil
}

// hop lists the headers of one connection, which are not passed on.
var hop = []string{"Connection", "Content-Length", "Host", "Keep-Alive", "Proxy-Connection", "Te", "Trailer",
	"Transfer-Encoding", "Upgrade", "Accept-Encoding"}
