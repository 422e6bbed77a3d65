package engine

import (
	"context"
	"fmt"
	"slices"

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

// Trust returns the assumptions about the object at a. Nothing is changed.
func (p *Project) Trust(ctx context.Context, a addr.Resource) (*Trusting, error) {
	st, key, err := p.load(ctx)
	if err != nil {
		return nil, err
	}
	o, lives := st.Resources[a]
	if !lives {
		return nil, fmt.Errorf("the state has no %s", a)
	}
	made, diags := plan.Make(plan.Input{Program: p.program, Prior: st, Kinds: p.schemas, Key: key, Stay: true})
	i := slices.IndexFunc(made.Changes, func(c plan.Change) bool { return c.Former() == a })
	if i < 0 || configOf(&made.Changes[i]) == cty.NilVal {
		if diags.HasErrors() {
			return nil, p.report(diags)
		}
		return nil, fmt.Errorf("the configuration has no %s, so there is nothing written to compare with", a)
	}
	c := &made.Changes[i]
	t := &Trusting{Addr: a, ID: o.ID, state: st, key: key, kind: p.schemas[a.Kind], now: c.Config}
	unproven := plan.Unproven(t.kind, key, o, c.Config)
	for _, h := range plan.HiddenIn(t.kind, key, o.Salt, c.Config) {
		if !slices.Contains(unproven, h.Name) {
			continue
		}
		for _, why := range c.Because {
			if why.Cause != plan.Unreadable && h.Path.HasPrefix(why.Path) {
				return nil, fmt.Errorf("%s of %s is not written as it was assumed to be. Apply the change, or write the old value again",
					plan.PathString(h.Path), a)
			}
		}
		t.Attrs = append(t.Attrs, h)
	}
	return t, nil
}

// Confirm notes that Kira has the written values of the object, as by says.
func (p *Project) Confirm(ctx context.Context, t *Trusting, by string) error {
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
	o.Unproven, o.Trusted = nil, &state.Trust{By: by, At: p.now()}
	t.state.Resources[t.Addr] = o
	return p.save(ctx, t.state)
}

// unproven counts the objects of which something was never compared, and is not
// sent by the changes of a plan either.
func (s *Session) unproven(changes []plan.Change) (n int) {
	for i := range changes {
		c := &changes[i]
		if c.Action != plan.NoOp && c.Action != plan.Update {
			continue
		}
		before := plan.Unproven(c.Kind(s.project.schemas), s.key, c.Prior, c.Config)
		var sent []cty.Path
		for _, why := range c.Because {
			sent = append(sent, why.Path)
		}
		if len(plan.StillUnproven(c.Kind(s.project.schemas), s.key, c.Prior.Salt, c.Config, before, false, sent)) > 0 {
			n++
		}
	}
	return n
}
