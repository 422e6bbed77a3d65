package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"kiraform/internal/event"
	"kiraform/internal/kira"
	"kiraform/internal/ui/tui"
	"kiraform/internal/webhook"
)

// wantsView reports whether events are shown in a view: at a terminal, unless
// another form is asked for.
func (a *app) wantsView(mode string) (bool, error) {
	terminal := a.interactive() && a.Environ["TERM"] != "dumb"
	if mode == "tui" && !terminal {
		return false, usage("-progress=tui needs a terminal; use -progress=plain")
	}
	return mode == "tui" || mode == "auto" && terminal && a.Environ["CI"] == "", nil
}

// show opens a view of the events that come and of those that the store has
// already.
func (e *listener) show(address string, r *ear, store webhook.Store) {
	o := tui.HeardOptions{Address: address, Store: store.Dir, Unverified: !r.Secrets.Any(), To: e.forward, Color: e.color(e.noColor),
		Verify: func(h tui.Heard) string { return verdictOn(store, r.Secrets, h.Key) }}
	if e.forward != "" {
		o.Replay = func(h tui.Heard) error { return resend(store, h.Key, e.forward) }
	}
	o.Back = tui.AskBackground(e.Environ["COLORFGBG"])
	if f, ok := e.Stdin.(*os.File); ok {
		o.Input = f
	}
	if f, ok := e.raw.(*os.File); ok {
		o.Output = f
	}
	e.mode, e.view = "tui", tui.Listen(o)
	for _, ev := range r.before.Events(true) {
		e.times[ev.EventKey()] = ev.Duplicates + 1
		e.view.Add(heardOf(ev.Delivery, ev.Duplicates+1))
	}
}

// heardOf is a delivery as the view shows it. It came so many times.
func heardOf(d webhook.Delivery, times int) tui.Heard {
	h := tui.Heard{Key: d.EventKey(), At: d.At, Event: event.Foreign(d.Event), ID: event.Foreign(d.ID), Verdict: string(d.Verdict), Times: times,
		About: event.Foreign(d.Envelope().About()), Body: event.Foreign(d.Body), SHA256: d.SHA256}
	if d.Locked != nil {
		h.Body = event.Foreign("(" + d.Locked.Error() + ")")
	}
	for _, name := range slices.Sorted(maps.Keys(d.Header)) {
		h.Head = append(h.Head, name+": "+strings.Join(d.Header[name], ", "))
	}
	return h
}

// keptOf finds an event of the store.
func keptOf(store webhook.Store, key string) (*webhook.Event, error) {
	log, err := store.Read()
	if err != nil {
		return nil, err
	}
	for _, ev := range log.Events(true) {
		if ev.EventKey() == key {
			return &ev, ev.Locked
		}
	}
	return nil, errors.New("the store has it no more")
}

func verdictOn(store webhook.Store, with webhook.Secrets, key string) string {
	ev, err := keptOf(store, key)
	switch {
	case err != nil:
		return "Not verified: " + err.Error()
	case !with.Any():
		return "There is no secret to verify with."
	case with.Verify(ev.Body, ev.Header.Get(webhook.SignatureHeader)):
		return fmt.Sprintf("The signature is that of these %d bytes, with a secret that is known now.", len(ev.Body))
	}
	return fmt.Sprintf("The signature is not that of these %d bytes, with no secret that is known now.", len(ev.Body))
}

func resend(store webhook.Store, key, to string) error {
	ev, err := keptOf(store, key)
	if err != nil {
		return err
	}
	return kira.Plain(webhook.Post(context.Background(), to, &ev.Delivery, ""))
}
