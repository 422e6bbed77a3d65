package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/plan"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// imports looks at the objects that the import blocks name. One that is
// imported already needs nothing more.
func (f *finder) imports(ctx context.Context) error {
	for _, im := range f.s.project.program.Imports() {
		if o, lives := f.in.Prior.Resources[im.To]; lives {
			if o.ID != im.ID {
				f.say(importError(im.To, im.ID, im.Range, &importProblem{managed: o.ID}))
			}
			continue
		}
		f.seen[im.To] = true
		if _, twice := f.in.Found[im.To]; twice {
			continue // reported when the program was compiled
		}
		o, err := f.s.importable(ctx, f.in.Prior, im.To, im.ID)
		problem, ok := errors.AsType[*importProblem](err)
		switch {
		case ok && problem.other != addr.Resource{}: // the plan knows whether it has moved
			o = f.in.Prior.Resources[problem.other]
		case ok:
			f.say(importError(im.To, im.ID, im.Range, problem))
			continue
		case err != nil:
			if err := f.unread(im.To, err); err != nil {
				return err
			}
			continue
		}
		f.in.Found[im.To] = o
	}
	return nil
}

// homeless reports imports to instances that the plan does not have.
func (f *finder) homeless(made *plan.Plan) {
	if len(f.in.Targets) > 0 || len(f.in.Exclude) > 0 || f.settled {
		return
	}
	f.settled = true
	for _, im := range f.s.project.program.Imports() {
		if im.To != im.To.Block() && !wanted(made, im.To) {
			f.say(importError(im.To, im.ID, im.Range, &importProblem{}))
		}
	}
}

// displaced reports imports to addresses that another object has moved to.
func (f *finder) displaced(made *plan.Plan) {
	for _, im := range f.s.project.program.Imports() {
		o, lives := made.Prior.Resources[im.To]
		if _, stays := f.in.Prior.Resources[im.To]; lives && !stays && o.ID != im.ID && wanted(made, im.To) {
			f.say(importError(im.To, im.ID, im.Range, &importProblem{managed: o.ID}))
		}
	}
}

// wanted reports whether a plan knows of a in the configuration.
func wanted(made *plan.Plan, a addr.Resource) bool {
	for i := range made.Changes {
		if c := &made.Changes[i]; c.Addr == a {
			return c.Action != plan.Forget && c.Action != plan.Gone && !a.Data
		}
	}
	return false
}

// importProblem is why an object cannot be imported. One of its fields is set; where
// the configuration has no such resource, none but the hint.
type importProblem struct {
	managed string        // the address has this object already
	other   addr.Resource // the object has this address already
	gone    bool          // there is no such object
	unseen  bool          // Kira never shows objects of the kind
	hint    string        // the address that may be meant, in a sentence
	invalid string        // the words with which Kira refuses the id
	by      string        // the attribute that has the owner, where Kira shows it
	owner   string        // the object belongs to another one than this, which is written
	unowned bool          // whose the object is cannot be told: the one that it is to belong to is not managed yet
	lineage string        // the object is marked as one of another state, with this lineage
}

func (e *importProblem) Error() string { return "it cannot be imported" }

// importError reports the mistake in an import.
func importError(a addr.Resource, id string, at *hcl.Range, e *importProblem) *hcl.Diagnostic {
	switch {
	case e.managed != "":
		return diag.Error("import-address-taken", at, "Address is taken",
			"%s is managed already, as %s. To let go of that object first, run \"kiraform state rm %s\".", a, e.managed, a.Shell())
	case e.other != addr.Resource{}:
		return diag.Error("already-managed", at, "Object is managed already",
			"%s is managed as %s, and one object cannot have two addresses. Refer to that, or run \"kiraform state rm %s\" first.", id, e.other, e.other.Shell())
	case e.gone:
		return diag.Error("import-not-found", at, "Nothing to import",
			"Kira has no %s with the id %s. Check the id, and that the credentials are of the account it is in.", a.Kind, id)
	case e.invalid != "":
		return diag.Error("import-not-found", at, "Nothing to import",
			"%s is no id of a %s: %s. An id is as Kira gave it, such as 51000000-0000-4000-8000-000000000001; \"kiraform import -discover\" writes a block, with its id, for each object that is not managed.",
			id, a.Kind, e.invalid)
	case e.unseen:
		return diag.Error("cannot-import", at, "Cannot be imported",
			"Kira never shows a %s again, so that there is nothing to import. Take the import away, and apply: the written values are sent.", a.Kind)
	}
	if e.lineage != "" {
		return otherLineage(a, id, at, e.lineage)
	}
	k, _ := kinds.ByName(a.Kind)
	if e.unowned {
		return diag.Error("import-other-owner", at, "Whose it is cannot be told",
			"The written %s of %s is not known yet, and Kira shows whose a %s is by a list of its owner only. Import the object that %[1]s refers to first.", k.Owner, a, a.Kind)
	}
	if e.owner != "" {
		return diag.Error("import-other-owner", at, "Belongs to another one",
			"%s is not among the objects of %s, which is the written %s of %s. Write its true owner, or import another object.", id, e.owner, cmp.Or(e.by, k.Owner), a)
	}
	return diag.Error("import-without-block", at, "Nothing to import to",
		"The configuration has no %s.%s Write it first; \"kiraform import -discover\" can do that for you.", a, e.hint)
}

