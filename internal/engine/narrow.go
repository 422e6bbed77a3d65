package engine

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/internal/ui/words"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// narrow reports whether the run looks only at the objects that its changes rest on:
// with -target, with -minimal-refresh, and where a saved plan is made again. Each
// object is looked at where its absence, or a condition, may decide anything.
func (s *Session) narrow(o PlanOptions) bool {
	return o.changes && o.rows && !o.NoRefresh && !o.Full && !o.Destroy && (len(o.Targets) > 0 || o.Minimal || o.saved != nil) &&
		!s.State.Place.IsZero() && o.GoneOK.N == 0 && len(o.GoneOK.Addrs) == 0
}

// lookFurther looks at the objects that the changes of a plan rest on, as far as the
// run has not. It reports whether something is otherwise than the plan has it, which
// has to be made again then. If a plan has errors, or something is gone, everything is
// looked at.
func (f *finder) lookFurther(ctx context.Context, made *plan.Plan, diags hcl.Diagnostics) (bool, error) {
	s := f.s
	if s.looked == nil {
		return false, nil
	}
	var only map[addr.Resource]bool
	if whole := diags.HasErrors() || len(s.gone) > 0; !whole {
		var err error
		if only, err = f.twins(ctx, made); err != nil {
			return false, err
		}
		if maps.Copy(only, f.restsOn(made)); len(only) == 0 {
			return false, nil
		}
		before := f.in.Prior
		maps.Copy(s.looked, only)
		if err := f.lookAt(ctx, only); err != nil || len(s.gone) == 0 {
			return s.moved(before, only), err
		}
	}
	only = f.unlooked()
	s.looked = nil
	if err := f.lookAt(ctx, only); err != nil {
		return false, err
	}
	if err := s.project.report(s.everythingGone("apply", s.options.GoneOK)); err != nil {
		return false, err
	}
	s.unprove()
	f.in.Prior = s.State
	return true, nil
}

// lookAt looks at objects of the state that the plan was made for, and has the next
// plan made for the state as it is seen then.
func (f *finder) lookAt(ctx context.Context, only map[addr.Resource]bool) error {
	s := f.s
	s.State = f.in.Prior
	if err := s.look(ctx, s.options, only); err != nil {
		return err
	}
	f.in.Prior, f.in.Gone, f.in.Said = s.State, s.gone, s.said()
	return nil
}

// moved reports whether an object is seen otherwise than a state has it, or not at all.
func (s *Session) moved(before *state.State, at map[addr.Resource]bool) bool {
	for a := range at {
		is, there := s.State.Resources[a]
		was := before.Resources[a]
		if !there || s.unread[a] != nil || !is.Seen.Same(was.Seen) || !slices.Equal(is.Unlooked, was.Unlooked) {
			return true
		}
	}
	return false
}

// unlooked returns the addresses of the state whose objects were not looked at.
func (f *finder) unlooked() map[addr.Resource]bool {
	all := make(map[addr.Resource]bool)
	for a := range f.in.Prior.Resources {
		all[a] = !f.s.looked[a]
	}
	return all
}

