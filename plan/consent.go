package plan

import (
	"slices"

	"kiraform/schema"
	"kiraform/state"
)

// Consent is the consent as the state keeps it until the replacement is done.
func (c *Change) Consent() state.Consent {
	consent := state.Consent{ID: c.Prior.ID, After: c.triggers}
	for _, r := range c.Because {
		if r.Fixed {
			consent.Paths = append(consent.Paths, schema.PathString(r.Path))
		}
	}
	slices.Sort(consent.Paths)
	return consent
}

// allowed reports whether an earlier run was asked to replace c, and still has
// to. A consent that was given for attributes is none for others, and ends when
// all of them are as they were. One that was given for the change of something else
// is none before that is made.
func (m *maker) allowed(c *Change) bool {
	given, ok := m.Prior.Consented(c.Addr)
	if !ok || len(given.After) > 0 {
		return false
	}
	if len(given.Paths) == 0 {
		return true
	}
	now := c.Consent().Paths
	return len(now) > 0 && !slices.ContainsFunc(now, func(path string) bool { return !slices.Contains(given.Paths, path) })
}
