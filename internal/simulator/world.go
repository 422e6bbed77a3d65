package simulator

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// A world is everything the simulator remembers. A kind of things is a table
// here, its line in newWorld and its field in a change.
type world struct {
	ID         string                       `json:"id"` // random, of this world and no other
	Pinned     string                       `json:"pinned_version,omitempty"`
	Users      table[user, *user]           `json:"users"`
	Accounts   table[account, *account]     `json:"virtual_accounts"`
	Recipients table[recipient, *recipient] `json:"recipients"`
	Payouts    table[payout, *payout]       `json:"payouts"`
	Hook       *registration                `json:"webhook,omitempty"`
	Keys       map[string]*kept             `json:"idempotency_keys"`

	Misbehaviour     []*Misbehaviour `json:"misbehaviour,omitempty"`
	MoreMisbehaviour int             `json:"more_misbehaviour,omitempty"` // beyond the list

	tables  []keeper            // in the order of the file
	holders map[string][]string // ids by natural key
	uses    map[string]use      // of Idempotency-Keys

	// moving are the things that are on their way by time; none of them has a
	// step before due.
	moving []mover
	due    time.Time

	changed []change // since it was last saved
	whole   bool     // the file cannot be added to, only replaced
	unsaved bool     // the file does not say the id yet
}

func newWorld() *world {
	w := &world{
		ID: newUUID(), unsaved: true,
		Keys: map[string]*kept{}, holders: map[string][]string{}, uses: map[string]use{},
		whole: true,
	}
	w.tables = []keeper{
		w.Users.of(func(ch *change) **user { return &ch.User }),
		w.Accounts.of(func(ch *change) **account { return &ch.Account }),
		w.Recipients.of(func(ch *change) **recipient { return &ch.Recipient }),
		w.Payouts.of(func(ch *change) **payout { return &ch.Payout }),
	}
	return w
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
	default:
		for _, t := range w.tables {
			t.fold(w, ch)
		}
	}
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
	for _, t := range w.tables {
		all = append(all, t.changes()...)
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
