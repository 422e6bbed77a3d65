package engine

import (
	"context"
	"errors"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/console"
	"kiraform/internal/eval"
	"kiraform/plan"
)

// Console returns a console over the state as it was left, without asking Kira;
// or, if planned, over the values that a plan of now leads to. Nothing is
// changed.
func (p *Project) Console(ctx context.Context, planned bool) (c *console.Console, err error) {
	o := PlanOptions{NoRefresh: !planned}
	pl, err := p.glance(ctx, o)
	defer func() { err = errors.Join(err, pl.Close()) }()
	if err != nil {
		return nil, err
	}
	c = &console.Console{Program: p.program.Program, Secrets: p.secrets, Report: p.report, Looked: planned}
	if !planned {
		c.Known = p.asLeft(pl)
		return c, nil
	}
	made, diags, err := p.madeFor(ctx, pl, o)
	if err != nil {
		return nil, err
	}
	c.Known = made.Known
	return c, p.report(diags)
}

// madeFor makes the plan for a console, which looks at data sources. Without any, and
// without resources in the state, nothing is asked of Kira.
func (p *Project) madeFor(ctx context.Context, s *Session, o PlanOptions) (made *plan.Plan, diags hcl.Diagnostics, err error) {
	if !slices.ContainsFunc(p.program.Blocks().Order(), func(a addr.Resource) bool { return a.Data }) {
		made, diags = plan.Make(plan.Input{Program: p.program, Prior: s.State, Kinds: p.schemas, Key: s.key})
		return made, diags, nil
	}
	if s.conn.API == nil {
		if s.conn, err = p.connect(ctx, s.State); err != nil {
			return nil, nil, err
		}
	}
	return p.make(ctx, s, s.input(o), o)
}

// asLeft returns the values of the resources that the state has; all others are
// unknown.
func (p *Project) asLeft(pl *Session) *eval.Values {
	return p.valuesBy(func(a addr.Resource, config cty.Value) cty.Value {
		if a.Data || a.Open() {
			return cty.DynamicVal
		}
		return plan.Real(p.schemas[a.Schema()], pl.key, config, pl.State.Resources[a])
	})
}
