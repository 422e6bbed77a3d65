package plan

import (
	"maps"
	"slices"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
)

// pair decides which of the objects with one natural key go to which of the
// addresses that ask for it. A key that several have moves nothing by itself:
// then the identity has to be equal as well, and to tell them apart, unless the
// objects are equal in everything and it does not matter which is which.
func (s *search) pair(lives []*live, wants []*want) {
	if len(lives) == 1 && len(wants) == 1 {
		if !lives[0].stays {
			s.match(lives[0], wants[0])
		}
		return
	}
	free := slices.DeleteFunc(slices.Clone(lives), func(l *live) bool { return l.stays })
	var left []*want
	for _, w := range wants {
		may := slices.DeleteFunc(slices.Clone(free), func(l *live) bool { return !l.is(w.subject) })
		alike := !slices.ContainsFunc(may, func(l *live) bool { return !s.alike(w.Resource, l.Resource) })
		rivals := slices.ContainsFunc(wants, func(o *want) bool { return o != w && len(may) > 0 && may[0].is(o.subject) })
		if len(may) == 0 || !alike && (len(may) > 1 || rivals) || s.imported(may[0], w) {
			left = append(left, w)
			continue
		}
		s.move(may[0].Resource, w.Resource)
		free = slices.DeleteFunc(free, func(l *live) bool { return l == may[0] })
	}
	free = slices.DeleteFunc(free, func(l *live) bool { return l.wanted })
	for _, w := range left {
		if len(free) > 0 && w.instead == nil && !s.imported(free[0], w) {
			s.renamed(free[0], w, "more than one has it, so that nobody can tell which is meant")
		}
	}
}

// alike reports whether nothing would change if the object at from were at to.
func (s *search) alike(to, from addr.Resource) bool {
	o, config := s.Prior.Resources[from], s.changes[s.at[to]].Config
	return len(reasons(s.kind, s.Key, config, o)) == 0
}

// match moves an object to the only address that asks for its natural key. A
// renamed block must ask for the same person, or the same payee, as well. Where
// an e-mail passes from one person to another, nobody moves.
func (s *search) match(l *live, w *want) {
	id := s.kind.Identity
	switch passes := l.wanted || w.instead != nil; {
	case s.imported(l, w):
	case passes && id.Person != nil && (agree(w.subject, l.subject, id.Person[s.variant(w)]) != equal || w.instead != nil && w.instead.is(w.subject)):
	case passes, l.is(w.subject):
		s.move(l.Resource, w.Resource)
	default:
		s.renamed(l, w, "their identities differ or cannot be compared")
	}
}

// renamed asks whether w is l, a person with the same key who is no longer
// written, or another one.
func (s *search) renamed(l *live, w *want, why string) {
	if s.kind.Identity.Person == nil {
		return
	}
	defer s.belong(w.Resource, len(s.diags))
	s.diags = append(s.diags, diag.Error("same-email", s.Program.Locate(w.Resource, pathOf(s.kind.Identity.Key)), "Renamed, or another person?",
		"%s asks for a %s with the %s of %s, which is no longer written, and %s. "+
			"If it is the same one, write:\n\n  moved {\n    from = %[4]s\n    to   = %[1]s\n  }\n\n"+
			"If it is another one, let the old one go first: kiraform state rm %[6]s",
		w.Resource, s.kind.Name, s.kind.Identity.Key, l.Resource, why, l.Resource.Shell()))
}

func (s *search) variant(w *want) string { return s.kind.VariantOf(s.changes[s.at[w.Resource]].Config) }

// displaced is why an object moves that nobody asked for.
const displaced = "another object took its place"

// imported reports whether an import names another object for the address.
func (s *search) imported(l *live, w *want) bool {
	found, ok := s.Found[w.Resource]
	return ok && found.ID != s.Prior.Resources[l.Resource].ID
}

func (s *search) move(from, to addr.Resource) { s.to[from], s.from[to] = to, from }

// moves returns the moves that were found, and those of the objects whose
// places they take: such an object goes to the place that becomes free at the
// other end, where the next plan judges it.
func (s *search) moves() (found []Move) {
	for _, from := range slices.SortedFunc(maps.Keys(s.to), addr.Resource.Compare) {
		to := s.to[from]
		found = append(found, Move{From: from, To: to, Why: "it is the same object, by its natural key"})
		if _, there := s.Prior.Resources[to]; !there || s.to[to] != (addr.Resource{}) {
			continue
		}
		free := from
		for s.from[free] != (addr.Resource{}) {
			free = s.from[free]
		}
		found = append(found, Move{From: to, To: free, Why: displaced})
	}
	return found
}
