package engine

import (
	"context"
	"errors"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/internal/event"
	"kiraform/plan"
	"kiraform/schema"
)

// Drift says in what Kira is not as it was applied, and in what the
// configuration is not. What Kira itself sets, such as a status, is no drift.
type Drift struct {
	Resources []ResourceDrift `json:"resources"` // those that there is something to say of, sorted by address
	Compared  int             `json:"compared"`  // resources that were looked at
	Unseen    int             `json:"unseen"`    // attributes that are written, but that Kira never shows
	Requests  int64           `json:"requests"`  // that were sent to Kira
}

// ResourceDrift is what there is to say of one resource.
type ResourceDrift struct {
	Addr  addr.Resource `json:"address"`
	ID    string        `json:"id"`
	Gone  bool          `json:"gone"` // Kira has it no more
	Attrs []AttrDrift   `json:"attributes"`
}

// AttrDrift is one attribute that differs, and who made it differ.
type AttrDrift struct {
	Path    string     `json:"path"`
	Cause   plan.Cause `json:"cause"`   // "drifted" or "both" is drift, "configured" and "unreadable" are not
	Written event.Leaf `json:"written"` // in the configuration
	Live    event.Leaf `json:"live"`    // at Kira; null where Kira does not show it
}

// Drifted reports whether anything changed, or is gone, at Kira.
func (d *Drift) Drifted() bool {
	return slices.ContainsFunc(d.Resources, func(r ResourceDrift) bool { return r.Drifted() })
}

// Drifted reports whether r changed, or is gone, at Kira.
func (r *ResourceDrift) Drifted() bool {
	return r.Gone || slices.ContainsFunc(r.Attrs, func(a AttrDrift) bool { return a.Cause == plan.Drifted || a.Cause == plan.Both })
}

// Drift compares what is live with what was applied and with what is written.
// Nothing is changed, neither at Kira nor in the state.
func (p *Project) Drift(ctx context.Context, o PlanOptions) (d *Drift, err error) {
	pl, gone, err := p.live(ctx, o)
	defer func() { err = errors.Join(err, pl.Close()) }()
	if err != nil {
		return nil, err
	}
	made, diags := plan.Make(plan.Input{Program: p.program, Prior: pl.State, Kinds: p.schemas, Key: pl.key, Gone: gone})
	if err := p.report(unplanned(diags)); err != nil {
		return nil, err
	}
	d = &Drift{Requests: pl.Requests(), Resources: []ResourceDrift{}}
	for a := range pl.was.Resources {
		if k, ok := p.schemas[a.Kind]; ok && k.Verbs.Has(schema.CanRead) {
			d.Compared++
		}
	}
	for i := range made.Changes {
		c := &made.Changes[i]
		r := ResourceDrift{Addr: c.Addr, ID: c.Prior.ID, Attrs: []AttrDrift{}}
		if id, is := gone[c.Addr]; is {
			r.ID, r.Gone = id, true
			delete(gone, c.Addr)
		}
		if k, ok := p.schemas[c.Addr.Kind]; ok && c.Prior.ID != "" {
			d.Unseen += unseen(k, c.Config)
			r.Attrs = append(r.Attrs, differing(k, c)...)
		}
		if r.Gone || len(r.Attrs) > 0 {
			d.Resources = append(d.Resources, r)
		}
	}
	d.add(gone)
	return d, nil
}

// add enters what is gone and not in the configuration either.
func (d *Drift) add(gone map[addr.Resource]string) {
	for a, id := range gone {
		d.Resources = append(d.Resources, ResourceDrift{Addr: a, ID: id, Gone: true, Attrs: []AttrDrift{}})
	}
	slices.SortFunc(d.Resources, func(a, b ResourceDrift) int { return a.Addr.Compare(b.Addr) })
}

// unplanned leaves out what only matters to somebody who wants to apply.
func unplanned(diags hcl.Diagnostics) hcl.Diagnostics {
	return slices.DeleteFunc(diags, func(d *hcl.Diagnostic) bool {
		return slices.Contains([]diag.Code{"replace-needs-consent", "gate-closed", "prevent-destroy", "kept-at-kira", "key-changed", "not-ready", "cannot-go-back",
			"another-person", "same-email", "half-a-move"}, diag.CodeOf(d))
	})
}

// unseen counts the attributes that are written and that Kira never shows.
func unseen(k *schema.Kind, config cty.Value) (n int) {
	variant := k.VariantOf(config)
	for i := range k.Attrs {
		if a := &k.Attrs[i]; !a.Computed && a.ClassIn(variant) == schema.Unreadable && !null(schema.Member(config, a.Name)) {
			n++
		}
	}
	return n
}

// differing says of each attribute that differs what it is here and there.
func differing(k *schema.Kind, c *plan.Change) (out []AttrDrift) {
	for _, why := range c.Because {
		if why.Cause == plan.Depends {
			continue
		}
		a, written, live := place(k, why.Path, c.Config, c.Prior.Seen)
		out = append(out, AttrDrift{
			Path: plan.PathString(why.Path), Cause: why.Cause, Written: leaf(a, written), Live: leaf(a, orNull(live)),
		})
	}
	return out
}

// place follows a path into what is written and, entry by entry where lists are
// merged, into what is seen.
func place(k *schema.Kind, path cty.Path, written, seen cty.Value) (*schema.Attr, cty.Value, cty.Value) {
	at := &schema.Attr{Nested: k.Attrs}
	for _, step := range path {
		switch step := step.(type) {
		case cty.GetAttrStep:
			at = sub(at, step.Name)
			written, seen = schema.Member(written, step.Name), schema.Member(seen, step.Name)
		case cty.IndexStep:
			if step.Key.Type() == cty.String {
				at = sub(at, step.Key.AsString())
				written, seen = schema.Member(written, at.Name), schema.Member(seen, at.Name)
				continue
			}
			written, _ = written.Unmark()
			written = written.Index(step.Key)
			seen, at = entry(at, orNull(seen), written), element(at)
		}
	}
	return at, written, seen
}
