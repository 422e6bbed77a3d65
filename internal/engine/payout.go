package engine

import (
	"context"
	"errors"
	"fmt"

	"kiraform/internal/actions"
	"kiraform/internal/event"
	"kiraform/internal/tell"
)

// Payouts returns the payouts of the users that are managed here: see [actions.Payouts]. It
// changes nothing.
func (p *Project) Payouts(ctx context.Context) (list *actions.PayoutList, err error) {
	s, err := p.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if list, err = actions.Payouts(ctx, s.conn.call(""), s.State); err != nil {
		return nil, p.secrets.Error(err)
	}
	list.Place, list.Requests = tell.Place(s.conn.Place), s.Requests()
	return list, nil
}

// Payout looks at one payout, whoever made it.
func (p *Project) Payout(ctx context.Context, id string) (one actions.PaidOut, where event.Place, err error) {
	s, err := p.begin(ctx)
	if err != nil {
		return one, where, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	one, err = actions.Payout(ctx, s.conn.call(id), s.State)
	if refusesID(err) {
		err = fmt.Errorf("%s is no id of a payout: %s. To list those that there are: kiraform payouts list", id, refusal(err))
	}
	return one, tell.Place(s.conn.Place), p.secrets.Error(err)
}
