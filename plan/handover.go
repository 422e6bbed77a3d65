package plan

import (
	"slices"

	"kiraform/internal/addr"
)

// handOvers has people who get a natural key of others, such as an e-mail, get it
// once those have given it up: else two have it for a while, and for ever if that
// fails. Of those who would wait for each other, the last by address goes first.
func (m *maker) handOvers() {
	gives := make(map[string][]addr.Resource) // by bucket
	for i := range m.changes {
		if c := &m.changes[i]; c.Action == Update && m.renames(c) {
			k := m.Kinds[c.Addr.Kind]
			if b, clear := m.living(k, c.Prior).bucket(); clear {
				gives[k.Name+" "+b] = append(gives[k.Name+" "+b], c.Addr)
			}
		}
	}
	if len(gives) == 0 {
		return
	}
	var all []handOver
	for i := range m.changes {
		c := &m.changes[i]
		if !m.renames(c) {
			continue
		}
		k := m.Kinds[c.Addr.Kind]
		if b, known := m.written(k, c.Config).bucket(); known {
			for _, old := range gives[k.Name+" "+b] {
				if old != c.Addr {
					all = append(all, handOver{c, old})
				}
			}
		}
	}
	m.enterHandOvers(all)
	for i := range m.changes {
		slices.SortFunc(m.changes[i].Follows, addr.Resource.Compare)
	}
}

// handOver is a change that has to come after that of the one who gives up a key.
type handOver struct {
	to   *Change
	from addr.Resource
}

// enterHandOvers enters as many hand-overs as can be, the first ones first. Only one that
// may be part of a cycle if all are entered has to be looked at by itself.
func (m *maker) enterHandOvers(all []handOver) {
	order := (&Plan{Changes: m.changes, Known: m.known}).Graph()
	for _, h := range all {
		order.Add(h.to.Addr, h.from)
	}
	waits := make(map[addr.Resource]bool) // for itself, or for others that do
	for _, a := range order.Waiting() {
		waits[a] = true
	}
	if len(waits) > 0 {
		order = (&Plan{Changes: m.changes, Known: m.known}).Graph()
	}
	for _, h := range all {
		if waits[h.from] && waits[h.to.Addr] && order.Reach(h.from)[h.to.Addr] {
			continue
		}
		if len(waits) > 0 {
			order.Add(h.to.Addr, h.from)
		}
		h.to.Follows = append(h.to.Follows, h.from)
	}
}

// renames reports whether a person gets another key: somebody new, or one whose
// key changes.
func (m *maker) renames(c *Change) bool {
	k := m.Kinds[c.Addr.Kind]
	if c.Addr.Data || k.Identity == nil || k.Identity.Person == nil {
		return false
	}
	return c.Action == Create || c.changes(k.Identity.Key)
}
