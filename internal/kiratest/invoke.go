package kiratest

import (
	"context"
	"errors"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/apply"
	"kiraform/internal/engine"
)

// invoke plans the action that the run names, runs it if that is asked for, and asserts.
func (a *attempt) invoke(ctx context.Context, p *engine.Project) (err error) {
	began := time.Now()
	iv, err := p.PlanInvoke(ctx, engine.InvokeOptions{Addr: a.decl.Invoke})
	if iv != nil {
		defer func() { err = errors.Join(err, iv.Close()) }()
	}
	if err != nil {
		return err
	}
	if err := iv.Within(); err != nil {
		return err
	}
	if iv.Needed.Denied() {
		return engine.ErrReported
	}
	names := map[string]cty.Value{"plan": iv.Object(), "apply": cty.NullVal(cty.DynamicPseudoType), "run": a.runs(a.i)}
	if !a.decl.Plan {
		sum, err := p.Invoke(ctx, iv, engine.ApplyOptions{Stop: a.Stop, Wait: a.decl.Wait})
		p.FinishInvoke("invoke", sum, iv, began)
		if err != nil {
			return err
		}
		names["apply"] = outcome(apply.Summary{Actions: sum.Invocations, Unready: sum.Unready})
	}
	return a.assert(iv.Needed, names)
}
