package engine

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"kiraform/internal/actions"
	"kiraform/internal/event"
	"kiraform/schema"
	"kiraform/state"
)

// followed is a payout that was sent, by this run or an earlier one.
type followed struct {
	in     *actions.Instance
	run    state.Run
	looked time.Time // at the payout, last
}

// follow remembers the payouts that may be waited for, and says of each how to
// look after it.
func (r *invokeRun) follow(in *actions.Instance, run state.Run) {
	if in.Kind.Payment == nil || run.ID == "" {
		return
	}
	r.after = append(r.after, followed{in: in, run: run})
	if r.options.Wait == 0 && in.Due() {
		r.Emit(event.Note{Addr: in.Addr.String(), Text: event.Foreign(fmt.Sprintf("is %s; to look after it: kiraform payouts show %s", cmp.Or(run.Status, "on its way"), run.ID))})
	}
}

// pollPayouts is how long is waited between two looks at a payout, and promptPayouts
// how long at least where an event names it.
const (
	pollPayouts   = 2 * time.Second
	promptPayouts = time.Second
)

// await follows payouts until each has come to its end, or the time is up. An event
// that names one makes it look at that one at once.
func (r *invokeRun) await(ctx context.Context) error {
	r.until = time.Now().Add(r.options.Wait)
	heard := make(chan string, 64)
	quiet, err := r.hear(ctx, func(word, id string) {
		if word == "payout" {
			select {
			case heard <- id:
			default: // it is looked at all the same, a little later
			}
		}
	})
	if err != nil {
		return err
	}
	defer quiet()
	named := make(map[string]bool)
	for {
		next, err := r.round(ctx, named)
		if err != nil || len(r.after) == 0 {
			return err
		}
		if now := time.Now(); !now.Before(r.until) {
			r.timeUp()
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-r.options.Stop:
			r.stopped = true
			r.timeUp()
			return nil
		case id := <-heard:
			named[id] = true
		case <-time.After(min(time.Until(next), time.Until(r.until))):
		}
	}
}

// round looks at the payouts that it is time for, and returns when it is time for the
// next one. Those that have come to their end are followed no more.
func (r *invokeRun) round(ctx context.Context, named map[string]bool) (next time.Time, err error) {
	var left []followed
	for _, f := range r.after {
		if !time.Now().Before(f.due(named)) {
			delete(named, f.run.ID)
			f.looked = time.Now()
			if f, err = r.look(ctx, f); err != nil {
				return next, err
			}
			if schema.AtItsEnd(f.run.Status) {
				continue
			}
		}
		if left = append(left, f); next.IsZero() || f.due(named).Before(next) {
			next = f.due(named)
		}
	}
	r.after = left
	return next, nil
}

// due is when a payout is to be looked at: at once if it was not yet.
func (f followed) due(named map[string]bool) time.Time {
	switch {
	case f.looked.IsZero():
		return f.looked
	case named[f.run.ID]:
		return f.looked.Add(promptPayouts)
	}
	return f.looked.Add(pollPayouts)
}

// timeUp says of each payout that it was followed no longer before it came to its end.
func (r *invokeRun) timeUp() {
	for _, f := range r.after {
		r.Emit(event.Unready{Addr: f.in.Addr.String(), Reason: event.Foreign(fmt.Sprintf("it was sent as %s, and is %s", f.run.ID, f.run.Status))})
	}
	r.late = len(r.after)
}

// look looks at a payout, and remembers its outcome.
func (r *invokeRun) look(ctx context.Context, f followed) (followed, error) {
	p, err := f.in.Payment(ctx, f.run.ID)
	if err != nil {
		if ctx.Err() != nil {
			return f, ctx.Err()
		}
		r.Emit(event.Note{Addr: f.in.Addr.String(), Text: event.Foreign("could not be looked at: " + err.Error())})
		return f, nil
	}
	was := f.run.Status
	if f.run.Status = strings.ToUpper(p.Status); f.run.Status == was && !schema.AtItsEnd(was) {
		return f, nil
	}
	if f.run.Status != was {
		rec := state.Record{Addr: f.run.Addr, Run: &f.run}
		if err := r.journal.Append(rec); err != nil {
			return f, err
		}
		r.book.Apply(rec)
	}
	switch {
	case f.run.Status == schema.Arrived:
		r.Emit(event.Note{Addr: f.in.Addr.String(), Text: "is " + schema.Arrived})
	case schema.NeverArrives(f.run.Status):
		r.iv.refuse(f.in, "payout-failed", "The payout did not arrive", fmt.Sprintf("Kira says that %s is %s. The money comes back to the account, less what banks keep. "+
			"Find out why at Kira; then, to pay once more:\n  kiraform apply -invoke=%s -again", f.run.ID, f.run.Status, f.in.Addr.Shell()))
		r.fail(f.in)
	default:
		r.Emit(event.Gate{Addr: f.in.Addr.String(), Text: event.Foreign(fmt.Sprintf("%s is %s, and not %s yet", f.run.ID, f.run.Status, schema.Arrived)), Left: time.Until(r.until)})
	}
	return f, nil
}
