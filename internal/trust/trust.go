// Package trust is about attributes of which Kira is taken to have the written value,
// though nobody has compared them: since the state has another key and its old
// fingerprints say nothing any more, or since a person says so.
//
// It decides by the state, a plan and the keys, and saves nothing.
package trust

import (
	"fmt"
	"slices"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// Trusting is an object of which a person may say that Kira has the written
// values.
type Trusting struct {
	Addr  addr.Resource
	ID    string
	Attrs []plan.Hidden // the attributes that nobody has compared

	state *state.State
	key   state.Key
	kind  *schema.Kind
	now   cty.Value // the written object
}

// Of returns the assumptions about the object of a change, which the state has.
func Of(st *state.State, key state.Key, k *schema.Kind, c *plan.Change) (*Trusting, error) {
	a := c.Former()
	o := st.Resources[a]
	t := &Trusting{Addr: a, ID: o.ID, state: st, key: key, kind: k, now: c.Config}
	unproven := plan.Unproven(k, key, o, c.Config)
	for _, h := range plan.HiddenIn(k, key, o.Salt, c.Config) {
		if !slices.Contains(unproven, h.Name) {
			continue
		}
		for _, why := range c.Because {
			if why.Cause != plan.Unreadable && h.Path.HasPrefix(why.Path) {
				return nil, fmt.Errorf("%s of %s is not written as it was assumed to be. Apply the change, or write the old value again",
					schema.PathString(h.Path), a)
			}
		}
		t.Attrs = append(t.Attrs, h)
	}
	return t, nil
}

// Confirmed returns the state with the note that Kira has the written values of the
// object, as by says.
func (t *Trusting) Confirmed(by string, at time.Time) *state.State {
	o := t.state.Resources[t.Addr]
	written := t.key.Seal(t.kind, o.Salt, t.now, o.Sent, o.Seen)
	if o.Sent.IsZero() {
		o.Sent, o.Imported = written, true
		for i := range t.kind.Attrs {
			o.Sent = o.Sent.With(cty.GetAttrPath(t.kind.Attrs[i].Name), state.Sealed{})
		}
	}
	for _, h := range t.Attrs {
		o.Sent = o.Sent.With(h.Path[:1], written.At(h.Path[:1]))
	}
	o.Unproven, o.Trusted = nil, &state.Trust{By: by, At: at}
	t.state.Resources[t.Addr] = o
	return t.state
}

// Unproven counts the objects of which something was never compared, and is not sent
// by the changes of a plan either.
func Unproven(kinds map[string]*schema.Kind, key state.Key, changes []plan.Change) (n int) {
	for i := range changes {
		c := &changes[i]
		if c.Action != plan.NoOp && c.Action != plan.Update {
			continue
		}
		before := plan.Unproven(c.Kind(kinds), key, c.Prior, c.Config)
		var sent []cty.Path
		for _, why := range c.Because {
			sent = append(sent, why.Path)
		}
		if len(plan.StillUnproven(c.Kind(kinds), key, c.Prior.Salt, c.Config, before, false, sent)) > 0 {
			n++
		}
	}
	return n
}