// importable reads the object that is to be imported to a. It returns an
// *importProblem if that cannot be.
func (s *Session) importable(ctx context.Context, st *state.State, a addr.Resource, id string) (state.Object, error) {
	k, ok := kinds.ByName(a.Kind)
	if !ok || k.Read == nil {
		return state.Object{}, &importProblem{unseen: true}
	}
	for other, o := range st.Resources {
		if other.Kind == a.Kind && o.ID == id {
			return state.Object{}, &importProblem{other: other}
		}
	}
	got, err := k.Read(ctx, s.conn.call(id))
	switch {
	case errors.Is(err, kinds.ErrGone):
		return state.Object{}, &importProblem{gone: true}
	case refusesID(err):
		return state.Object{}, &importProblem{invalid: refusal(err)}
	case err != nil:
		return state.Object{}, fmt.Errorf("look at %s, to import it as %s: %w", id, a, err)
	}
	if of := otherMark(k.Schema, got.Seen, st.Lineage); of != "" && !s.options.Force {
		return state.Object{}, &importProblem{lineage: of}
	}
	return state.Object{ID: id, Salt: state.Salt(id), Seen: s.key.Seal(k.Schema, state.Salt(id), got.Seen), Adopted: true}, nil
}

// Import enters the object called id into the state, as a. Nothing is written
// to Kira. With force, that may be an object which is marked as one of another
// state. Why that cannot be is emitted, and ErrReported returned.
func (p *Project) Import(ctx context.Context, a addr.Resource, id string, force bool) error {
	s, err := p.begin(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // nothing was written, so nothing can be lost
	s.options.Force = force
	refuse := func(e *importProblem) error {
		return p.report(hcl.Diagnostics{importError(a, id, nil, e)})
	}
	if p.program.BlockRange(a) == nil { // whatever else is wrong
		return refuse(&importProblem{hint: diag.DidYouMean(a.String(), p.blocksLike(a))})
	}
	if err := p.settle(ctx, s); err != nil {
		return err
	}
	made, diags := plan.Make(plan.Input{Program: p.program, Prior: s.State, Kinds: p.schemas, Key: s.key})
	if !wanted(made, a) {
		if diags.HasErrors() { // because of which it may be missing
			return p.report(diags)
		}
		return refuse(&importProblem{hint: instanceHint(made, a)})
	}
	if o, lives := s.State.Resources[a]; lives {
		return refuse(&importProblem{managed: o.ID})
	}
	o, err := s.importable(ctx, s.State, a, id)
	if problem, ok := errors.AsType[*importProblem](err); ok {
		return refuse(problem)
	}
	if err != nil {
		return p.secrets.Error(err)
	}
	for i := range made.Changes {
		if c := &made.Changes[i]; c.Addr == a {
			if name, owner := ownerShown(p.schemas[a.Kind], c, o); name != "" {
				return p.report(hcl.Diagnostics{importError(a, id, p.program.Locate(a, cty.GetAttrPath(name)), &importProblem{owner: owner, by: name})})
			}
			if err := p.ownedAsWritten(ctx, s, c, id); err != nil {
				return err
			}
			p.tellOther(s, c, o)
			k := p.schemas[a.Kind] // a value that is written as a secret is one when Kira shows it
			o.Seen = s.key.Seal(k, o.Salt, o.Seen.Shown(), s.key.Seal(k, o.Salt, c.Config))
			o.Needs = c.Needs
			o.Sent, o.Unproven = plan.Baseline(p.schemas[a.Kind], s.key, o.Salt, c.Config)
			o.Imported = !o.Sent.IsZero()
		}
	}
	s.State.Resources[a] = o
	if in, ok := s.madeBy(a, o); ok {
		delete(s.State.Intents, in.Key)
	}
	return p.save(ctx, s.State)
}

// madeBy returns the request without an answer that made an object which was
// imported at its address. An object is of one request: where several agree
// with it, the first for which that is certain is meant, or else the first, and
// the others may have made other objects.
func (s *Session) madeBy(a addr.Resource, o state.Object) (made state.Intent, found bool) {
	for _, in := range s.State.OpenAt(a) {
		if !in.Creates() {
			continue
		}
		agrees, certain := true, false // of an earlier kiraform, which did not keep its requests
		if !in.Sent.IsZero() {
			agrees, certain = plan.Shows(s.project.schemas[a.Kind], s.key, in, o.Seen.Shown())
		}
		if agrees && certain {
			return in, true
		}
		if agrees && !found {
			made, found = in, true
		}
	}
	return made, found
}
