package plan

import (
	"kiraform/internal/addr"
	"kiraform/schema"
)

// Final is the action that c comes to once nothing holds it up any more: a
// change that a gate defers is made by a later run.
func (c *Change) Final() Action {
	if c.Action != Defer {
		return c.Action
	}
	if c.Prior.ID == "" {
		return Create
	}
	if id, _ := schema.Member(c.After.Value(), "id").Unmark(); !id.IsKnown() {
		return Replace // a new object has no id yet
	}
	return Update
}

// From returns the resources whose ids the value of an attribute is made of, as
// far as it is not known yet, sorted.
func (c *Change) From(attr string) []addr.Resource { return c.from[attr] }
