package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"kiraform/internal/event"
	"kiraform/internal/live"
	"kiraform/internal/runs"
	"kiraform/internal/tell"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// PaidOut is one payout, with the facts about it that are known here.
type PaidOut struct {
	ID        string     `json:"payout_id"`
	Status    string     `json:"status"` // in capitals
	Amount    string     `json:"amount"`
	Currency  string     `json:"currency,omitempty"`
	Fee       string     `json:"fee,omitempty"`
	Arrives   string     `json:"arrives,omitempty"`
	Account   string     `json:"virtual_account,omitempty"` // its address, or its id
	Recipient string     `json:"recipient,omitempty"`       // its address, or its id
	Created   *time.Time `json:"created,omitempty"`

	Action string `json:"action,omitempty"` // that made it; "" if none of this state did
	Period string `json:"period,omitempty"`
	Known  bool   `json:"known,omitempty"` // it is somebody else's, as -known said
}

// PayoutList is a list of payouts.
type PayoutList struct {
	Place    event.Place `json:"place"`
	Payouts  []PaidOut   `json:"payouts"` // the newest first
	Open     []OpenRun   `json:"open"`    // runs of which it is not known whether they paid
	Requests int64       `json:"requests"`
}

// OpenRun is a run without an answer.
type OpenRun struct {
	Action string    `json:"action"`
	Amount string    `json:"amount"`
	Since  time.Time `json:"since"`
}

// Payouts returns the payouts that Kira has made from the accounts of all users
// that are managed here, by whomever, and those of runs of this state whose
// users are not. It changes nothing.
func (p *Project) Payouts(ctx context.Context) (list *PayoutList, err error) {
	pl, err := p.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, pl.Close()) }()
	list = &PayoutList{Place: tell.Place(pl.conn.Place), Payouts: []PaidOut{}, Open: []OpenRun{}}
	kind, seen := payoutKind(), make(map[string]bool)
	for _, user := range usersOf(pl.State) {
		rows, err := kind.Payments(ctx, kinds.Call{API: pl.conn.API, ClientID: pl.conn.ClientID, ID: user, Note: func(string) {}})
		if err != nil {
			return nil, p.secrets.Error(fmt.Errorf("list payouts: %w", err))
		}
		for _, row := range rows {
			if !seen[row.ID] {
				seen[row.ID] = true
				list.Payouts = append(list.Payouts, pl.paidOut(row))
			}
		}
	}
	for _, r := range pl.State.AllRuns() {
		switch {
		case r.Addr.Kind != kind.Schema.Config.Name:
		case r.Unanswered():
			list.Open = append(list.Open, OpenRun{r.Addr.String(), runs.Identity(r.Of), r.At.UTC()})
		case r.Done && !seen[r.ID]:
			list.Payouts = append(list.Payouts, pl.paidOut(kinds.Payment{ID: r.ID, Status: r.Status, Amount: r.Of["amount"], Currency: r.Of[kinds.PaysCurrency],
				Recipient: r.Of[kinds.PaysTo], Account: r.Of[kinds.PaysFrom], Created: r.At}))
		}
	}
	slices.SortStableFunc(list.Payouts, func(a, b PaidOut) int {
		return cmp.Or(createdOf(b).Compare(createdOf(a)), cmp.Compare(a.ID, b.ID))
	})
	list.Requests = pl.Requests()
	return list, nil
}

func createdOf(p PaidOut) time.Time {
	if p.Created == nil {
		return time.Time{}
	}
	return *p.Created
}

// Payout looks at one payout, whoever made it.
func (p *Project) Payout(ctx context.Context, id string) (one PaidOut, where event.Place, err error) {
	pl, err := p.begin(ctx)
	if err != nil {
		return one, where, err
	}
	defer func() { err = errors.Join(err, pl.Close()) }()
	row, err := payoutKind().Payment(ctx, kinds.Call{API: pl.conn.API, ClientID: pl.conn.ClientID, ID: id, Note: func(string) {}})
	if errors.Is(err, kinds.ErrGone) {
		return one, where, fmt.Errorf("there is no payout %s at Kira. \"kiraform payouts list\" shows those of the users that are managed here", id)
	}
	if err != nil {
		return one, where, p.secrets.Error(fmt.Errorf("look at the payout: %w", err))
	}
	return pl.paidOut(row), tell.Place(pl.conn.Place), nil
}

// paidOut adds to a payout the facts that are known here.
func (pl *Session) paidOut(p kinds.Payment) PaidOut {
	out := PaidOut{ID: p.ID, Status: strings.ToUpper(p.Status), Amount: p.Amount, Currency: p.Currency, Fee: p.Fee, Arrives: p.Arrives,
		Recipient: nameIn(pl.State, kinds.RecipientKind, p.Recipient), Account: nameIn(pl.State, kinds.AccountKind, p.Account)}
	if !p.Created.IsZero() {
		out.Created = new(p.Created.UTC())
	}
	if r, ok := pl.State.RunOf(p.ID); ok {
		out.Period, out.Known = r.Of["period"], r.Foreign
		if !r.Foreign {
			out.Action = r.Addr.String()
			out.Account = cmp.Or(out.Account, nameIn(pl.State, kinds.AccountKind, r.Of[kinds.PaysFrom]))
		} else {
			out.Period = ""
		}
	}
	return out
}

// nameIn is the address of an object that the state has, or its id.
func nameIn(st *state.State, kind, id string) string {
	for _, a := range st.Addrs() {
		if id != "" && a.Kind == kind && st.Resources[a].ID == id {
			return a.String()
		}
	}
	return id
}

// usersOf returns the ids of the users that the state knows of, be it as owners,
// sorted.
func usersOf(st *state.State) (ids []string) {
	for a, o := range st.Resources {
		if a.Kind == kinds.UserKind {
			ids = append(ids, o.ID)
		}
		if k, ok := kinds.ByName(a.Kind); ok && slices.Contains([]string{kinds.AccountKind, kinds.RecipientKind}, a.Kind) {
			ids = append(ids, live.OwnerOf(k, o).ID)
		}
	}
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return id == "" })
}
