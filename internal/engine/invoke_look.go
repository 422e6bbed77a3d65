package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"kiraform/apply"
	"kiraform/internal/event"
	"kiraform/internal/kira"
	"kiraform/internal/runs"
	"kiraform/schema/kinds"
)

// actor asks Kira on behalf of one instance.
type actor struct {
	iv *Invoked
	in *Invocation
}

var _ apply.Actor = actor{}

func (a actor) call() kinds.Call {
	bare, _ := a.in.config.UnmarkDeep()
	iv := a.iv
	return kinds.Call{API: iv.conn.API, ClientID: iv.conn.ClientID, Want: bare, OneTime: iv.options.OneTime,
		Note: func(text string) {
			iv.project.Emit(event.Retry{Addr: a.in.Addr.String(), Text: event.Foreign(text)})
		}}
}

// Look implements [apply.Actor]: every payout of the users that the action is
// about, and those of all others to the same payee.
func (a actor) Look(ctx context.Context) (all []runs.Payment, err error) {
	if a.in.kind.Payments == nil {
		return nil, nil
	}
	for _, user := range a.in.users {
		c := a.call()
		c.ID = user
		rows, err := a.in.kind.Payments(ctx, c)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			full, err := a.whole(ctx, row)
			if err != nil {
				return nil, err
			}
			all = append(all, payment(full))
			a.iv.shows(full)
		}
	}
	more, err := a.ofOthers(ctx)
	return append(all, more...), err
}

// whole looks at a payout by itself if its row lacks an attribute that matters,
// and does not rule it out by the others.
func (a actor) whole(ctx context.Context, row kinds.Payment) (kinds.Payment, error) {
	fits := func(shown, want string) bool { return shown == "" || shown == want }
	lacks := row.Recipient == "" || row.Amount == "" || row.Created.IsZero()
	alike := fits(row.Recipient, a.in.want.Of[kinds.PaysTo]) || slices.Contains(slices.Concat(a.in.want.Alike, a.in.want.Maybe), row.Recipient)
	if !lacks || !alike || !fits(row.Amount, a.in.want.Of["amount"]) {
		return row, nil
	}
	c := a.call()
	c.ID = row.ID
	return a.in.kind.Payment(ctx, c)
}

func payment(p kinds.Payment) runs.Payment {
	return runs.Payment{ID: p.ID, Account: p.Account, Recipient: p.Recipient, Amount: p.Amount, Currency: p.Currency, Status: p.Status, Created: p.Created}
}

// Send implements [apply.Actor].
func (a actor) Send(ctx context.Context, key string) (apply.Outcome, error) {
	c := a.call()
	c.Key = key
	out, err := a.in.kind.Send(ctx, c)
	if advice := kinds.Advice(err); advice != "" {
		err = fmt.Errorf("%w. %s", err, advice)
	}
	return apply.Outcome(out), err
}

// Date implements [apply.Actor].
func (a actor) Date(ctx context.Context) time.Time {
	if a.iv.conn.Date == nil {
		return time.Time{}
	}
	return a.iv.conn.Date(ctx)
}

// judge looks at Kira, and decides about one instance.
func (p *Project) judge(ctx context.Context, iv *Invoked, in *Invocation) error {
	a := actor{iv, in}
	if in.want.Action.Pays {
		if err := a.parties(ctx); err != nil {
			return err
		}
	}
	shown, err := a.Look(ctx)
	if err != nil {
		return fmt.Errorf("look for earlier payouts: %w", err)
	}
	in.Verdict = runs.Judge(in.want, runs.World{State: iv.State, Shown: shown, Now: iv.now, Written: iv.written.Has, Asked: iv.written.Elsewhere, Kept: iv.written.Keeps})
	if !in.Due() || in.kind.Preview == nil {
		return nil
	}
	in.preview, err = in.kind.Preview(ctx, a.call())
	if e, ok := errors.AsType[*kira.Error](err); ok && in.Verdict.Step == runs.Resend && e.Status/100 == 4 {
		return nil // the money may have gone already
	}
	if err != nil {
		return fmt.Errorf("its preview is refused: %w. %s", err, kinds.Advice(err))
	}
	return nil
}

// parties looks at who pays and who is paid.
func (a actor) parties(ctx context.Context) error {
	found, err := kinds.PartiesOf(ctx, a.call(), a.in.want.Of)
	if found.User != "" && !slices.Contains(a.in.users, found.User) {
		a.in.users = append(a.in.users, found.User)
	}
	a.in.want.Alike, a.in.want.Maybe, a.in.to = found.Alike, found.Maybe, found.To
	a.in.payer, a.in.payee = nameIn(a.iv.State, kinds.AccountKind, a.in.want.Of[kinds.PaysFrom]), found.Payee
	if err == nil && len(a.in.users) == 0 {
		return errors.New("the account does not say whose it is, so that nobody can look for earlier payouts")
	}
	if err != nil {
		return err
	}
	return a.payees(ctx)
}
