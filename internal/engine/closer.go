package engine

import (
	"context"

	"github.com/hashicorp/hcl/v2"
	"golang.org/x/sync/errgroup"

	"kiraform/internal/addr"
	"kiraform/internal/live"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/schema/kinds"
)

// lookCloser looks at the objects of which a row of a list was seen only, where
// the plan or an output needs an attribute that rows lack. It reports whether the
// plan has to be made again.
func (f *finder) lookCloser(ctx context.Context, made *plan.Plan, diags hcl.Diagnostics) (bool, error) {
	wanted := f.rowsNeeded(made, diags)
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(f.workers)
	for _, a := range wanted {
		g.Go(func() error { return f.closer(gctx, a) })
	}
	return len(wanted) > 0, f.s.project.hide(g.Wait())
}

// closer looks at the object that the state has at a.
func (f *finder) closer(ctx context.Context, a addr.Resource) error {
	f.mu.Lock()
	o := f.in.Prior.Resources[a]
	f.mu.Unlock()
	k, _ := kinds.ByName(a.Kind)
	seen, err := live.Read(ctx, k, f.s.conn.call(o.ID), o.Seen.Shown())
	if err != nil && !live.OfOne(err) {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if o.Unlooked = nil; err != nil {
		f.s.unread[a] = err
	} else {
		o.Seen = f.s.key.Seal(k.Schema, o.Salt, seen.Seen, o.Sent, o.Seen)
	}
	f.in.Prior.Resources[a] = o
	return nil
}

// rowsNeeded returns the addresses in the prior state of the objects to be looked
// at closer: those that change, those that a gate of a new object judges, and
// those that values rest on which are not known. While the plan has errors, that
// is not known, and all count.
func (f *finder) rowsNeeded(made *plan.Plan, diags hcl.Diagnostics) (all []addr.Resource) {
	rows := make(map[addr.Object]addr.Resource)
	for a, o := range f.in.Prior.Resources {
		if len(o.Unlooked) > 0 {
			rows[a.Object(o.ID)] = a
			if diags.HasErrors() {
				all = append(all, a)
			}
		}
	}
	if len(rows) == 0 || diags.HasErrors() {
		return all
	}
	want := func(o addr.Object) {
		if a, ok := rows[o]; ok {
			all = append(all, a)
			delete(rows, o)
		}
	}
	rest := func(needs []addr.Resource) {
		for _, a := range needs {
			want(a.Object(made.Prior.Resources[a].ID))
		}
	}
	for i := range made.Changes {
		c := &made.Changes[i]
		if c.Action != plan.NoOp || c.Moved != (addr.Resource{}) {
			want(c.Addr.Object(c.Prior.ID))
		}
		if c.Addr.Open() || !c.Config.IsWhollyKnown() {
			rest(c.Needs)
		}
		if k, ok := kinds.ByName(c.Addr.Kind); ok && (creates(c) || c.Action == plan.Replace || c.Action == plan.Defer) {
			for _, g := range k.Schema.Gates {
				want(addr.Object{Kind: g.Kind, ID: schema.Text(schema.Member(c.Config, g.Attr))})
			}
		}
	}
	outputs, _ := f.in.Program.Outputs(made.Known)
	for _, o := range outputs {
		if !o.Value.IsWhollyKnown() {
			rest(o.Needs)
		}
	}
	for _, o := range f.s.project.openChecks(made) {
		rest(o.Needs)
	}
	return all
}
