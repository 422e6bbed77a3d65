package engine

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/internal/event"
	"kiraform/internal/tell"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// Drift has the attributes in which Kira differs from the last apply, and those
// in which the configuration does. Attributes that Kira itself sets, such as a
// status, are no drift.
type Drift struct {
	Resources []ResourceDrift // those that there is something to say of, sorted by address
	Compared  int             // resources that were looked at
	Ended     []Ended         // objects that cannot be used any more, sorted by address
	Unread    []string        // addresses of resources that could not be looked at
	Unseen    int             // attributes that are written, but that Kira never shows
	Requests  int64           // that were sent to Kira
}

// ResourceDrift is the drift of one resource.
type ResourceDrift struct {
	Addr      addr.Resource
	ID        string
	Gone      bool // Kira has it no more
	Unwritten bool // it is in the state, but not in the configuration any more
	Attrs     []AttrDrift
}

// Ended is an object in an end state. That is no drift: Kira itself sets it.
type Ended struct {
	Addr addr.Resource
	ID   string
	Is   string // in Kira's words, such as "REJECTED"
	Then string
}

// AttrDrift is one attribute that differs, and who made it differ.
type AttrDrift struct {
	Path    string
	Cause   plan.Cause // "drifted" or "both" is drift, "configured" and "unreadable" are not
	Written event.Leaf // in the configuration; of an unwritten resource, the applied value
	Live    event.Leaf // at Kira; null where Kira does not show it
}

// Drifted reports whether anything changed, or is gone, at Kira.
func (d *Drift) Drifted() bool {
	return slices.ContainsFunc(d.Resources, func(r ResourceDrift) bool { return r.Drifted() })
}

// Drifted reports whether r changed, or is gone, at Kira.
func (r *ResourceDrift) Drifted() bool {
	return r.Gone || slices.ContainsFunc(r.Attrs, func(a AttrDrift) bool { return a.Cause == plan.Drifted || a.Cause == plan.Both })
}

// Drift compares the live objects with the last apply and with the
// configuration. Nothing is changed, neither at Kira nor in the state.
func (p *Project) Drift(ctx context.Context, o PlanOptions) (d *Drift, err error) {
	s, err := p.live(ctx, o)
	defer func() { err = errors.Join(err, s.Close()) }()
	if err != nil {
		return nil, err
	}
	made, diags := plan.Make(plan.Input{Program: p.program, Prior: s.State, Kinds: p.schemas, Key: s.key, Said: s.said(), Stay: true, Gone: s.gone})
	if err := p.report(unplanned(diags)); err != nil {
		return nil, err
	}
	s.warnUnread()
	d = &Drift{Requests: s.Requests(), Resources: []ResourceDrift{}, Unread: s.Unread()}
	for a := range s.was.Resources {
		if k, ok := p.schemas[a.Kind]; ok && k.Verbs.Has(schema.CanRead) && s.unread[a] == nil {
			d.Compared++
		}
	}
	for i := range made.Changes {
		c := &made.Changes[i]
		if s.unread[c.Former()] != nil {
			continue
		}
		if r := s.drift(c, d); r.Gone || len(r.Attrs) > 0 {
			d.Resources = append(d.Resources, r)
		}
	}
	for _, e := range made.Ended {
		d.Ended = append(d.Ended, Ended{e.Addr, e.ID, e.Is, e.Then})
	}
	d.add(s.gone)
	return d, nil
}

// add enters the objects that are gone and whose address another object has now.
func (d *Drift) add(gone map[addr.Resource]state.Object) {
	said := make(map[string]bool)
	for _, r := range d.Resources {
		said[r.ID] = r.Gone
	}
	for a, o := range gone {
		if !said[o.ID] {
			d.Resources = append(d.Resources, ResourceDrift{Addr: a, ID: o.ID, Gone: true, Unwritten: true, Attrs: []AttrDrift{}})
		}
	}
	slices.SortFunc(d.Resources, func(a, b ResourceDrift) int {
		return cmp.Or(a.Addr.Compare(b.Addr), cmp.Compare(a.ID, b.ID))
	})
}

// drift returns the attributes in which the resource of c differs from the last
// apply and from the configuration. It adds to d the ones that cannot be
// judged.
func (s *Session) drift(c *plan.Change, d *Drift) ResourceDrift {
	r := ResourceDrift{Addr: c.Addr, ID: c.Prior.ID, Attrs: []AttrDrift{}, Unwritten: c.Action == plan.Forget || c.Action == plan.Gone}
	if o, is := s.gone[c.Former()]; is {
		r.ID, r.Gone = o.ID, true
		return r
	}
	k, ok := s.project.schemas[c.Addr.Kind]
	if !ok || c.Prior.ID == "" {
		return r
	}
	if r.Unwritten {
		c.Config, c.Because = c.Prior.Sent.Shown(), plan.Drifts(k, s.key, c.Prior)
	}
	d.Unseen += unseen(k, c.Config)
	r.Attrs = append(r.Attrs, s.differing(k, c)...)
	return r
}

// unplanned leaves out diagnostics that only matter to somebody who wants to
// apply.
func unplanned(diags hcl.Diagnostics) hcl.Diagnostics {
	return slices.DeleteFunc(diags, func(d *hcl.Diagnostic) bool {
		return slices.Contains([]diag.Code{"replace-needs-consent", "cannot-replace", "end-state", "postcondition-failed", "prevent-destroy", "protection-gone", "kept-at-kira", "key-changed", "not-ready", "not-ready-unknown", "lacks-now", "cannot-go-back",
			"another-person", "same-email", "half-a-move"}, diag.CodeOf(d))
	})
}

// unseen counts the attributes that are written and that Kira never shows.
func unseen(k *schema.Kind, config cty.Value) (n int) {
	variant := k.VariantOf(config)
	for i := range k.Attrs {
		if a := &k.Attrs[i]; a.ClassIn(variant) == schema.Unreadable && !schema.IsNull(schema.Member(config, a.Name)) {
			n++
		}
	}
	return n
}

// differing returns both values of each attribute that differs.
func (s *Session) differing(k *schema.Kind, c *plan.Change) (out []AttrDrift) {
	for _, why := range c.Because {
		if why.Cause == plan.Depends {
			continue
		}
		written, live := tell.Sides(c, k, s.key, why.Path)
		out = append(out, AttrDrift{Path: schema.PathString(why.Path), Cause: why.Cause, Written: written, Live: live})
	}
	return out
}
