package simulator

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// A world is everything the simulator remembers. Its lists are in order of
// creation.
type world struct {
	ID         string           `json:"id"` // random, of this world and no other
	Pinned     string           `json:"pinned_version,omitempty"`
	Users      []*user          `json:"users"`
	Accounts   []*account       `json:"virtual_accounts"`
	Recipients []*recipient     `json:"recipients"`
	Payouts    []*payout        `json:"payouts,omitempty"`
	Hook       *registration    `json:"webhook,omitempty"`
	Keys       map[string]*kept `json:"idempotency_keys"`

	Misbehaviour     []*Misbehaviour `json:"misbehaviour,omitempty"`
	MoreMisbehaviour int             `json:"more_misbehaviour,omitempty"` // beyond the list

	userByID      map[string]*user
	accountByID   map[string]*account
	recipientByID map[string]*recipient
	payoutByID    map[string]*payout
	holders       map[string][]string // ids by natural key
	uses          map[string]use      // of Idempotency-Keys

	// moving are the things that are on their way by time; none of them has a
	// step before due.
	moving []mover
	due    time.Time

	changed []change // since it was last saved
	whole   bool     // the file cannot be added to, only replaced
	unsaved bool     // the file does not say the id yet
}

func newWorld() *world {
	return &world{
		ID: newUUID(), unsaved: true,
		Keys: map[string]*kept{}, userByID: map[string]*user{},
		accountByID: map[string]*account{}, recipientByID: map[string]*recipient{}, payoutByID: map[string]*payout{},
		holders: map[string][]string{}, uses: map[string]use{},
		whole: true,
	}
}

// A change is one thing as it now is: a line of the world file.
type change struct {
	Format    int           `json:"format,omitempty"` // in the first line, and only there, as is the world
	World     string        `json:"world,omitempty"`
	Pinned    string        `json:"pinned_version,omitempty"`
	User      *user         `json:"user,omitempty"`
	Account   *account      `json:"virtual_account,omitempty"`
	Recipient *recipient    `json:"recipient,omitempty"`
	Payout    *payout       `json:"payout,omitempty"`
	Hook      *registration `json:"webhook,omitempty"`
	Key       string        `json:"key,omitempty"`
	Kept      *kept         `json:"kept,omitempty"`

	Misbehaviour     *Misbehaviour `json:"misbehaviour,omitempty"`
	MoreMisbehaviour int           `json:"more_misbehaviour,omitempty"`
}

// touch notes that something has to be saved.
func (s *Server) touch(ch change) {
	if w := s.world; s.World != "" && !slices.Contains(w.changed, ch) {
		w.changed = append(w.changed, ch)
	}
}

// fold makes a change that was read from the file.
func (w *world) fold(ch change) {
	switch {
	case ch.World != "":
		w.ID, w.unsaved = ch.World, false
	case ch.Pinned != "":
		w.Pinned = ch.Pinned
	case ch.Hook != nil:
		w.Hook = ch.Hook
	case ch.Kept != nil:
		w.Keys[ch.Key] = ch.Kept
		if at := strings.LastIndexByte(ch.Key, ' '); at >= 0 {
			w.uses[ch.Key[at+1:]] = use{ch.Key[:at], ch.Kept.Digest}
		}
	case ch.Misbehaviour != nil:
		w.Misbehaviour = append(w.Misbehaviour, ch.Misbehaviour)
	case ch.MoreMisbehaviour != 0:
		w.MoreMisbehaviour = ch.MoreMisbehaviour
	case ch.Recipient != nil:
		w.Recipients = append(w.Recipients, ch.Recipient)
		w.recipientByID[ch.Recipient.ID] = ch.Recipient
		w.holds(ch.Recipient.ID, "", ch.Recipient.naturalKey())
	case ch.Payout != nil:
		w.foldPayout(ch.Payout)
	case ch.User != nil:
		w.foldUser(ch.User)
	case ch.Account != nil:
		w.foldAccount(ch.Account)
	}
}

func (w *world) foldUser(u *user) {
	if old := w.userByID[u.ID]; old != nil {
		w.holds(u.ID, old.naturalKey(), u.naturalKey())
		*old = *u
		return
	}
	w.Users = append(w.Users, u)
	w.userByID[u.ID] = u
	w.moving = append(w.moving, u)
	w.holds(u.ID, "", u.naturalKey())
}

func (w *world) foldAccount(a *account) {
	if old := w.accountByID[a.ID]; old != nil {
		w.holds(a.ID, old.naturalKey(), a.naturalKey())
		*old = *a
		return
	}
	w.Accounts = append(w.Accounts, a)
	w.accountByID[a.ID] = a
	w.moving = append(w.moving, a)
	w.holds(a.ID, "", a.naturalKey())
}

// changes are all that it takes to make the world again.
func (w *world) changes() []change {
	all := []change{{Format: worldFormat, World: w.ID}}
	if w.Pinned != "" {
		all = append(all, change{Pinned: w.Pinned})
	}
	if w.Hook != nil {
		all = append(all, change{Hook: w.Hook})
	}
	for _, u := range w.Users {
		all = append(all, change{User: u})
	}
	for _, a := range w.Accounts {
		all = append(all, change{Account: a})
	}
	for _, r := range w.Recipients {
		all = append(all, change{Recipient: r})
	}
	for _, p := range w.Payouts {
		all = append(all, change{Payout: p})
	}
	for _, name := range slices.Sorted(maps.Keys(w.Keys)) {
		all = append(all, change{Key: name, Kept: w.Keys[name]})
	}
	for _, m := range w.Misbehaviour {
		all = append(all, change{Misbehaviour: m})
	}
	if w.MoreMisbehaviour > 0 {
		all = append(all, change{MoreMisbehaviour: w.MoreMisbehaviour})
	}
	return all
}
