package kiratest

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/apply"
	"kiraform/internal/config"
	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/state"
)

// attempt is a run of a test while it is carried out.
type attempt struct {
	*file
	decl   *config.TestRun
	i      int
	report *event.TestedRun
	said   []event.Diagnostic // in order
	values map[string]cty.Value
}

// one carries out the run i, and returns its outputs.
func (f *file) one(ctx context.Context, i int, report *event.TestedRun) map[string]cty.Value {
	began := time.Now()
	a := &attempt{file: f, decl: f.decl.Runs[i], i: i, report: report}
	if err := a.carryOut(ctx); err != nil && !errors.Is(err, engine.ErrReported) {
		a.emit(event.Diagnostic{Severity: "error", Code: "test-ended", Summary: "The run could not go on", Detail: err.Error()})
	}
	a.judge()
	report.Took = time.Since(began)
	return a.values
}

// emit takes down an event.
func (a *attempt) emit(e event.Event) {
	d, is := e.(event.Diagnostic)
	if !is {
		a.report.Events = append(a.report.Events, e)
		return
	}
	if d.Source != nil && d.Source.File != a.file.decl.Name {
		at := *d.Source
		at.File = inside(a.decl.Module, at.File)
		d.Source = &at
	}
	a.said = append(a.said, d)
}

// reported emits diagnostics about the file, and returns an error if there is one among
// them.
func (a *attempt) reported(diags hcl.Diagnostics) error {
	for _, d := range a.quoted(diags) {
		a.emit(d)
	}
	if diags.HasErrors() {
		return engine.ErrReported
	}
	return nil
}

// carryOut does the steps, plans, applies if that is asked for, and asserts.
func (a *attempt) carryOut(ctx context.Context) error {
	w := a.worlds[a.decl.StateKey]
	o := a.Engine
	if a.decl.Module != "." {
		var err error
		if o.FS, err = a.Open(a.decl.Module); err != nil {
			return err
		}
		o.Vars, o.Policies = nil, nil
	}
	m := a.root
	if a.decl.Module != "." {
		m, _ = config.Load(o.FS) // opening it reports the mistakes in it
	}
	a.shared.Lock()
	args, diags := a.variables(a.i, m)
	a.shared.Unlock()
	if err := a.reported(diags); err != nil {
		return err
	}
	o.Vars = append(o.Vars[:len(o.Vars):len(o.Vars)], args...)
	o.Tests = []*config.TestFile{a.file.decl}
	o.Store, o.StateName = w.store(a.decl.Module), "test"
	o.Key = func(string) (state.Key, error) { return w.key, nil }
	o.Connect, o.Reasons, o.Now, o.Emit = w.connect(a.Connect), w.reasons, w.clock.now, a.emit
	if err := a.prepare(ctx, o.Store); err != nil {
		return err
	}
	return a.with(ctx, o)
}

// prepare does the steps at Kira.
func (a *attempt) prepare(ctx context.Context, store state.Store) error {
	if len(a.decl.Steps) == 0 {
		return nil
	}
	st, err := store.Load(ctx)
	if err != nil {
		return err
	}
	ids := make(map[string]string)
	if st != nil {
		for at, obj := range st.Resources {
			ids[at.String()] = obj.ID
		}
	}
	return a.reported(a.steps(a.i, ids))
}

// with plans and applies with a project.
func (a *attempt) with(ctx context.Context, o engine.Options) (err error) {
	a.emit(event.Start{Format: 1, Command: a.report.Command})
	a.shared.Lock()
	p, err := engine.Open(o)
	a.shared.Unlock()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	if a.decl.Invoke.Action {
		return a.invoke(ctx, p)
	}
	began := time.Now()
	pl, err := p.Plan(ctx, engine.PlanOptions{Destroy: a.decl.Options.Destroy, NoRefresh: a.decl.Options.NoRefresh,
		Targets: a.decl.Options.Targets, Exclude: a.decl.Options.Exclude, Replace: a.decl.Options.Replace})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pl.Close()) }()
	names := map[string]cty.Value{"plan": pl.Object(), "apply": cty.NullVal(cty.DynamicPseudoType), "run": a.runs(a.i)}
	if !a.decl.Plan {
		if err := pl.Within(engine.Limits{Force: true, Rules: true, Extra: true}); err != nil {
			return err
		}
		sum, err := p.Apply(ctx, pl, engine.ApplyOptions{Stop: a.Stop, Wait: a.decl.Wait})
		pl.Finish("apply", sum, began)
		if err != nil {
			return err
		}
		names["apply"] = outcome(sum)
	}
	return a.assert(pl, names)
}

// assert checks the assertions of the run, and keeps its outputs.
func (a *attempt) assert(pl *engine.Proposal, names map[string]cty.Value) (err error) {
	a.values = pl.OutputValues()
	names["output"] = cty.ObjectVal(a.values)
	names["diagnostics"] = diagnostics(a.said)
	for _, c := range a.decl.Asserts {
		err = errors.Join(err, pl.Assert(c, names))
	}
	return err
}

// outcome is the object called apply.
func outcome(sum apply.Summary) cty.Value {
	n := func(i int) cty.Value { return cty.NumberIntVal(int64(i)) }
	done := make(map[string]cty.Value)
	for action, times := range sum.Done {
		done[string(action)] = n(times)
	}
	for _, action := range []string{event.Create, event.Update, event.Replace, event.Adopt, event.Forget, event.Read} {
		if _, ok := done[action]; !ok {
			done[action] = n(0)
		}
	}
	done[event.Invoke] = n(sum.Actions.Run)
	actions := cty.ObjectVal(map[string]cty.Value{"run": n(sum.Actions.Run), "failed": n(sum.Actions.Failed), "skipped": n(sum.Actions.Skipped),
		"deferred": n(sum.Actions.Deferred), "not_done": n(sum.Actions.Undone)})
	return cty.ObjectVal(map[string]cty.Value{"done": cty.ObjectVal(done), "failed": n(sum.Failed), "skipped": n(sum.Skipped), "deferred": n(sum.Deferred),
		"not_done": n(sum.Undone), "not_ready": n(sum.Unready), "actions": actions})
}

// diagnostics is the object of that name: a list of everything that was said.
func diagnostics(said []event.Diagnostic) cty.Value {
	var all []cty.Value
	for _, d := range said {
		all = append(all, cty.ObjectVal(map[string]cty.Value{"severity": cty.StringVal(d.Severity), "code": cty.StringVal(d.Code),
			"address": cty.StringVal(d.Addr), "summary": cty.StringVal(d.Summary), "detail": cty.StringVal(d.Detail)}))
	}
	if all == nil {
		return cty.EmptyTupleVal
	}
	return cty.TupleVal(all)
}
