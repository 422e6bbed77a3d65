package plan

import (
	"slices"

	"kiraform/state"
)

// Consent is what the state keeps until the replacement is done.
func (c *Change) Consent() state.Consent {
	consent := state.Consent{ID: c.Prior.ID}
	for _, r := range c.Because {
		if r.Fixed {
			consent.Paths = append(consent.Paths, PathString(r.Path))
		}
	}
	slices.Sort(consent.Paths)
	return consent
}

// allowed reports whether an earlier run was asked to replace c, and still has
// to. A consent that was given for attributes is none for others, and ends when
// all of them are as they were.
func (m *maker) allowed(c *Change) bool {
	given, ok := m.Prior.Consented(c.Addr)
	if !ok || len(given.Paths) == 0 {
		return ok
	}
	now := c.Consent().Paths
	return len(now) > 0 && !slices.ContainsFunc(now, func(path string) bool { return !slices.Contains(given.Paths, path) })
}
