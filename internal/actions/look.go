package actions

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"kiraform/apply"
	"kiraform/internal/kira"
	"kiraform/internal/runs"
	"kiraform/schema"
	"kiraform/schema/kinds"
)

// Look implements [apply.Actor]: every payout of the users that the action is
// about, and those of all others to the same payee.
func (in *Instance) Look(ctx context.Context) (all []runs.Payment, err error) {
	if in.Kind.Payments == nil {
		return nil, nil
	}
	for _, user := range in.Users {
		rows, err := in.Kind.Payments(ctx, in.call(user))
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			full, err := in.whole(ctx, row)
			if err != nil {
				return nil, err
			}
			all = append(all, runs.Payment{Payment: full})
			in.shows(full)
		}
	}
	more, err := in.ofOthers(ctx)
	return append(all, more...), err
}

// whole looks at a payout by itself if its row lacks an attribute that matters,
// and does not rule it out by the others.
func (in *Instance) whole(ctx context.Context, row schema.Payment) (schema.Payment, error) {
	fits := func(shown, want string) bool { return shown == "" || shown == want }
	lacks := row.Recipient == "" || row.Amount == "" || row.Created.IsZero()
	alike := fits(row.Recipient, in.Of[schema.PaysTo]) || slices.Contains(slices.Concat(in.Alike, in.Maybe), row.Recipient)
	if !lacks || !alike || !fits(row.Amount, in.Of[schema.PaysAmount]) {
		return row, nil
	}
	return in.Payment(ctx, row.ID)
}

// Send implements [apply.Actor].
func (in *Instance) Send(ctx context.Context, key string) (apply.Outcome, error) {
	c := in.call("")
	c.Key = key
	out, err := in.Kind.Send(ctx, c)
	if advice := kinds.Advice(err); advice != "" {
		err = fmt.Errorf("%w. %s", err, advice)
	}
	return apply.Outcome(out), err
}

// Date implements [apply.Actor].
func (k *Kira) Date(ctx context.Context) time.Time {
	if k.Clock == nil {
		return time.Time{}
	}
	return k.Clock(ctx)
}

// Judge looks at Kira, and decides about the instance.
func (in *Instance) Judge(ctx context.Context) error {
	if in.Action.Pays {
		if err := in.parties(ctx); err != nil {
			return err
		}
	}
	shown, err := in.Look(ctx)
	if err != nil {
		return fmt.Errorf("look for earlier payouts: %w", err)
	}
	world := in.World
	world.Shown = shown
	in.Verdict = runs.Judge(in.Want, world)
	if !in.Due() || in.Kind.Preview == nil {
		return nil
	}
	in.Preview, err = in.Kind.Preview(ctx, in.call(""))
	if e, ok := errors.AsType[*kira.Error](err); ok && in.Verdict.Step == runs.Resend && e.Status/100 == 4 {
		return nil // the money may have gone already
	}
	if err != nil {
		return fmt.Errorf("its preview is refused: %w. %s", err, kinds.Advice(err))
	}
	return nil
}

// parties looks at who pays and who is paid.
func (in *Instance) parties(ctx context.Context) error {
	found, err := kinds.PartiesOf(ctx, in.call(""), in.Of)
	if found.User != "" && !slices.Contains(in.Users, found.User) {
		in.Users = append(in.Users, found.User)
	}
	in.Alike, in.Maybe, in.to = found.Alike, found.Maybe, found.To
	in.payer, in.payee = nameIn(in.State, kinds.AccountKind, in.Of[schema.PaysFrom]), found.Payee
	if err == nil && len(in.Users) == 0 {
		return errors.New("the account does not say whose it is, so that nobody can look for earlier payouts")
	}
	if err != nil {
		return err
	}
	return in.payees(ctx)
}

// NoDearer asks for the cost of a payout again. The error says that it has risen since
// it was shown.
func (in *Instance) NoDearer(ctx context.Context) error {
	now, err := in.Kind.Preview(ctx, in.call(""))
	if err != nil {
		return fmt.Errorf("ask once more for its cost: %w. %s", err, kinds.Advice(err))
	}
	if in.Preview.Fees != "" && runs.More(now.Fees, in.Preview.Fees) {
		return fmt.Errorf("the fees have risen from %s to %s since it was shown. To see them: kiraform plan -invoke=%s", in.Preview.Fees, now.Fees, in.Addr.Shell())
	}
	return nil
}
