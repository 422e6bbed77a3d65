package kiratest

import (
	"fmt"
	"maps"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/budget"
	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/internal/lang"
)

// variables returns the values that a run gives to the variables of the module under
// test: those of the file that the module has, and then its own.
func (f *file) variables(i int, m *config.Module) (args []config.VarArg, diags hcl.Diagnostics) {
	declared := make(map[string]*config.Variable)
	for _, v := range m.Variables {
		declared[v.Name] = v
	}
	vars := make(map[string]cty.Value)
	for name, in := range f.given {
		vars[name] = in.Value
	}
	ctx := &hcl.EvalContext{Functions: lang.Functions(f.Engine.FS), Variables: map[string]cty.Value{"run": f.runs(i)}}
	take := func(all []config.TestVariable, always bool) {
		for _, v := range all {
			ctx.Variables["var"] = cty.ObjectVal(vars)
			val, d := budget.Alone(v.Expr, ctx)
			diags = append(diags, diag.Coded("invalid-test-value", d)...)
			if d.HasErrors() {
				continue
			}
			vars[v.Name] = val
			if declared[v.Name] != nil || always {
				args = append(args, config.VarArg{Name: v.Name, Given: &config.Input{
					Value: val, Range: v.Expr.Range().Ptr(), From: f.decl.Name, Expr: v.Expr, Src: f.decl.Source.Bytes}})
			}
		}
	}
	take(f.decl.Variables, false)
	shared := vars
	for _, v := range f.decl.Runs[i].Variables { // they see the file's, and not each other
		vars = maps.Clone(shared)
		take([]config.TestVariable{v}, true)
	}
	return args, diags
}

// runs is the object called run: the outputs of the runs that the run i waits for.
func (f *file) runs(i int) cty.Value {
	all := make(map[string]cty.Value)
	for _, j := range f.needs[i] {
		all[f.decl.Runs[j].Name] = cty.ObjectVal(f.values[j])
	}
	return cty.ObjectVal(all)
}

// steps does at Kira the things that a run asks for, each to the objects of the state
// of the module under test.
func (f *file) steps(i int, ids map[string]string) (diags hcl.Diagnostics) {
	r := f.decl.Runs[i]
	w := f.worlds[r.StateKey]
	for _, s := range r.Steps {
		if s.Do == "advance" {
			w.clock.advance(s.For)
			continue
		}
		for _, on := range s.On {
			id, ok := ids[on.String()]
			err := fmt.Errorf("no run before this one has made it")
			if ok {
				err = w.do(s, id)
			}
			if err != nil {
				diags = append(diags, diag.Error("step-failed", &s.Range, "Kira's people cannot do that",
					"The step %q cannot be done to %s: %s. Steps are done before the run that they stand in.", s.Do, on, err))
			}
		}
	}
	return diags
}

// do does a step to the object called id.
func (w *world) do(s config.Step, id string) error {
	switch s.Do {
	case "verify":
		return w.sim.SetUserStatus(id, "VERIFIED")
	case "review":
		return w.sim.SetUserStatus(id, "REVIEW")
	case "reject":
		return w.sim.SetUserStatus(id, "REJECTED", s.Reasons...)
	case "activate":
		return w.sim.ActivateAccount(id)
	case "decline":
		return w.sim.DeclineAccount(id)
	case "close":
		return w.sim.CloseAccount(id)
	case "lose":
		return w.sim.Lose(id)
	}
	panic("kiratest: no way to do the step " + s.Do)
}
