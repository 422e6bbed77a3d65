package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"kiraform/internal/event"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// followed is a payout that was sent, by this run or an earlier one.
type followed struct {
	in  *Invocation
	run state.Run
}

// follow remembers the payouts that may be waited for, and says of each how to
// look after it.
func (r *invokeRun) follow(in *Invocation, run state.Run) {
	if in.kind.Payment == nil || run.ID == "" {
		return
	}
	r.after = append(r.after, followed{in, run})
	if r.options.Wait == 0 && in.Due() {
		r.Emit(event.Note{Addr: in.Addr.String(), Text: event.Foreign(fmt.Sprintf("is %s; to look after it: kiraform payouts show %s", or(run.Status, "on its way"), run.ID))})
	}
}

// pollPayouts is how long is waited between two looks at a payout.
const pollPayouts = 2 * time.Second

// payoutEnds are the statuses that a payout does not leave by itself. A completed
// one may still come back, and is FAILED then (documented 7.4).
var payoutEnds = []string{"COMPLETED", "FAILED", "CANCELLED", "RETURNED"}

// await follows payouts until each has come to its end, or the time is up.
func (r *invokeRun) await(ctx context.Context) error {
	end := time.Now().Add(r.options.Wait)
	for {
		var left []followed
		for _, f := range r.after {
			now, err := r.look(ctx, f)
			if err != nil {
				return err
			}
			if !slices.Contains(payoutEnds, now.run.Status) {
				left = append(left, now)
			}
		}
		if r.after = left; len(left) == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-r.options.Stop:
			r.sum.Stopped, r.sum.Waiting = true, len(left)
			return nil
		case <-time.After(min(pollPayouts, time.Until(end))):
		}
		if !time.Now().Before(end) {
			for _, f := range left {
				r.Emit(event.Deferred{Addr: f.in.Addr.String(), Reason: event.Foreign(fmt.Sprintf("it was sent as %s, and is %s", f.run.ID, f.run.Status))})
			}
			r.sum.Waiting = len(left)
			return nil
		}
	}
}

// look looks at a payout, and remembers its outcome.
func (r *invokeRun) look(ctx context.Context, f followed) (followed, error) {
	c := actor{r.iv, f.in}.call()
	c.ID = f.run.ID
	p, err := f.in.kind.Payment(ctx, c)
	if err != nil {
		if ctx.Err() != nil {
			return f, ctx.Err()
		}
		r.Emit(event.Note{Addr: f.in.Addr.String(), Text: event.Foreign("could not be looked at: " + err.Error())})
		return f, nil
	}
	was := f.run.Status
	if f.run.Status = strings.ToUpper(p.Status); f.run.Status == was && !slices.Contains(payoutEnds, was) {
		return f, nil
	}
	if f.run.Status != was {
		rec := state.Record{Addr: f.run.Addr, Run: &f.run}
		if err := r.journal.Append(rec); err != nil {
			return f, err
		}
		r.st.Apply(rec)
	}
	switch f.run.Status {
	case "COMPLETED":
		r.Emit(event.Note{Addr: f.in.Addr.String(), Text: "is COMPLETED"})
	case "FAILED", "CANCELLED", "RETURNED":
		r.sum.Failed++
		r.iv.refuse(f.in, "payout-failed", "The payout did not arrive", fmt.Sprintf("Kira says that %s is %s. The money comes back to the account, less what banks keep. "+
			"Find out why at Kira; then, to pay once more:\n  kiraform apply -invoke=%s -again", f.run.ID, f.run.Status, f.in.Addr.Shell()))
	default:
		r.Emit(event.Gate{Addr: f.in.Addr.String(), Text: event.Foreign(fmt.Sprintf("%s is %s, waiting for COMPLETED", f.run.ID, f.run.Status))})
	}
	return f, nil
}

// payoutKind is the kind of action that pays.
func payoutKind() *kinds.Action {
	k, _ := kinds.ActionByName("kira_payout")
	return k
}
