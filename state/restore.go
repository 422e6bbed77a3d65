package state

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/schema"
)

// Restored is the outcome of a restore.
type Restored struct {
	Serial   uint64       // of the state now
	Replayed int          // records of a journal that are ahead of the generation, and hold
	Left     []LeftBehind // objects that were managed and are not any more: they live on at Kira
	Damaged  string       // where a copy of a file that could not be read is; "" for none
}

// OtherPlaceError is the error of [Historian] for a generation of another
// place than the state is of: its objects live there.
type OtherPlaceError struct {
	Serial  uint64
	Of, Now Place // of the generation, and of the state
}

func (e *OtherPlaceError) Error() string {
	return fmt.Sprintf("generation %d is of another place than the state: %s at %q and not %s at %q",
		e.Serial, e.Of.Environment, e.Of.Address, e.Now.Environment, e.Now.Address)
}

// Over makes s, an older generation of now, ready to be saved in its place, and
// returns the objects that it leaves behind. No later work is forgotten.
func (s *State) Over(now *State) (left []LeftBehind) {
	if now.KeyID != "" && s.KeyID != now.KeyID {
		s.Blind()
		s.KeyID = now.KeyID
	}
	s.doubt(now)
	return s.inherit(now)
}

// Elsewhere reports whether s, an older generation of now, is of another place.
// A state that is of none yet, with nothing in it, takes that of s.
func (s *State) Elsewhere(now *State) bool {
	bound := !now.Place.IsZero() || len(now.Resources)+len(now.Intents)+len(now.Left)+len(now.Runs) > 0
	return bound && !s.Place.IsZero() && s.Place != now.Place
}

// inherit makes s, an older generation of now, ready to be saved over it, and
// returns the objects that it leaves behind.
func (s *State) inherit(now *State) (left []LeftBehind) {
	managed := make(map[addr.Object]bool, len(s.Resources))
	for a, o := range s.Resources {
		managed[a.Object(o.ID)] = true
	}
	at := time.Now().UTC()
	for _, a := range now.Addrs() {
		if o := now.Resources[a]; !managed[a.Object(o.ID)] {
			left = append(left, LeftBehind{Addr: a, ID: o.ID, Why: Removed, Adopted: o.Adopted, At: at})
		}
	}
	left = slices.DeleteFunc(left, func(l LeftBehind) bool { return now.away(l.Addr.Kind, l.ID) })
	ledger := append(slices.Clone(now.Left), left...)
	s.Left = slices.DeleteFunc(ledger, func(l LeftBehind) bool { return managed[l.Addr.Object(l.ID)] })
	s.Serial, s.Origin, s.Intents, s.Recipients = now.Serial, now.Origin, now.Intents, now.Recipients
	s.inheritRuns(now)
	s.Consents = maps.Clone(now.Consents)
	s.spendAll()
	s.Place = cmp.Or(now.Place, s.Place)
	s.Applied = lastApplied(slices.Concat(s.Applied, now.Applied))
	return left
}

// doubt notes in s, an older generation of now, the attributes that were sent
// since: Kira has those, whatever s remembers. It takes over the object that
// Kira showed last, too.
func (s *State) doubt(now *State) {
	latest := make(map[addr.Object]Object, len(now.Resources))
	for a, o := range now.Resources {
		latest[a.Object(o.ID)] = o
	}
	for a, o := range s.Resources {
		is, ok := latest[a.Object(o.ID)]
		if !ok {
			continue
		}
		if s.KeyID == now.KeyID && (o.Salt == "" || o.Salt == is.Salt) {
			o.Seen, o.Salt = is.Seen, is.Salt
		}
		if is.Written.After(o.Written) {
			o.Written = is.Written
		}
		names := slices.Concat(o.Unsure, is.Unsure, differing(o.Sent.Shown(), is.Sent.Shown()))
		slices.Sort(names)
		o.Unsure = slices.Compact(names)
		o.Due = is.Due // the actions that were triggered since were run
		s.Resources[a] = o
	}
}

// differing returns the names of the attributes that two objects do not have in
// common.
func differing(a, b cty.Value) (names []string) {
	for _, v := range []cty.Value{a, b} {
		if v == cty.NilVal || v.IsNull() || !v.Type().IsObjectType() {
			continue
		}
		for name := range v.AsValueMap() {
			if !schema.Member(a, name).RawEquals(schema.Member(b, name)) {
				names = append(names, name)
			}
		}
	}
	return names
}
