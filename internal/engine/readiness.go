package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// Readiness is how far one user of the configuration is from the products that
// an account can be of.
type Readiness struct {
	Addr     addr.Resource
	ID       string // "" if it does not exist yet
	Status   string // at Kira
	Category string // which fields it is asked for, or "" while that is not known
	Hosted   bool   // a hosted form asks for the fields, so that nothing is judged

	Rejection *Rejection // why Kira rejected the user, if it did and an event said so

	Products []ProductReadiness
}

// ProductReadiness is how far a user is from one product.
type ProductReadiness struct {
	kinds.Readiness
	HCL string // the lines to add to the user's block, "" for none
}

// Readiness judges every user that is written, or those that only names. Users
// are judged as they are written and, as far as the state or (with look) Kira
// shows them, as they live; the place is that of the state. Nothing is changed.
func (p *Project) Readiness(ctx context.Context, look bool, only []addr.Resource) (all []Readiness, of state.Place, err error) {
	// In full, since the rows of lists do not show the missing fields (observed
	// 5.6).
	s, err := p.glance(ctx, PlanOptions{NoRefresh: !look, Full: true})
	defer func() { err = errors.Join(err, s.Close()) }()
	if err != nil {
		return nil, of, err
	}
	of = s.State.Place
	made, diags, err := makeUntil(ctx, plan.Input{Program: p.program, Prior: s.State, Kinds: p.schemas, Key: s.key})
	if err != nil {
		return nil, of, err
	}
	var others hcl.Diagnostics
	for _, d := range unplanned(diags) { // nobody applies, and "not-ready" is the question itself
		if d.Severity == hcl.DiagError {
			others = append(others, d)
		}
	}
	if err := p.report(others); err != nil {
		return nil, of, err
	}
	all = judge(made, made.Prior)
	heard := s.rejections()
	for i := range all {
		if r, said := heard[all[i].ID]; said {
			all[i].Rejection = &r
		}
	}
	if len(only) > 0 {
		all, err = those(all, only)
	}
	return all, of, err
}

// judge looks at every user that a plan has the configuration of.
func judge(made *plan.Plan, st *state.State) (all []Readiness) {
	for i := range made.Changes {
		c := &made.Changes[i]
		k, ok := kinds.ByName(c.Addr.Kind)
		if !ok || k.Products == nil || c.Config.IsNull() {
			continue
		}
		r := Readiness{Addr: c.Addr, Category: kinds.Category(c.Config)}
		seen := cty.NilVal
		if o, lives := st.Resources[c.Addr]; lives && !another(c) {
			r.ID, seen = o.ID, o.Seen.Shown()
			r.Status = schema.Text(schema.Member(seen, "status"))
		}
		for _, p := range k.Products {
			got, judged := p.Ready(c.Config, seen)
			if !judged {
				r.Hosted = true
				continue
			}
			r.Products = append(r.Products, ProductReadiness{got, kinds.Suggest(c.Config, got.Lacks)})
		}
		all = append(all, r)
	}
	return all
}

// another reports whether the written user is another object than the one that lives:
// one that takes its place now, once that need not wait, or with leave to replace it.
func another(c *plan.Change) bool {
	return c.Final() == plan.Replace || slices.ContainsFunc(c.Because, func(r plan.Reason) bool { return r.Fixed })
}

// those returns the users that addresses name; each must name at least one.
func those(all []Readiness, only []addr.Resource) ([]Readiness, error) {
	for _, a := range only {
		if !slices.ContainsFunc(all, func(r Readiness) bool { return a.Covers(r.Addr) }) {
			var known []string
			for _, r := range all {
				known = append(known, r.Addr.String())
			}
			return nil, fmt.Errorf("there is no user %s in the configuration.%s", a, diag.DidYouMean(a.String(), known))
		}
	}
	return slices.DeleteFunc(all, func(r Readiness) bool {
		return !slices.ContainsFunc(only, func(a addr.Resource) bool { return a.Covers(r.Addr) })
	}), nil
}
