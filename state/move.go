package state

import (
	"slices"

	"kiraform/internal/addr"
)

// Move returns s with its objects at other addresses: each object at an
// address in to goes to the address that to has for it. Addresses may be
// exchanged, but no two objects may come to one: that panics. Intents and
// consents go where their address goes, and so do the needs of others. The ledger stays, since it says how things were.
func (s *State) Move(to map[addr.Resource]addr.Resource) *State {
	if len(to) == 0 {
		return s
	}
	c := s.Clone()
	for from := range to {
		delete(c.Resources, from)
	}
	for from, at := range to {
		o, ok := s.Resources[from]
		if !ok {
			continue
		}
		if _, taken := c.Resources[at]; taken {
			panic("state: two objects would come to " + at.String())
		}
		c.Resources[at] = o
	}
	for a, o := range c.Resources {
		o.Needs = moved(o.Needs, to)
		c.Resources[a] = o
	}
	for from := range to {
		delete(c.Consents, from)
	}
	for from, at := range to {
		if consent, ok := s.Consents[from]; ok {
			c.Consents[at] = consent
		}
	}
	for a, consent := range c.Consents {
		consent.After = moved(consent.After, to)
		c.Consents[a] = consent
	}
	for key, in := range s.Intents {
		if at, ok := to[in.Addr]; ok {
			in.Addr = at
			c.Intents[key] = in
		}
	}
	return c
}

// moved returns addresses as they are called after a move, sorted.
func moved(all []addr.Resource, to map[addr.Resource]addr.Resource) []addr.Resource {
	if !slices.ContainsFunc(all, func(a addr.Resource) bool { _, ok := to[a]; return ok }) {
		return all
	}
	out := slices.Clone(all)
	for i, a := range out {
		if at, ok := to[a]; ok {
			out[i] = at
		}
	}
	slices.SortFunc(out, addr.Resource.Compare)
	return slices.Compact(out)
}
