package state

import (
	"fmt"
	"maps"
	"slices"

	"kiraform/internal/addr"
)

// Has reports whether s knows an object at a, or a request for one that was
// not answered.
func (s *State) Has(a addr.Resource) bool {
	_, lives := s.Resources[a]
	_, asked := s.Pending[a]
	return lives || asked
}

// Known returns the addresses that s has, sorted; see [State.Has].
func (s *State) Known() []addr.Resource {
	return slices.SortedFunc(maps.Keys(s.all()), addr.Resource.Compare)
}

func (s *State) all() map[addr.Resource]bool {
	all := make(map[addr.Resource]bool, len(s.Resources))
	for a := range s.Resources {
		all[a] = true
	}
	for a := range s.Pending {
		all[a] = true
	}
	return all
}

// Rename gives objects other addresses, all at once, so that two can change
// places: to says which address becomes which. The requests for an address
// that were not answered go along, and what needs it needs the new address.
// The ledger keeps the addresses that its objects had. It panics if two
// objects would come to one address.
func (s *State) Rename(to map[addr.Resource]addr.Resource) {
	now := func(a addr.Resource) addr.Resource {
		if b, ok := to[a]; ok {
			return b
		}
		return a
	}
	taken := make(map[addr.Resource]addr.Resource)
	for _, a := range s.Known() {
		if b, twice := taken[now(a)]; twice {
			panic(fmt.Sprintf("state: both %s and %s would be %s", b, a, now(a)))
		}
		taken[now(a)] = a
	}
	resources, pending := make(map[addr.Resource]Object, len(s.Resources)), make(map[addr.Resource]Intent, len(s.Pending))
	for a, o := range s.Resources {
		if slices.ContainsFunc(o.Needs, func(n addr.Resource) bool { return now(n) != n }) {
			o.Needs = slices.Clone(o.Needs)
			for i, n := range o.Needs {
				o.Needs[i] = now(n)
			}
			slices.SortFunc(o.Needs, addr.Resource.Compare)
			o.Needs = slices.Compact(o.Needs)
		}
		resources[now(a)] = o
	}
	for a, in := range s.Pending {
		pending[now(a)] = in
	}
	s.Resources, s.Pending = resources, pending
}
