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

	After []addr.Resource // sorted: it was given for a change of one of these, of which none was made yet; none means that it holds
}

// release has the consents hold that were given for a change of a, which was
// made.
func (s *State) release(a addr.Resource) {
	for at, c := range s.Consents {
		if slices.Contains(c.After, a) {
			c.After = nil
			s.Consents[at] = c
		}
	}
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
