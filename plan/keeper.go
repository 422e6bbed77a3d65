package plan

import (
	"slices"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/schema"
)

// keeper is a person of the state who has the natural key at Kira that the
// block of a new one asks for, such as the e-mail, although its own block says
// something else.
type keeper struct {
	addr, new addr.Resource
	leaves    bool // the plan takes it from the old one
	replaced  bool // the plan replaces the old one, which lives on with it
}

// keepers finds, for the people whom the plan makes, those who have the same
// natural key at Kira. Two blocks that say the same are left to distinct, and
// people who are no longer written to the search for moves.
func (m *maker) keepers() (all []keeper) {
	wants := make(map[string][]*Change) // by bucket
	for i := range m.changes {
		c := &m.changes[i]
		k := m.Kinds[c.Addr.Kind]
		if c.Action != Create || c.Addr.Data || k.Identity == nil || k.Identity.Person == nil {
			continue
		}
		if b, known := m.written(k, c.Config).bucket(); known {
			wants[b] = append(wants[b], c)
		}
	}
	if len(wants) == 0 {
		return nil
	}
	for _, a := range m.had() {
		i, written := m.at[a]
		k := m.Kinds[a.Kind]
		if !written || k.Identity == nil || k.Identity.Person == nil {
			continue
		}
		has := m.living(k, m.Prior.Resources[a])
		b, clear := has.bucket()
		if !clear {
			continue
		}
		old := &m.changes[i]
		for _, c := range wants[b] {
			if agree(m.written(k, old.Config), has, k.Identity.Natural) != equal {
				all = append(all, keeper{a, c.Addr, old.Action == Update && old.changes(k.Identity.Key), old.Action == Replace})
			}
		}
	}
	return all
}

// changes reports whether c sends another value of the attribute.
func (c *Change) changes(name string) bool {
	return c.Action == Replace || c.Action == Update && slices.ContainsFunc(c.Because, func(r Reason) bool { return schema.PathString(r.Path) == name })
}

// doubled warns of people who are made although somebody else keeps their
// natural key.
func (m *maker) doubled(p *Plan, all []keeper) {
	selected := func(a addr.Resource) bool { return !p.Partial() || p.selected[a] }
	for _, k := range all {
		if !selected(k.new) || k.leaves && selected(k.addr) {
			continue
		}
		key, why := m.Kinds[k.new.Kind].Identity.Key, "its block says another one, which is in ignore_changes"
		switch {
		case (k.leaves || k.replaced) && !selected(k.addr):
			why = "-target leaves out the change of it"
		case k.replaced:
			why = "it is replaced, and the old one lives on"
		}
		m.diags = append(m.diags, diag.At(diag.Warning("same-email", m.Program.Locate(k.new, pathOf(key)), "There is such a user already",
			"%s has this %s at Kira and keeps it: %s. This plan makes another user with it. "+
				"If it is the same person, one block is enough.", k.addr, key, why), k.new.InstanceName()))
	}
}
