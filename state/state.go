// Package state remembers which objects at Kira belong to a configuration.
//
// Two promises hold. A request is on disk before it is sent, and Kira's answer
// before anything else happens. And a value that must not be kept is never
// kept: it is replaced by a fingerprint (see [Key]).
package state

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
)

// State is everything kiraform remembers between runs.
type State struct {
	Lineage   string // made once, on first write; never changes
	Serial    uint64 // one more on every write
	KeyID     string // which key made the fingerprints; see [Key.ID]
	Place     Place  // the Kira that the objects live at; zero until a run binds the state
	Resources map[addr.Resource]Object
	Intents   map[string]Intent         // by key: requests that were sent, or were about to be, and have no outcome yet
	Runs      map[string]Run            // by key: the actions that were carried out, or may have been
	foreign   map[string][]string       // by id, the keys of runs by somebody else; nil until it is needed
	Consents  map[addr.Resource]Consent // replacements that were allowed and are not done yet
	Outputs   map[string]Output
	Left      []LeftBehind // oldest first
	Applied   []Applied    // the saved plans that were carried out last, oldest first

	// Recipients are the public keys of age that the state is stored for; none
	// means that it is stored in clear.
	Recipients []string

	// Origin holds the notes of the store that loaded or saved this state. It is the
	// store's alone, and clones share it; nil for a state that no store has seen.
	Origin any
}

// Object is one object at Kira that the configuration manages.
type Object struct {
	ID string

	// Salt is that of the fingerprints in Sent and Seen. An object that kiraform
	// made has the one of the request that made it, another one its id; one that an
	// earlier kiraform wrote has none until it is written again.
	Salt Salt

	// Sent is the object as it was sent last, by attribute, as written in
	// configuration; attributes that were never sent are left out. It is zero for
	// an object that kiraform has not written to yet, as after an import or an
	// adoption.
	Sent Sealed
	// Seen is the object as Kira showed it last: echoed and computed attributes
	// under their names in configuration, without those of which nothing was
	// shown.
	Seen Sealed

	Needs   []addr.Resource // the resources that it needed when it was last applied, sorted
	Adopted bool            // it lived already and was taken over

	Protected bool // its block had prevent_destroy when it was last applied

	// Due are the actions that its creation has to trigger, and that were not run
	// yet. One without a key stands for all instances of its block.
	Due []addr.Resource

	// Unproven names the attributes, sorted and as in Stored, of which Sent has the
	// value that was written when the object was imported, adopted or given another
	// key, or has nothing: nobody has compared them with Kira. Imported tells that
	// Sent has nothing else. Trusted is who answered for all of them; nil if nobody
	// did.
	Unproven []string
	Imported bool
	Trusted  *Trust

	// Written is when kiraform last began to send something to the object; zero if
	// it never did, or an earlier version did.
	Written time.Time

	// Unsure names attributes, sorted, of which Sent may not have the value that
	// Kira was sent last, as after an older state was brought back.
	Unsure []string

	// Unlooked names the attributes, sorted, of which Seen has nothing since Kira
	// showed something new in a row of a list, which lacks them: they are not
	// known until the object itself is looked at.
	Unlooked []string

	// Stored has, by path and sorted, the values that Kira showed after the last
	// write where they differ from those that were sent.
	Stored []Stored
}

// Salted returns the salt that the object has once it is written again.
func (o Object) Salted() Salt { return cmp.Or(o.Salt, Salt(o.ID)) }

// Looked returns the object as Kira showed it, with those attributes unknown that
// were not looked at.
func (o Object) Looked() cty.Value {
	seen := o.Seen.Shown()
	if len(o.Unlooked) == 0 || o.Seen.IsZero() {
		return seen
	}
	attrs := seen.AsValueMap()
	for _, name := range o.Unlooked {
		if was, ok := attrs[name]; ok {
			attrs[name] = cty.UnknownVal(was.Type())
		}
	}
	return cty.ObjectVal(attrs)
}

// Stored is an attribute that Kira stores otherwise than it was sent.
type Stored struct {
	Path  string // such as "email"; an entry of a list is named by a fingerprint of its key
	Seen  Sealed
	Other bool // it is not the value that was sent in another spelling
}

