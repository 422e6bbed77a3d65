package actions

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
	"kiraform/schema"
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

// Payouts returns the payouts that a Kira has made from the accounts of all users
// that a state knows, by whomever, and those of its runs whose users it does not. It
// changes nothing.
func Payouts(ctx context.Context, call kinds.Call, st *state.State) (*PayoutList, error) {
	list := &PayoutList{Payouts: []PaidOut{}, Open: []OpenRun{}}
	kind, seen := payoutKind(), make(map[string]bool)
	for _, call.ID = range usersOf(st) {
		rows, err := kind.Payments(ctx, call)
		if err != nil {
			return nil, fmt.Errorf("list payouts: %w", err)
		}
		for _, row := range rows {
			if !seen[row.ID] {
				seen[row.ID] = true
				list.Payouts = append(list.Payouts, paidOut(st, row))
			}
		}
	}
	for _, r := range st.AllRuns() {
		switch {
		case r.Addr.Kind != kind.Schema.Config.Name:
		case r.Unanswered():
			list.Open = append(list.Open, OpenRun{r.Addr.String(), runs.Identity(r.Of), r.At.UTC()})
		case r.Done && !seen[r.ID]:
			list.Payouts = append(list.Payouts, paidOut(st, schema.Payment{ID: r.ID, Status: r.Status, Amount: r.Of[schema.PaysAmount], Currency: r.Of[schema.PaysCurrency],
				Recipient: r.Of[schema.PaysTo], Account: r.Of[schema.PaysFrom], Created: r.At}))
		}
	}
	slices.SortStableFunc(list.Payouts, func(a, b PaidOut) int {
		return cmp.Or(createdOf(b).Compare(createdOf(a)), cmp.Compare(a.ID, b.ID))
	})
	return list, nil
}

func createdOf(p PaidOut) time.Time {
	if p.Created == nil {
		return time.Time{}
	}
	return *p.Created
}

// Payout looks at the payout call.ID, whoever made it.
func Payout(ctx context.Context, call kinds.Call, st *state.State) (PaidOut, error) {
	row, err := payoutKind().Payment(ctx, call)
	if errors.Is(err, kinds.ErrGone) {
		return PaidOut{}, fmt.Errorf("there is no payout %s at Kira. \"kiraform payouts list\" shows those of the users that are managed here", call.ID)
	}
	if err != nil {
		return PaidOut{}, fmt.Errorf("look at the payout: %w", err)
	}
	return paidOut(st, row), nil
}

// payoutKind is the kind of action that pays.
func payoutKind() *kinds.Action {
	k, _ := kinds.ActionByName(schema.PayoutAction)
	return k
}

// paidOut adds to a payout the facts that a state has.
func paidOut(st *state.State, p schema.Payment) PaidOut {
	out := PaidOut{ID: p.ID, Status: strings.ToUpper(p.Status), Amount: p.Amount, Currency: p.Currency, Fee: p.Fee, Arrives: p.Arrives,
		Recipient: nameIn(st, kinds.RecipientKind, p.Recipient), Account: nameIn(st, kinds.AccountKind, p.Account)}
	if !p.Created.IsZero() {
		out.Created = new(p.Created.UTC())
	}
	r, ok := st.RunOf(p.ID)
	switch {
	case ok && r.Foreign:
		out.Known = true
	case ok:
		out.Period, out.Action = r.Of[schema.PaysPeriod], r.Addr.String()
		out.Account = cmp.Or(out.Account, nameIn(st, kinds.AccountKind, r.Of[schema.PaysFrom]))
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
