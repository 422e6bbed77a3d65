package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"kiraform/internal/event"
	"kiraform/internal/webhook"
)

// heard is a line of webhook listen -progress=json. Type is "ready", "event",
// "lost", "forwarded", "not_forwarded" or "stopped".
type heard struct {
	Type    string `json:"type"`
	At      string `json:"at"`
	Address string `json:"address,omitempty"`
	Store   string `json:"store,omitempty"`
	*heardEvent
	Error string `json:"error,omitempty"`
}

type heardEvent struct {
	EventID   string          `json:"event_id"`
	Event     string          `json:"event"`
	Valid     bool            `json:"valid"`
	Verdict   webhook.Verdict `json:"verdict"`
	Duplicate bool            `json:"duplicate"`
	Dropped   bool            `json:"dropped,omitempty"`
	UserID    string          `json:"user_id,omitempty"`
	AccountID string          `json:"virtual_account_id,omitempty"`
	PayoutID  string          `json:"payout_id,omitempty"`
}

// write writes a line of JSON. The lines of several goroutines do not mix.
func (e *listener) write(h heard) {
	h.At = time.Now().UTC().Format(time.RFC3339Nano)
	line, err := json.Marshal(h)
	if err != nil {
		panic(err) // it is made of texts
	}
	fmt.Fprintf(e.Stdout, "%s\n", line)
}

func (e *listener) kept(k webhook.Kept, d webhook.Delivery) {
	e.mu.Lock()
	switch {
	case k.Verdict == webhook.Forged:
		e.count.forged++
	case k.Duplicate:
		e.count.duplicates++
	default:
		e.count.events++
	}
	e.times[k.EventKey()]++
	times := e.times[k.EventKey()]
	e.mu.Unlock()
	envelope := d.Envelope()
	switch e.mode {
	case "json":
		e.write(heard{Type: "event", heardEvent: &heardEvent{EventID: k.ID, Event: k.Event, Valid: k.Valid, Verdict: k.Verdict,
			Duplicate: k.Duplicate, Dropped: k.Dropped, UserID: string(envelope.User), AccountID: string(envelope.Account), PayoutID: string(envelope.Payout)}})
	case "tui":
		h := heardOf(d, times)
		if k.Dropped {
			h.Dropped = "there were too many forged ones today"
		}
		e.view.Add(h)
	case "auto", "plain":
		fmt.Fprintln(e.Stdout, heardLine(k, envelope))
	}
	if k.Valid && !k.Duplicate && e.queue != nil {
		select {
		case e.queue <- d:
		default:
			e.notForwarded(d, errors.New("too many wait to be passed on"))
		}
	}
}

// heardLine is an event as a reader sees it.
func heardLine(k webhook.Kept, e webhook.Envelope) string {
	at, name, id := k.At.UTC().Format(time.TimeOnly), event.Foreign(k.Event).Brief(), event.Foreign(k.ID).Brief()
	if name == "" {
		name = "(no event)"
	}
	line := fmt.Sprintf("%s  %s  %s  %s", at, name, e.About(), id)
	switch {
	case k.Dropped:
		return line + "  FORGED, and not kept: there were too many today"
	case k.Verdict == webhook.Forged:
		return line + "  FORGED: signed with another secret, or not at all"
	case k.Duplicate:
		return line + "  again"
	case k.Verdict == webhook.Unverified:
		return line + "  not verified"
	}
	return line
}

func (e *listener) lost(err error) {
	e.mu.Lock()
	e.count.lost++
	e.mu.Unlock()
	if e.mode == "json" {
		e.write(heard{Type: "lost", Error: err.Error()})
		return
	}
	if e.view != nil {
		e.view.Say("An event could not be kept: " + err.Error())
		return
	}
	fmt.Fprintf(e.Stderr, "An event could not be kept, and its sender does not send it again: %v\n", err)
}
