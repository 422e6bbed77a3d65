package plan

import (
	"slices"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/internal/eval"
	"kiraform/internal/ui/words"
	"kiraform/schema"
	"kiraform/state"
)

// adopt plans to take over an object that lives already, and to change the
// attributes of it that are written otherwise. An object has one address at
// most, and one that differs in an attribute that cannot change is not the one
// that is asked for.
func (m *maker) adopt(c Change, k *schema.Kind, r eval.Resource, found state.Object) Change {
	c.Action, c.Prior, c.After = Adopt, found, proposed(k, Standing(k, m.Key, r, found), found)
	if other, ok := m.claim(c.Addr, found.ID); ok {
		m.diags = append(m.diags, diag.Error("already-managed", m.Program.Locate(c.Addr, nil), "Exists and is managed already",
			"What %s asks for exists at Kira as %s, which is managed as %s; one object cannot have two addresses. "+
				"Refer to %[3]s instead, or take one of the two blocks away.", c.Addr, found.ID, other))
		return c
	}
	d := compare(k, m.Key, r.Config, found)
	c.Because = unignored(d.reasons, r)
	m.dark(c.Addr, found.ID, d.dark)
	if i := slices.IndexFunc(c.Because, func(r Reason) bool { return r.Fixed }); i >= 0 {
		path := c.Because[i].Path
		m.diags = append(m.diags, diag.Error("cannot-adopt", m.Program.Locate(c.Addr, path), "Exists already, and differs",
			"%s exists at Kira as %s, and there its %s is another one, which cannot change. Write what it is there, or ask for another object.",
			c.Addr, found.ID, schema.PathString(path)))
	}
	m.person(&c, k)
	m.follow(&c)
	return c
}

// dark warns of attributes that an imported object may have otherwise than they
// are written, and that neither Kira nor the state can tell.
func (m *maker) dark(a addr.Resource, id string, n int) {
	if n == 0 {
		return
	}
	m.diags = append(m.diags, diag.Warning("cannot-compare", m.Program.Locate(a, nil), "Not all of it can be compared",
		"Kira does not show %s of %s that cannot change, so that nobody can tell whether %s has there what %s says. "+
			"Compare it with the request to Kira. This is not said again once it is applied.", words.Count(n, "attribute"), id, id, a))
}

// holder returns the address that the state has an object at.
func (m *maker) holder(kind, id string) (addr.Resource, bool) {
	if m.holders == nil {
		m.holders = make(map[addr.Object]addr.Resource, len(m.Prior.Resources))
		for a, o := range m.Prior.Resources {
			m.holders[a.Object(o.ID)] = a
		}
	}
	a, ok := m.holders[addr.Object{Kind: kind, ID: id}]
	return a, ok
}

// claim returns the other address that an object belongs to, by the state or by
// the plan so far; if there is none, the object is a's from now on.
func (m *maker) claim(a addr.Resource, id string) (addr.Resource, bool) {
	other, taken := m.holder(a.Kind, id)
	if !taken {
		m.holders[a.Object(id)] = a
	}
	return other, taken
}
