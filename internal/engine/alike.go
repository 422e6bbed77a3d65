package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/internal/provider"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// alike returns the id of the object that c may take over, or "". It is one
// that is marked as c's, or the only one that is alike if the block asks for
// that; of others it only warns.
func (f *finder) alike(ctx context.Context, k *kinds.Kind, made *plan.Plan, c *plan.Change, want cty.Value) (string, error) {
	twin := k.Twin.Of(want)
	if twin == "" {
		return "", nil
	}
	rows, err := f.list(ctx, k)
	if err != nil {
		return "", err
	}
	var mine, free, all []string
	for _, o := range rows[twin] {
		all = append(all, o.ID)
		if was, ok := f.renamed(made, k, o.ID); ok {
			f.say(sameSecret(f.in.Program.Locate(c.Addr, cty.GetAttrPath(k.Schema.Identity.Key)), k.Schema.Identity.Key, c.Addr, was))
			return "", nil
		}
		if !f.managed(c.Addr.Kind, o.ID) {
			free = append(free, o.ID)
			if k.Schema.MarkOf(o.Seen, schema.MarkAddress) == c.Addr.String() {
				mine = append(mine, o.ID)
			}
		}
	}
	asked := !schema.Member(want, k.Twin.Adopt.Attr).IsNull()
	switch {
	case f.s.project.program.Provider().OwnershipMarks && len(mine) == 1:
		return mine[0], nil
	case asked && len(all) == 1:
		return all[0], nil
	case asked && len(all) > 1:
		f.say(diag.At(diag.Error("ambiguous-adoption", f.in.Program.Locate(c.Addr, cty.GetAttrPath(k.Twin.Adopt.Attr)), "More than one to adopt",
			"Kira has %d %ss %s: %s. Import the one that is meant with \"kiraform import %s ID\".",
			len(all), k.Twin.Noun, k.Twin.Alike, strings.Join(all, ", "), c.Addr), c.Addr.InstanceName()))
	case len(free) > 0:
		f.warn(k, c, free, len(all) == 1)
	}
	return "", nil
}

// beside warns of the objects that are like the one that c asks for and that none
// of the open requests may have made: one more is made beside them.
func (f *finder) beside(ctx context.Context, k *kinds.Kind, c *plan.Change, want cty.Value) error {
	twin := k.Twin.Of(want)
	open := slices.DeleteFunc(f.s.State.Open(), func(in state.Intent) bool { return !in.Creates() || !in.Unanswered() || in.Addr.Kind != c.Addr.Kind })
	again := slices.ContainsFunc(open, func(in state.Intent) bool { // with its key
		return want.IsWhollyKnown() && in.Digest == f.s.key.Digest(plan.Body(k.Schema, want))
	})
	if twin == "" || again {
		return nil
	}
	rows, err := f.list(ctx, k)
	if err != nil {
		return err
	}
	var free []string
	for _, o := range rows[twin] {
		ours := slices.ContainsFunc(open, func(in state.Intent) bool {
			agrees, _ := provider.Shows(k, f.s.key, in, o.Seen)
			return agrees && !provider.TooEarly(k, o, in)
		})
		if !ours && !f.managed(c.Addr.Kind, o.ID) {
			free = append(free, o.ID)
		}
	}
	if len(free) > 0 {
		f.warn(k, c, free, false)
	}
	return nil
}

// warn says that there are objects like the one that c makes. The block may adopt
// one if it is the only one.
func (f *finder) warn(k *kinds.Kind, c *plan.Change, free []string, only bool) {
	way := "run \"kiraform import " + c.Addr.Shell() + " " + free[0] + "\""
	if _, gone := f.s.gone[c.Addr]; gone { // and the state has it still
		way = "run \"kiraform state rm " + c.Addr.Shell() + "\" and then \"kiraform import " + c.Addr.Shell() + " " + free[0] + "\""
	}
	if only {
		way = "write " + k.Twin.Adopt.String() + ", or " + way
	}
	f.say(diag.At(diag.Warning("same-email", f.in.Program.Locate(c.Addr, cty.GetAttrPath(k.Schema.Identity.Key)), "There is such a "+k.Twin.Noun+" already",
		"Kira has a %s %s already: %s. This plan makes another one. To take over the one that is there, %s.", k.Twin.Noun, k.Twin.Alike,
		strings.Join(free, ", "), way), c.Addr.InstanceName()))
}

