package engine

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"golang.org/x/sync/errgroup"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/internal/live"
	"kiraform/internal/provider"
	"kiraform/plan"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// make makes the plan, and makes it again as long as something that it would
// create turns out to live already: the objects that are found make more of the
// others known.
func (p *Project) make(ctx context.Context, s *Session, in plan.Input, o PlanOptions) (*plan.Plan, hcl.Diagnostics, error) {
	in.Found, in.Data = make(map[addr.Resource]state.Object), make(map[addr.Resource]cty.Value)
	f := &finder{s: s, in: &in, workers: cmp.Or(o.Workers, 10), seen: make(map[addr.Resource]bool), owned: make(map[addr.Resource]bool), lists: make(map[string]map[string][]kinds.Object)}
	if o.Destroy {
		return s.planOnce(ctx, in)
	}
	if err := f.imports(ctx); err != nil {
		return nil, nil, err
	}
	for {
		s.plans++
		made, diags, err := s.planOnce(ctx, in)
		if err != nil {
			return nil, nil, err
		}
		further, err := f.lookFurther(ctx, made, diags)
		if err != nil {
			return nil, nil, err
		}
		if further {
			continue
		}
		s.State = made.Prior
		f.homeless(made)
		if err := f.owners(ctx, made); err != nil {
			return nil, nil, err
		}
		more, err := f.data(ctx, made)
		if err != nil {
			return nil, nil, err
		}
		var found map[addr.Resource]state.Object
		if !o.NoRefresh {
			looked, err := f.lookCloser(ctx, made, diags)
			if err != nil {
				return nil, nil, err
			}
			more = more || looked
			if found, err = f.find(ctx, made); err != nil {
				return nil, nil, err
			}
		}
		if len(found) == 0 && !more {
			f.displaced(made)
			return made, slices.Concat(diags, f.unsaid(diags), s.warnMinimal()), nil
		}
		maps.Copy(in.Found, found)
	}
}

// makeUntil makes a plan, unless ctx ends before: an evaluation may take long.
func makeUntil(ctx context.Context, in plan.Input) (*plan.Plan, hcl.Diagnostics, error) {
	in.Stopped = func() bool { return ctx.Err() != nil }
	made, diags := plan.Make(in)
	made.Known.Until(nil)
	if ctx.Err() != nil {
		return nil, nil, errGivenUp
	}
	return made, diags, nil
}

// finder looks for objects that live already, once for each resource.
type finder struct {
	s       *Session
	in      *plan.Input
	workers int
	seen    map[addr.Resource]bool
	owned   map[addr.Resource]bool               // imported, with an owner that was compared with the written one
	lists   map[string]map[string][]kinds.Object // by kind and the key that twins have in common
	settled bool                                 // import blocks were compared with a plan

	mu    sync.Mutex // over the fields below
	found map[addr.Resource]state.Object
	diags hcl.Diagnostics
}

// find looks for those that the plan would create. One that an earlier run was
// about to create is left to apply, which knows the request for it.
func (f *finder) find(ctx context.Context, made *plan.Plan) (map[addr.Resource]state.Object, error) {
	f.found = make(map[addr.Resource]state.Object)
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(f.workers)
	for i := range made.Changes {
		c := &made.Changes[i]
		k, ok := kinds.ByName(c.Addr.Kind)
		if !ok || !creates(c) || f.seen[c.Addr] {
			continue
		}
		want, _ := c.Config.UnmarkDeep()
		switch {
		case f.underWay(c.Addr):
			if k.Twin == nil || !want.IsKnown() {
				continue
			}
			f.seen[c.Addr] = true
			if err := f.beside(ctx, k, c, want); err != nil {
				return nil, err
			}
		case k.Twin != nil && want.IsKnown():
			f.seen[c.Addr] = true
			id, err := f.alike(ctx, k, made, c, want)
			if err != nil {
				return nil, err
			}
			if id != "" {
				g.Go(func() error { return f.read(gctx, k, c.Addr, id) })
			}
		case k.Conflict != nil && k.Find != nil && want.IsWhollyKnown():
			f.seen[c.Addr] = true
			g.Go(func() error { return f.conflict(gctx, k, c.Addr, want) })
		}
	}
	err := g.Wait()
	return f.found, err
}

