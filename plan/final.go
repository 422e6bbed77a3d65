package plan

import (
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/eval"
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

// Written returns the resource of c as it was evaluated for the plan, and false if
// part of it was not known then: only that has to be evaluated again.
func (c *Change) Written() (eval.Resource, bool) {
	return c.written, c.written.Config != cty.NilVal && c.written.Config.IsWhollyKnown()
}

// From returns the resources whose ids the value of an attribute is made of, as
// far as it is not known yet, sorted.
func (c *Change) From(attr string) []addr.Resource { return c.from[attr] }