// Output is the value of an output after the last apply.
type Output struct {
	Value     cty.Value // cty.NilVal if Sensitive: such a value is not kept
	Sensitive bool
}

// LeftBehind is an object that lives on at Kira, though nothing manages it any
// more: Kira cannot delete.
type LeftBehind struct {
	Addr    addr.Resource
	ID      string
	Why     string // one of the reasons below
	Adopted bool   // it was not created by kiraform
	At      time.Time
	Place   Place // where it lives; zero for the place of the state
}

// The reasons why objects are left behind.
const (
	Forgotten = "forgotten"
	Replaced  = "replaced"
	Removed   = "removed from the state"
	Rebound   = "left by a rebind"
	Gone      = "gone" // Kira did not have it any more
)

// New returns an empty state.
func New(lineage string) *State {
	return &State{
		Lineage:   lineage,
		Resources: make(map[addr.Resource]Object),
		Intents:   make(map[string]Intent),
		Runs:      make(map[string]Run),
		Consents:  make(map[addr.Resource]Consent),
		Outputs:   make(map[string]Output),
	}
}

// Addrs returns the addresses of all managed objects, sorted.
func (s *State) Addrs() []addr.Resource {
	return slices.SortedFunc(maps.Keys(s.Resources), addr.Resource.Compare)
}

// Clone returns a state that can be changed without changing s, and can be
// saved in its place. Values are immutable and shared.
func (s *State) Clone() *State {
	c := *s
	c.Resources = maps.Clone(s.Resources)
	c.Intents = maps.Clone(s.Intents)
	c.Runs, c.foreign = maps.Clone(s.Runs), nil
	c.Consents = maps.Clone(s.Consents)
	c.Outputs = maps.Clone(s.Outputs)
	c.Left = slices.Clone(s.Left)
	c.Applied = slices.Clone(s.Applied)
	c.Recipients = slices.Clone(s.Recipients)
	return &c
}

// Forget drops a from the state and enters its object in the ledger.
func (s *State) Forget(a addr.Resource, why string, at time.Time) {
	o, ok := s.Resources[a]
	if !ok {
		return
	}
	s.Leave(LeftBehind{Addr: a, ID: o.ID, Why: why, Adopted: o.Adopted, At: at})
	delete(s.Resources, a)
	s.spend(a)
}

// Rebind makes s a state of another place, which does not have the objects that
// are missing. They, and those that were left behind until now, live where they
// did, unless the place is the old one under another address. An object that is
// still managed goes on being so: the ledger just remembers where it was.
func (s *State) Rebind(to Place, same bool, missing []addr.Resource, at time.Time) {
	if slices.ContainsFunc(s.Left, func(l LeftBehind) bool { return l.Place == to }) {
		same = false // it was told apart before
	}
	for i, l := range s.Left {
		switch {
		case l.Place.IsZero() && !same:
			s.Left[i].Place = s.Place
		case l.Place == to:
			s.Left[i].Place = Place{}
		}
	}
	s.rejoin(missing)
	for _, a := range missing {
		if o, ok := s.Resources[a]; ok && !same && !s.Place.IsZero() && !s.away(a.Kind, o.ID) {
			s.Left = append(s.Left, LeftBehind{Addr: a, ID: o.ID, Why: Rebound, Adopted: o.Adopted, At: at, Place: s.Place})
		}
	}
	s.Place = to
}

// rejoin takes out of the ledger the objects that are managed and not missing.
func (s *State) rejoin(missing []addr.Resource) {
	here := make(map[addr.Object]bool, len(s.Resources))
	for a, o := range s.Resources {
		if !slices.Contains(missing, a) {
			here[a.Object(o.ID)] = true
		}
	}
	s.Left = slices.DeleteFunc(s.Left, func(l LeftBehind) bool { return here[l.Addr.Object(l.ID)] })
}

// Leave enters an object in the ledger, unless it is there as one that lives at
// another place: then it was never at this one.
func (s *State) Leave(l LeftBehind) {
	if !s.away(l.Addr.Kind, l.ID) {
		s.Left = append(s.Left, l)
	}
}

// away reports whether the ledger has an object at another place.
func (s *State) away(kind, id string) bool {
	return slices.ContainsFunc(s.Left, func(l LeftBehind) bool { return l.Addr.Kind == kind && l.ID == id && !l.Place.IsZero() })
}
