package engine

import (
	"context"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/planfile"
	"kiraform/internal/tell"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// keyIsNew is why there is no digest where this run has made the key.
const keyIsNew = "this run made the key of the fingerprints, .kiraform/key. Keep that file, or set KIRAFORM_KEY, and plan again"

// Digest returns the digest of the plan's effect, or why there is none: without a
// key that a later run has too, no two could be compared.
func (pl *Proposal) Digest() (digest, why string) {
	if pl.key.Fresh() {
		return "", keyIsNew
	}
	if pl.digest == "" {
		t, _ := pl.tell(context.Background(), toTell{approved: true}, nil) // which does not end
		pl.digest = pl.approval(t).Digest()
	}
	return pl.digest, ""
}

// approval is the content of the digest, with the changes of t.
func (pl *Proposal) approval(t *tellings) planfile.Approval {
	a := planfile.Approval{Place: pl.Place(), Kind: "apply",
		Targets: slices.Sorted(slices.Values(addr.Texts(pl.options.Targets))),
		Exclude: slices.Sorted(slices.Values(addr.Texts(pl.options.Exclude))), Outputs: t.outputs, Changes: t.approved}
	if pl.options.Destroy {
		a.Kind = "destroy"
	}
	if k := pl.project.module.Kiraform; k != nil {
		a.MaxChanges = k.MaxChanges
	}
	a.Policies = pl.project.policyDigests()
	a.TurnedDown, a.Extra = pl.project.TurnedDown(), pl.project.Extra()
	a.Triggers = pl.dueLeaves(pl.sources())
	return a
}

func (pl *Proposal) approved(c *plan.Change, w *written) planfile.ApprovedChange {
	a := planfile.ApprovedChange{Addr: w.Addr, From: movedFrom(c), Action: string(pl.final(c)), ID: c.Prior.ID}
	if w.kind == nil {
		return a
	}
	switch plan.Action(a.Action) {
	case plan.Create, plan.Replace:
		a.Before, a.After = make(tell.Leaves), w.leaves()
	default:
		a.Before, a.After = make(tell.Leaves), make(tell.Leaves)
		for _, r := range c.Because {
			w.Add(a.Before, r.Path, pl.before(w.kind, c, w.sealed, r.Path))
			w.Add(a.After, r.Path, w.sealed.At(r.Path).Shown())
			addSources(a.After, pl.sources(), c, schema.Top(r.Path))
		}
	}
	return a
}

// final is the action that c comes to. A resource that could not be looked at
// may come to anything.
func (pl *Proposal) final(c *plan.Change) plan.Action {
	if pl.blind[c.Addr] {
		return c.Action
	}
	return c.Final()
}

// sources returns how values are written.
func (pl *Proposal) sources() *tell.Sources {
	if pl.texts == nil {
		pl.texts = tell.NewSources(pl.key, pl.project.program.Sources(pl.Known))
	}
	return pl.texts
}

// addSources adds how those of the attributes are written whose values are not known.
func addSources(to tell.Leaves, written *tell.Sources, c *plan.Change, attrs ...string) {
	for _, name := range attrs {
		if v := schema.Member(c.Config, name); !v.IsWhollyKnown() {
			to[name+" is written as"] = written.Attr(c.Addr, name, c.From(name))
		}
	}
}

// before returns Kira's value of an attribute that differs: the one that it shows
// or, where it shows nothing, the one that was sent.
func (pl *Proposal) before(k *schema.Kind, c *plan.Change, want state.Sealed, path cty.Path) cty.Value {
	for _, have := range []state.Sealed{c.Prior.Seen, c.Prior.Sent} {
		have = pl.key.Seal(k, c.Prior.Salt, have.Shown(), want) // an import may be of something that is a secret here
		if there, ok := plan.Counterpart(k, pl.key, c.Prior.Salt, c.Config, have, path); ok && !have.At(there).Shown().IsNull() {
			return have.At(there).Shown()
		}
	}
	return cty.NullVal(cty.DynamicPseudoType)
}

func movedFrom(c *plan.Change) string {
	if c.Moved == (addr.Resource{}) {
		return ""
	}
	return c.Moved.String()
}

// outputLeaves returns every output: its value or, if that is made of something
// that Kira computes, how it is written.
func (pl *Proposal) outputLeaves(ctx context.Context) map[string]tell.Leaves {
	all := make(map[string]tell.Leaves)
	for name := range pl.State.Outputs {
		all[name] = tell.Leaves{"": "removed"}
	}
	if pl.options.Destroy {
		return all
	}
	p := pl.project.program
	unwanted := func() bool { return ctx.Err() != nil }
	pl.Known.Until(unwanted)
	written, _ := p.Outputs(pl.Known)
	pl.Known.Until(nil)
	if len(written) == 0 {
		return all
	}
	given := p.WithoutComputed(pl.Known)
	given.Until(unwanted)
	fixed, _ := p.Outputs(given)
	for name, o := range written {
		w, to := tell.LeafWriter{Key: pl.key, Addr: "output." + name}, make(tell.Leaves)
		switch v := fixed[name].Value; {
		case !v.IsWhollyKnown():
			to["is written as"] = pl.sources().Output(name)
		case o.Sensitive:
			to[""] = pl.key.Leaf(w.Addr, "", v)
		default:
			w.Add(to, nil, v)
		}
		if o.Sensitive {
			to["sensitive"] = "true"
		}
		all[name] = to
	}
	return all
}
