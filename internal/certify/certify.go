// Package certify shows the fifteen items that have to be shown before Kira
// issues credentials for production, and writes a pack of evidence for them.
//
// An item is passed only by answers of Kira that were seen in this run, or in
// the one that it takes up again. Requests that make something are written down
// with their Idempotency-Key before they are sent, so that no run, however it
// ends, makes an object twice. Evidence has the members that a list allows, and
// no others; the pack is searched for every known secret before it is written.
//
// Start at [Run]; items.go has the items.
package certify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"kiraform/internal/event"
	"kiraform/internal/kira"
	"kiraform/internal/redact"
	"kiraform/internal/webhook"
)

// Object is an object of the configuration that may serve for an item. Variant is
// the type of a user, and the mode of an account.
type Object struct{ Addr, Kind, Variant, ID string }

// Listening says how events come in.
type Listening struct {
	URL    string // that Kira sends to
	Secret string // that is registered with it; "" for none
	Store  webhook.Store
	// Secrets verify, also while a secret is exchanged.
	Secrets webhook.Secrets
}

// Options describe a run: its place, its pack and its limits. API, Place, Out,
// NewKey, Say and Ask must be set.
type Options struct {
	API      *kira.Client // that has not been used yet
	ClientID string
	Place    string // in words
	Version  string // of kiraform
	Have     []Object

	Out    string // the folder of the pack
	Resume bool   // the pack is there already, and items that passed stay so
	Only   int    // the only item to show, with those it needs; 0 for all
	Domain string // of the e-mail addresses of the people that are made; "" means example.com
	OTP    string // one-time password of a payout; "" for none

	Listening *Listening // nil if nobody is sent events
	Deaf      string     // why not, as a sentence

	Wait   time.Duration       // how long to wait for people at Kira; 0 means not at all
	Grace  time.Duration       // how long an event may take; 0 means five seconds
	Now    func() time.Time    // nil means time.Now
	NewKey func() string       // makes an Idempotency-Key
	Sign   func([]byte) string // signs how far a run came, so that nobody else writes that an item passed; nil for no key

	Pretend bool        // the credentials are those of an embedded simulator, and no secrets
	Secrets *redact.Set // the texts that must not be in the pack, besides credentials; may be nil
	Known   []string    // such secrets, in clear

	Say func(string)        // told how it goes, line by line
	Ask func(Promise) error // is told of the objects that will stay at Kira, before anything is made; its error ends it
}

// ErrLeaked reports that a secret was found in the pack before it was written:
// nothing was written.
var ErrLeaked = errors.New("a secret was found in the evidence, so that no pack was written")

// Run shows the items in the order in which they need each other, and writes
// the pack. An item that waits for a person at Kira does not hold up the
// others.
func Run(ctx context.Context, o Options) (*Report, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Domain == "" {
		o.Domain = "example.com"
	}
	if o.Grace == 0 {
		o.Grace = 5 * time.Second
	}
	if o.Secrets == nil {
		o.Secrets = new(redact.Set)
	}
	b, err := begin(o)
	if err != nil {
		return nil, err
	}
	if p := b.promise(); !p.Empty() {
		if err := o.Ask(p); err != nil {
			return nil, err
		}
	}
	if err := b.open(); err != nil {
		return nil, err
	}
	for _, it := range order(o.Only) {
		if err := b.show(ctx, it); err != nil {
			return nil, err
		}
	}
	r := b.report()
	return r, b.write(r)
}

// show shows one item, unless it was before, or needs one that was not.
func (b *bench) show(ctx context.Context, it *item) error {
	res := &b.p.Items[it.N-1]
	if res.Status == Passed && !it.again(b) {
		return nil
	}
	*res = Result{Item: it.N, Title: it.Title, Status: NotRun, Evidence: []Exchange{}}
	b.at = it.N
	if n := b.missing(it); n != 0 {
		res.Reason = fmt.Sprintf("It needs item %d, which is %s.", n, b.p.Items[n-1].Status)
		return nil
	}
	out, err := it.show(ctx, b)
	if ctx.Err() != nil {
		return errors.Join(ctx.Err(), b.save())
	}
	res.Status, res.Reason, res.Next = out.status, out.reason, out.next
	if err != nil {
		res.Status, res.Reason = Failed, b.clean(err.Error())
	}
	b.o.Say(fmt.Sprintf("%2d  %-10s  %s", it.N, res.Status, it.Title))
	if res.Status != Passed && res.Reason != "" {
		b.o.Say("                " + event.Foreign(res.Reason).Line())
	}
	return b.save()
}

// missing returns an item that it needs and that is not passed, or 0.
func (b *bench) missing(it *item) int {
	i := slices.IndexFunc(it.needs, func(n int) bool { return b.p.Items[n-1].Status != Passed })
	if i < 0 {
		return 0
	}
	return it.needs[i]
}