// underWay reports whether an object for a may have been asked for already: by
// a request of its address, or of one of its kind at which there is nothing.
func (f *finder) underWay(a addr.Resource) bool {
	return slices.ContainsFunc(f.s.State.Open(), func(in state.Intent) bool {
		_, lives := f.s.State.Resources[in.Addr]
		return in.Creates() && in.Unanswered() && in.Addr.Kind == a.Kind && (in.Addr == a || !lives)
	})
}

// creates reports whether a change makes an object, now or later.
func creates(c *plan.Change) bool {
	return c.Action == plan.Create || c.Action == plan.Defer && c.Prior.ID == "" && !c.Addr.Open()
}

func (f *finder) call() kinds.Call {
	return f.s.conn.call("")
}

// conflict looks for the object because of which Kira would refuse to create
// another.
func (f *finder) conflict(ctx context.Context, k *kinds.Kind, a addr.Resource, want cty.Value) error {
	call := f.call()
	call.Want = want
	o, ok, err := k.Find(ctx, call)
	if err != nil {
		return f.unread(a, fmt.Errorf("look whether it exists already: %w", err))
	}
	if !ok {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if k.Forbids.Has(want) {
		f.diags = append(f.diags, diag.At(diag.Error("exists-already", f.in.Program.Locate(a, cty.GetAttrPath(k.Forbids.Attr)), "Exists already",
			"The object that %s asks for exists at Kira as %s, and %s forbids taking it over. Take that out to adopt it.", a, o.ID, k.Forbids), a.InstanceName()))
		return nil
	}
	if provider.Uncertain(k, f.s.key, want, o.Seen) {
		f.diags = append(f.diags, diag.At(diag.Error("exists-already", f.in.Program.Locate(a, nil), "Something like it exists already",
			"Kira has %s, which may be the one that %s asks for, and allows no second one. Whether it pays to the same account cannot be seen, "+
				"so it is not taken over. If it is the same, run: kiraform import %s %[1]s", o.ID, a, a.Shell()), a.InstanceName()))
		return nil
	}
	f.take(k, a, o)
	return nil
}

// take plans to take over an object that is there, unless it is another
// state's.
func (f *finder) take(k *kinds.Kind, a addr.Resource, o kinds.Object) {
	if of := otherMark(k.Schema, o.Seen, f.s.State.Lineage); of != "" && !f.s.options.Force {
		f.diags = append(f.diags, otherLineage(a, o.ID, f.in.Program.Locate(a, nil), of))
		return
	}
	f.found[a] = f.object(k, o)
}

// read looks at an object that is to be adopted: a list does not show all.
func (f *finder) read(ctx context.Context, k *kinds.Kind, a addr.Resource, id string) error {
	call := f.call()
	call.ID = id
	o, err := k.Read(ctx, call)
	if err != nil {
		return f.unread(a, fmt.Errorf("look at %s, to adopt it: %w", id, err))
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.take(k, a, o)
	return nil
}

// unread puts a off because of an error that may be about it alone. It returns
// any other.
func (f *finder) unread(a addr.Resource, err error) error {
	if !live.OfOne(err) {
		return fmt.Errorf("%s: %w", a, err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.s.undecided == nil {
		f.s.undecided = make(map[addr.Resource]error)
	}
	f.s.undecided[a] = err
	return nil
}

func (f *finder) object(k *kinds.Kind, o kinds.Object) state.Object {
	return state.Object{ID: o.ID, Salt: state.Salt(o.ID), Seen: f.s.key.Seal(k.Schema, state.Salt(o.ID), o.Seen), Adopted: true}
}
