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
	m := newMoved(to, c)
	for a, o := range c.Resources {
		o.Needs = m.list(o.Needs)
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
		consent.After = m.list(consent.After)
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

// moved gives lists of addresses the names of after a move.
type moved struct {
	to     map[addr.Resource]addr.Resource
	wholes map[addr.Resource][]addr.Resource // of an address that stands for several of which some have moved

	last, became []addr.Resource // lists may be shared by many
}

// newMoved takes the state with the objects at their new addresses.
func newMoved(to map[addr.Resource]addr.Resource, s *State) *moved {
	m := &moved{to: to, wholes: make(map[addr.Resource][]addr.Resource)}
	for from, at := range to {
		now := append(at.Wholes(), at)
		for i, whole := range from.Wholes() {
			m.wholes[whole] = append(m.wholes[whole], now[min(i, max(len(now)-2, 0))])
		}
	}
	for a := range s.Resources { // some may have stayed
		for _, whole := range a.Wholes() {
			_, itself := to[whole]
			if now, some := m.wholes[whole]; some || itself {
				m.wholes[whole] = append(now, whole)
			}
		}
	}
	for whole, now := range m.wholes {
		m.wholes[whole] = sorted(now)
	}
	return m
}

// list returns addresses as they are called after the move, sorted.
func (m *moved) list(all []addr.Resource) []addr.Resource {
	if len(all) > 0 && isOne(all, m.last) {
		return m.became
	}
	var out []addr.Resource
	changed := false
	for _, a := range all {
		at, is := m.to[a]
		now, some := m.wholes[a]
		switch {
		case is:
			now = append(slices.Clone(now), at)
		case !some:
			now = []addr.Resource{a}
		}
		changed = changed || is || some
		out = append(out, now...)
	}
	if m.last, m.became = all, all; changed {
		m.became = sorted(out)
	}
	return m.became
}

func sorted(all []addr.Resource) []addr.Resource {
	slices.SortFunc(all, addr.Resource.Compare)
	return slices.Compact(all)
}
