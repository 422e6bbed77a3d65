package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"kiraform/internal/runs"
	"kiraform/schema"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// others are the payouts of the last 35 days of every user of the client, for the
// sake of a payee who was paid by another user: the state may have been lost, and
// everybody made again. They are read once for all instances.
type others struct {
	at     time.Time
	rows   []byUser
	payees map[string]kinds.Object // recipients, by id
	people map[[2]string]bool      // whether two users are one person
}

type byUser struct {
	user string
	kinds.Payment
}

// othersLast is for how long a look at all users is good enough.
const othersLast = 5 * time.Second

// lookAtOthers reads the payouts of every user who has an account, unless that was
// done just now.
func (p *Project) lookAtOthers(ctx context.Context, iv *Invoked) error {
	if !iv.others.at.IsZero() && since(iv.others.at) < othersLast {
		return nil
	}
	i := slices.IndexFunc(iv.All, func(in *Invocation) bool { return in.want.Action.Pays })
	if i < 0 {
		return nil
	}
	a := actor{iv, iv.All[i]}
	users, err := kinds.Payers(ctx, a.call())
	if err != nil {
		return err
	}
	found := others{at: time.Now(), payees: make(map[string]kinds.Object), people: make(map[[2]string]bool)}
	var mu sync.Mutex
	g, inner := errgroup.WithContext(ctx)
	g.SetLimit(cmp.Or(iv.options.Workers, 10))
	for _, user := range users {
		if iv.ofAll(user) {
			continue // whose payouts are looked at for each instance
		}
		g.Go(func() error {
			c := a.call()
			c.ID = user
			rows, err := a.in.kind.Payments(inner, c)
			if errors.Is(err, kinds.ErrGone) {
				return nil
			}
			mu.Lock()
			defer mu.Unlock()
			for _, row := range rows {
				if row.Created.IsZero() || iv.now.Sub(row.Created) <= runs.Memory {
					found.rows = append(found.rows, byUser{user, row})
				}
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	slices.SortStableFunc(found.rows, func(x, y byUser) int { return cmp.Compare(x.ID, y.ID) })
	iv.others = found
	return nil
}

// ofAll reports whether every instance is about a user.
func (iv *Invoked) ofAll(user string) bool {
	return !slices.ContainsFunc(iv.All, func(in *Invocation) bool { return !slices.Contains(in.users, user) })
}

// ofOthers returns the payouts of other users that went to the payee, or may have.
func (a actor) ofOthers(ctx context.Context) (all []runs.Payment, err error) {
	for _, row := range a.iv.others.rows {
		if slices.Contains(a.in.users, row.user) || row.Amount != "" && row.Amount != a.in.want.Of["amount"] {
			continue
		}
		p := row.Payment
		if p.Amount == "" || p.Recipient == "" || p.Created.IsZero() {
			c := a.call()
			c.ID = p.ID
			if p, err = a.in.kind.Payment(ctx, c); err != nil {
				return nil, err
			}
		}
		alike, err := a.sameParty(ctx, row.user, p)
		if err != nil {
			return nil, err
		}
		if alike {
			one := payment(p)
			one.Alike, one.User = true, row.user
			all = append(all, one)
			a.iv.shows(p)
		}
	}
	return all, nil
}

// sameParty reports whether a payout of another user went to the payee. Where either
// names no recipient, as from a crypto account, it counts if the other user is the
// same person.
func (a actor) sameParty(ctx context.Context, user string, p kinds.Payment) (bool, error) {
	if p.Recipient != "" && a.in.to.ID != "" {
		like, err := a.likeness(ctx, p.Recipient)
		return like != kinds.Another, err
	}
	if p.Recipient != "" || len(a.in.users) == 0 {
		return false, nil
	}
	if a.iv.others.people == nil {
		a.iv.others.people = make(map[[2]string]bool)
	}
	for _, own := range a.in.users {
		if own == user {
			return true, nil
		}
		pair := [2]string{own, user}
		same, known := a.iv.others.people[pair]
		if !known {
			var err error
			if same, err = kinds.SamePerson(ctx, a.call(), own, user); err != nil {
				return false, err
			}
			a.iv.others.people[pair] = same
		}
		if same {
			return true, nil
		}
	}
	return false, nil
}

// likeness compares a recipient with the one that is paid. One that is gone is
// nobody.
func (a actor) likeness(ctx context.Context, recipient string) (kinds.Likeness, error) {
	other, known := a.iv.others.payees[recipient]
	if !known {
		c := a.call()
		c.ID = recipient
		var err error
		if other, err = kinds.Payee(ctx, c); err != nil && !errors.Is(err, kinds.ErrGone) {
			return kinds.Another, fmt.Errorf("look at who was paid: %w", err)
		}
		if a.iv.others.payees == nil {
			a.iv.others.payees = make(map[string]kinds.Object)
		}
		a.iv.others.payees[recipient] = other
	}
	if other.ID == "" {
		return kinds.Another, nil
	}
	return kinds.AlikePayees(other, a.in.to), nil
}

// payees compares those whom the runs of the action have paid with the one that is
// paid now: they may be recipients of a user who was replaced.
func (a actor) payees(ctx context.Context) error {
	if a.in.to.ID == "" {
		return nil
	}
	for _, r := range a.iv.State.AllRuns() {
		id := r.Of[kinds.PaysTo]
		if !a.mayStop(r) || id == "" || id == a.in.to.ID || slices.Contains(slices.Concat(a.in.want.Alike, a.in.want.Maybe), id) {
			continue
		}
		like, err := a.likeness(ctx, id)
		if err != nil {
			return err
		}
		switch like {
		case kinds.TheSame:
			a.in.want.Alike = append(a.in.want.Alike, id)
		case kinds.Perhaps:
			a.in.want.Maybe = append(a.in.want.Maybe, id)
		case kinds.Another:
			if kinds.SameName(a.iv.others.payees[id], a.in.to) {
				a.in.want.Names = append(a.in.want.Names, id)
			}
		}
	}
	return nil
}

// mayStop reports whether a run stops the action if it has paid the same payee: it is
// one of the action, or one for the same period at an address that asks for something
// else by now.
func (a actor) mayStop(r state.Run) bool {
	if r.Addr == a.in.Addr {
		return r.OwnRun()
	}
	return r.Addr.Kind == a.in.Addr.Kind && (r.OwnRun() || r.Unanswered()) && runs.SamePeriod(r.Of["period"], a.in.want.Of["period"]) &&
		!a.iv.written.Has(r) && !a.iv.written.Keeps(r)
}

// shows remembers a payout that Kira shows, for the sake of the sum that was
// paid today.
func (iv *Invoked) shows(p kinds.Payment) {
	if iv.seen == nil {
		iv.seen = make(map[string]kinds.Payment)
	}
	iv.seen[p.ID] = p
}

// paidByOthers are the payouts of the last 24 hours that Kira shows of the users that
// are managed here or pay in this run, and that no run which was counted has made.
// Those that did not arrive are not among them.
func (iv *Invoked) paidByOthers(counted map[string]bool) (amounts []string) {
	users := usersOf(iv.State)
	all := make(map[string]kinds.Payment)
	for _, row := range iv.others.rows {
		if slices.Contains(users, row.user) {
			all[row.ID] = row.Payment
		}
	}
	maps.Copy(all, iv.seen)
	for id, p := range all {
		ended := slices.Contains([]string{"FAILED", "CANCELLED", "RETURNED"}, p.Status)
		if !counted[id] && !ended && (p.Created.IsZero() || iv.now.Sub(p.Created) < 24*time.Hour) {
			amounts = append(amounts, schema.Amount(p.Amount))
		}
	}
	return amounts
}