// renamed returns the address of a managed object that is no longer written and of
// whose key, such as the e-mail, the state keeps a fingerprint only: Kira's list
// shows that a new block asks for it in other letters, which the search for moves
// could not see.
func (f *finder) renamed(made *plan.Plan, k *kinds.Kind, id string) (addr.Resource, bool) {
	for a, o := range f.s.State.Resources {
		if a.Kind == k.Schema.Name && o.ID == id {
			secret := state.IsSealed(o.Seen.Member(k.Schema.Identity.Key)) || state.IsSealed(o.Sent.Member(k.Schema.Identity.Key))
			return a, secret && !f.s.project.program.Blocks().Has(a.Block()) || secret && forgets(made, a)
		}
	}
	return addr.Resource{}, false
}

// unsaid returns the diagnostics of f but those that a plan has as well.
func (f *finder) unsaid(said hcl.Diagnostics) hcl.Diagnostics {
	return slices.DeleteFunc(f.diags, func(d *hcl.Diagnostic) bool {
		return slices.ContainsFunc(said, func(s *hcl.Diagnostic) bool {
			return s.Summary == d.Summary && diag.InstanceOf(s) == diag.InstanceOf(d) && s.Subject != nil && d.Subject != nil && *s.Subject == *d.Subject
		})
	})
}

func forgets(made *plan.Plan, a addr.Resource) bool {
	return slices.ContainsFunc(made.Changes, func(c plan.Change) bool { return c.Addr == a && c.Action == plan.Forget })
}

// sameSecret asks whether a block is that of a person who is no longer written.
func sameSecret(at *hcl.Range, key string, a, was addr.Resource) *hcl.Diagnostic {
	return diag.At(diag.Error("same-email", at, "Renamed, or another person?",
		"%s asks for a %s with the %s of %s, which is no longer written. The state keeps a fingerprint of it, so that their identities "+
			"cannot be compared. If it is the same one, write:\n\n  moved {\n    from = %[4]s\n    to   = %[1]s\n  }\n\n"+
			"If it is another one, let the old one go first: kiraform state rm %[5]s", a, a.Kind, key, was, was.Shell()), a.InstanceName())
}

func (f *finder) managed(kind, id string) bool {
	for a, o := range f.s.State.Resources {
		if a.Kind == kind && o.ID == id {
			return true
		}
	}
	return false
}

// list returns all objects of a kind by the key that twins have in common. It
// asks Kira once.
func (f *finder) list(ctx context.Context, k *kinds.Kind) (map[string][]kinds.Object, error) {
	if rows, ok := f.lists[k.Schema.Name]; ok {
		return rows, nil
	}
	rows, err := k.List(ctx, f.call())
	if err != nil {
		return nil, fmt.Errorf("list Kira's objects of %s: %w", k.Schema.Name, err)
	}
	by := make(map[string][]kinds.Object)
	for _, o := range rows {
		twin := k.Twin.Of(o.Seen)
		if twin == "" {
			if twin, err = f.twinOf(ctx, k, o.ID); err != nil {
				return nil, fmt.Errorf("look at %s, which may be one that is asked for, since Kira's list does not show its %s: %w", o.ID, k.Schema.Identity.Key, err)
			}
		}
		by[twin] = append(by[twin], o)
	}
	f.lists[k.Schema.Name] = by
	return by, nil
}

// twinOf returns the key of an object that its row does not show; "" if it has none, or
// is there no more.
func (f *finder) twinOf(ctx context.Context, k *kinds.Kind, id string) (string, error) {
	call := f.call()
	call.ID = id
	o, err := k.Read(ctx, call)
	if errors.Is(err, kinds.ErrGone) {
		return "", nil
	}
	return k.Twin.Of(o.Seen), err
}

func (f *finder) say(d *hcl.Diagnostic) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.diags = append(f.diags, d)
}
