package actions

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
	schema.Payment
}

// othersLast is for how long a look at all users is good enough.
const othersLast = 5 * time.Second

// LookAtOthers reads the payouts of every user who has an account, unless that was
// done just now, or no instance pays.
func (k *Kira) LookAtOthers(ctx context.Context, all []*Instance) error {
	if !k.others.at.IsZero() && Since(k.others.at) < othersLast {
		return nil
	}
	i := slices.IndexFunc(all, func(in *Instance) bool { return in.Action.Pays })
	if i < 0 {
		return nil
	}
	users, err := kinds.Payers(ctx, all[i].call(""))
	if err != nil {
		return err
	}
	found := others{at: time.Now(), payees: make(map[string]kinds.Object), people: make(map[[2]string]bool)}
	var mu sync.Mutex
	g, inner := errgroup.WithContext(ctx)
	g.SetLimit(cmp.Or(k.Workers, 10))
	for _, user := range users {
		if ofAll(all, user) {
			continue // whose payouts are looked at for each instance
		}
		g.Go(func() error {
			rows, err := all[i].Kind.Payments(inner, all[i].call(user))
			if errors.Is(err, kinds.ErrGone) {
				return nil
			}
			mu.Lock()
			defer mu.Unlock()
			for _, row := range rows {
				if row.Created.IsZero() || k.Now.Sub(row.Created) <= runs.Memory {
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
	k.others = found
	return nil
}

// ofAll reports whether every instance is about a user.
func ofAll(all []*Instance, user string) bool {
	return !slices.ContainsFunc(all, func(in *Instance) bool { return !slices.Contains(in.Users, user) })
}

// ofOthers returns the payouts of other users that went to the payee, or may have.
func (in *Instance) ofOthers(ctx context.Context) (all []runs.Payment, err error) {
	for _, row := range in.others.rows {
		if slices.Contains(in.Users, row.user) || row.Amount != "" && row.Amount != in.Of[schema.PaysAmount] {
			continue
		}
		p := row.Payment
		if p.Amount == "" || p.Recipient == "" || p.Created.IsZero() {
			if p, err = in.Payment(ctx, p.ID); err != nil {
				return nil, err
			}
		}
		alike, err := in.sameParty(ctx, row.user, p)
		if err != nil {
			return nil, err
		}
		if alike {
			all = append(all, runs.Payment{Payment: p, Alike: true, Other: row.user})
			in.shows(p)
		}
	}
	return all, nil
}

// sameParty reports whether a payout of another user went to the payee. Where either
// names no recipient, as from a crypto account, it counts if the other user is the
// same person.
func (in *Instance) sameParty(ctx context.Context, user string, p schema.Payment) (bool, error) {
	if p.Recipient != "" && in.to.ID != "" {
		like, err := in.likeness(ctx, p.Recipient)
		return like != kinds.Another, err
	}
	if p.Recipient != "" || len(in.Users) == 0 {
		return false, nil
	}
	if in.others.people == nil {
		in.others.people = make(map[[2]string]bool)
	}
	for _, own := range in.Users {
		if own == user {
			return true, nil
		}
		pair := [2]string{own, user}
		same, known := in.others.people[pair]
		if !known {
			var err error
			if same, err = kinds.SamePerson(ctx, in.call(""), own, user); err != nil {
				return false, err
			}
			in.others.people[pair] = same
		}
		if same {
			return true, nil
		}
	}
	return false, nil
}

// likeness compares a recipient with the one that is paid. One that is gone is
// nobody.
func (in *Instance) likeness(ctx context.Context, recipient string) (kinds.Likeness, error) {
	other, known := in.others.payees[recipient]
	if !known {
		var err error
		if other, err = kinds.Payee(ctx, in.call(recipient)); err != nil && !errors.Is(err, kinds.ErrGone) {
			return kinds.Another, fmt.Errorf("look at who was paid: %w", err)
		}
		if in.others.payees == nil {
			in.others.payees = make(map[string]kinds.Object)
		}
		in.others.payees[recipient] = other
	}
	if other.ID == "" {
		return kinds.Another, nil
	}
	return kinds.AlikePayees(other, in.to), nil
}

// payees compares those whom the runs of the action have paid with the one that is
// paid now: they may be recipients of a user who was replaced.
func (in *Instance) payees(ctx context.Context) error {
	if in.to.ID == "" {
		return nil
	}
	book := in.Book
	if book == nil {
		book = runs.NewBook(in.State, in.Written)
	}
	strays := slices.DeleteFunc(book.Strays(), func(r state.Run) bool { return r.Addr == in.Addr })
	for _, r := range slices.Concat(book.At(in.Addr), strays) {
		id := r.Of[schema.PaysTo]
		if !in.mayStop(r) || id == "" || id == in.to.ID || slices.Contains(slices.Concat(in.Alike, in.Maybe), id) {
			continue
		}
		like, err := in.likeness(ctx, id)
		if err != nil {
			return err
		}
		switch like {
		case kinds.TheSame:
			in.Alike = append(in.Alike, id)
		case kinds.Perhaps:
			in.Maybe = append(in.Maybe, id)
		case kinds.Another:
			if kinds.SameName(in.others.payees[id], in.to) {
				in.Names = append(in.Names, id)
			}
		}
	}
	return nil
}

// mayStop reports whether a run stops the action if it has paid the same payee: it is
// one of the action, or one for the same period at an address that asks for something
// else by now.
func (in *Instance) mayStop(r state.Run) bool {
	if r.Addr == in.Addr {
		return r.OwnRun()
	}
	return r.Addr.Kind == in.Addr.Kind && (r.OwnRun() || r.Unanswered()) && runs.SamePeriod(r.Of[schema.PaysPeriod], in.Of[schema.PaysPeriod]) &&
		!in.Written(r) && !in.Kept(r)
}

// shows remembers a payout that Kira shows, for the sake of the sum that was
// paid today.
func (k *Kira) shows(p schema.Payment) {
	if k.seen == nil {
		k.seen = make(map[string]schema.Payment)
	}
	k.seen[p.ID] = p
}

// paidByOthers are the payouts of the last 24 hours that Kira shows of the users that
// are managed here or pay in this run, and that no run which was counted has made.
// Those that did not arrive are not among them.
func (k *Kira) paidByOthers(counted map[string]bool) (amounts []string) {
	users := usersOf(k.State)
	all := make(map[string]schema.Payment)
	for _, row := range k.others.rows {
		if slices.Contains(users, row.user) {
			all[row.ID] = row.Payment
		}
	}
	maps.Copy(all, k.seen)
	for id, p := range all {
		ended := schema.NeverArrives(p.Status)
		if !counted[id] && !ended && (p.Created.IsZero() || k.Now.Sub(p.Created) < 24*time.Hour) {
			amounts = append(amounts, schema.Amount(p.Amount))
		}
	}
	return amounts
}

// SamePayment reports whether a payout is of the amount that is written and went to the
// payee, whichever user and recipient it was: they may have been made again.
func (in *Instance) SamePayment(ctx context.Context, paid schema.Payment) (bool, error) {
	if paid.Amount != in.Of[schema.PaysAmount] {
		return false, nil
	}
	if err := in.parties(ctx); err != nil {
		return false, err
	}
	return in.sameParty(ctx, paid.User, paid)
}
