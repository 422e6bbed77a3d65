package state

import (
	"maps"
	"slices"

	"kiraform/internal/addr"
)

// Consent is leave to replace an object, given to a run that has not done it
// yet. It is for that object alone: once another one has the address, or none,
// it has ended.
type Consent struct {
	ID    string   // of the object that may be replaced
	Paths []string // sorted: the attributes that it was given for; none means whatever is written

	// After is sorted, and must not be changed: others may have it too.
	After []addr.Resource // it was given for a change of one of these, of which none was made yet; none means that it holds
}

// release has the consents hold that were given for a change of a, which was
// made.
func (s *State) release(a addr.Resource) {
	var last []addr.Resource
	has := false // whether it has a
	for at, c := range s.Consents {
		if len(c.After) == 0 {
			continue
		}
		if !isOne(c.After, last) {
			last, has = c.After, slices.Contains(c.After, a)
		}
		if has {
			c.After = nil
			s.Consents[at] = c
		}
	}
}

// shares reports whether several consents were given for the same changes, such that
// a file has these once.
func (s *State) shares() bool {
	var last []addr.Resource
	for _, a := range s.consented() {
		after := s.Consents[a].After
		if len(after) > 0 && equal(after, last) {
			return true
		}
		last = after
	}
	return false
}

// equal reports whether two lists are equal, and does not look through one that is
// the other in memory.
func equal(a, b []addr.Resource) bool { return isOne(a, b) || slices.Equal(a, b) }

func isOne(a, b []addr.Resource) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// Equal reports whether c is the same consent as o.
func (c Consent) Equal(o Consent) bool {
	return c.ID == o.ID && slices.Equal(c.Paths, o.Paths) && equal(c.After, o.After)
}

// Consented returns the consent to replace the object at a, if there is one.
func (s *State) Consented(a addr.Resource) (Consent, bool) {
	c, ok := s.Consents[a]
	return c, ok && c.ID != "" && s.Resources[a].ID == c.ID
}

// consented returns the addresses of all consents, sorted.
func (s *State) consented() []addr.Resource {
	return slices.SortedFunc(maps.Keys(s.Consents), addr.Resource.Compare)
}

// spend ends the consent at a if its object is not there any more.
func (s *State) spend(a addr.Resource) {
	if _, holds := s.Consented(a); !holds {
		delete(s.Consents, a)
	}
}

// spendAll ends every consent whose object is not there any more.
func (s *State) spendAll() {
	for a := range s.Consents {
		s.spend(a)
	}
}
