package engine

import (
	"context"
	"errors"

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
	pl, err := p.glance(ctx, PlanOptions{NoRefresh: !planned})
	defer func() { err = errors.Join(err, pl.Close()) }()
	if err != nil {
		return nil, err
	}
	c = &console.Console{Program: p.program.Program, Secrets: p.secrets, Report: p.report}
	if !planned {
		c.Known = p.asLeft(pl)
		return c, nil
	}
	made, diags := plan.Make(plan.Input{Program: p.program, Prior: pl.State, Kinds: p.schemas, Key: pl.key})
	c.Known = made.Known
	return c, p.report(diags)
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
