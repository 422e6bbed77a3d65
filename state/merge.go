package state

import (
	"kiraform/internal/addr"
	"maps"
	"slices"
)

// Merge makes s, which comes from elsewhere, ready to be saved in place of now, of the
// same lineage, and returns the objects that are not managed any more. Nothing rolls
// back: requests without an answer and the ledger are those of both.
func (s *State) Merge(now *State) (left []LeftBehind) {
	intents, ledger := s.Intents, s.Left
	left = s.Over(now)
	s.Intents = maps.Clone(now.Intents)
	answered := make(map[string]bool)
	for _, all := range []map[addr.Object]Object{byID(s), byID(now)} {
		for _, o := range all {
			answered[string(o.Salt)] = true // an object has the key of the request that made it
		}
	}
	for key, in := range intents {
		if _, open := s.Intents[key]; !open && !answered[key] {
			s.Intents[key] = in
		}
	}
	known := make(map[addr.Object]bool)
	for a, o := range s.Resources {
		known[addr.Object{Kind: a.Kind, ID: o.ID}] = true
	}
	for _, l := range s.Left {
		known[addr.Object{Kind: l.Addr.Kind, ID: l.ID}] = true
	}
	for _, l := range ledger {
		if key := (addr.Object{Kind: l.Addr.Kind, ID: l.ID}); !known[key] {
			known[key] = true
			s.Left = append(s.Left, l)
		}
	}
	slices.SortStableFunc(s.Left, func(a, b LeftBehind) int { return a.At.Compare(b.At) })
	return left
}

func byID(s *State) map[addr.Object]Object {
	all := make(map[addr.Object]Object, len(s.Resources))
	for a, o := range s.Resources {
		all[a.Object(o.ID)] = o
	}
	return all
}