// restsOn returns the addresses of the objects that were not looked at and that the
// changes of a plan rest on: their own, those of all that they need, those that
// their gates judge, those that triggered actions rest on and, of what is let go, those
// that decide which instances its block has. With -target, a resource that stays as it is counts too, and of a saved
// plan each change and output that it has.
func (f *finder) restsOn(made *plan.Plan) map[addr.Resource]bool {
	o := f.s.options
	former, holder := make(map[addr.Resource]addr.Resource), f.holders()
	saved := o.saved.Addrs()
	var from []addr.Resource
	all, deciding := make(map[addr.Resource]bool), f.targeted()
	for i := range made.Changes {
		c := &made.Changes[i]
		former[c.Addr] = c.Former()
		if c.Action == plan.NoOp && c.Moved == (addr.Resource{}) && len(o.Targets) == 0 && !saved[c.Addr.String()] {
			continue
		}
		from = append(from, c.Addr)
		if c.Action == plan.Forget {
			deciding[c.Addr.Block()] = true
		}
		for _, g := range schemaOf(c).Gates {
			if a, ok := holder[addr.Object{Kind: g.Kind, ID: schema.Text(schema.Member(c.Config, g.Attr))}]; ok {
				all[a] = true
			}
		}
	}
	outputs, _ := f.in.Program.Outputs(made.Known)
	for name, out := range outputs {
		if o.saved.Shows(name) {
			from = append(from, out.Needs...)
		}
	}
	from = append(from, f.restOfDue(made, holder, all)...)
	for block := range deciding {
		from = append(from, f.s.project.program.Deciders(block, made.Known)...)
	}
	for a := range made.Graph().Reach(from...) {
		all[cmp.Or(former[a], a)] = true
	}
	maps.DeleteFunc(all, func(a addr.Resource, _ bool) bool {
		_, lives := f.in.Prior.Resources[a]
		return !lives || f.s.looked[a]
	})
	return all
}

// holders returns the address of each object of the state.
func (f *finder) holders() map[addr.Object]addr.Resource {
	all := make(map[addr.Object]addr.Resource, len(f.in.Prior.Resources))
	for a, have := range f.in.Prior.Resources {
		all[a.Object(have.ID)] = a
	}
	return all
}

// twins returns the addresses of the objects that were not looked at and that Kira
// lists under a natural key which the plan gives to another address: such an object
// may have moved there.
func (f *finder) twins(ctx context.Context, made *plan.Plan) (map[addr.Resource]bool, error) {
	all, holder := make(map[addr.Resource]bool), f.holders()
	for i := range made.Changes {
		c := &made.Changes[i]
		k, ok := kinds.ByName(c.Addr.Kind)
		if !ok || k.Twin == nil || !names(c, k.Schema.Identity.Key) {
			continue
		}
		want, _ := c.Config.UnmarkDeep()
		if !want.IsKnown() || k.Twin.Of(want) == "" {
			continue
		}
		rows, err := f.list(ctx, k)
		if err != nil {
			return nil, err
		}
		for _, o := range rows[k.Twin.Of(want)] {
			if a, ok := holder[c.Addr.Object(o.ID)]; ok && a != c.Former() && !f.s.looked[a] {
				all[a] = true
			}
		}
	}
	return all, nil
}

// names reports whether a change gives an object its natural key, or another one.
func names(c *plan.Change, key string) bool {
	return creates(c) || c.Action == plan.Replace || slices.ContainsFunc(c.Because, func(r plan.Reason) bool { return schema.Top(r.Path) == key })
}

// targeted returns the blocks that -target names.
func (f *finder) targeted() map[addr.Resource]bool {
	all := make(map[addr.Resource]bool)
	for _, block := range f.s.project.program.Blocks().Nodes() {
		if slices.ContainsFunc(f.s.options.Targets, func(t addr.Resource) bool { return t.Block().Covers(block) }) {
			all[block] = true
		}
	}
	return all
}

// schemaOf is the schema of a change's subject; an empty one if nothing is known of
// its kind.
func schemaOf(c *plan.Change) *schema.Kind {
	if k, ok := kinds.ByName(c.Addr.Kind); ok && !c.Addr.Data {
		return k.Schema
	}
	return new(schema.Kind)
}

// warnMinimal says how much was not looked at.
func (s *Session) warnMinimal() hcl.Diagnostics {
	if s.looked == nil || !s.options.Minimal {
		return nil
	}
	n := len(readable(s.was))
	for _, a := range readable(s.was) {
		if s.looked[a] {
			n--
		}
	}
	if n == 0 {
		return nil
	}
	return hcl.Diagnostics{diag.Warning("minimal-refresh", nil, "Not everything was looked at",
		"Only the objects that the changes rest on were looked at, and there are %s that were not: the plan has these as the state knows them. "+
			"To look at everything, run without -minimal-refresh.", words.Count(n, "other object"))}
}
