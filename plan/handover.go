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
	order := (&Plan{Changes: m.changes, Known: m.known}).Graph()
	for i := range m.changes {
		c := &m.changes[i]
		if !m.renames(c) {
			continue
		}
		k := m.Kinds[c.Addr.Kind]
		b, known := m.written(k, c.Config).bucket()
		for _, old := range gives[k.Name+" "+b] {
			if known && !order.Reach(old)[c.Addr] {
				order.Add(c.Addr, old)
				c.Follows = append(c.Follows, old)
			}
		}
		slices.SortFunc(c.Follows, addr.Resource.Compare)
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
