package engine

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/eval"
	"kiraform/internal/redact"
	"kiraform/internal/tell"
	"kiraform/plan"
	"kiraform/schema"
)

// program is a compiled configuration that remembers every secret it comes
// upon. Whatever is evaluated is evaluated before it is sent, so a secret that
// Kira repeats in an error is recognised.
type program struct {
	*eval.Program
	secrets  *redact.Set
	unwanted func() bool // whether nobody waits for the result any more
}

// Eval implements [plan.Program].
func (p program) Eval(a addr.Resource, known *eval.Values) (eval.Resource, hcl.Diagnostics) {
	if p.unwanted() {
		return eval.Resource{Config: p.Nothing(a)}, nil
	}
	r, diags := p.Program.Eval(a, known)
	for _, name := range r.Marked {
		tell.Remember(p.secrets, schema.Member(r.Config, name), false)
	}
	return r, diags
}

// rememberInputs adds the values that the sensitive variables were given, even
// those that were overruled or do not fit.
func (p *Project) rememberInputs(inputs map[string]config.Input) {
	for _, m := range p.module.Modules()[1:] {
		for _, v := range m.Variables {
			if (v.Sensitive || v.Ephemeral) && v.Default != nil {
				tell.Remember(p.secrets, v.Default.Value, true)
			}
		}
	}
	for _, v := range p.module.Variables {
		if !v.Sensitive && !v.Ephemeral {
			continue
		}
		tell.Remember(p.secrets, inputs[v.Name].Value, true)
		if v.Default != nil {
			tell.Remember(p.secrets, v.Default.Value, true)
		}
		p.secrets.Add(p.Env[config.EnvPrefix+v.Name])
		for _, given := range p.Vars {
			if given.Name == v.Name {
				p.secrets.Add(given.Value)
			}
		}
	}
}

// hide takes the secrets out of an error that came before anything was
// evaluated: only evaluation tells the secrets.
func (p *Project) hide(err error) error {
	if err == nil {
		return nil
	}
	p.learn()
	return p.secrets.Error(err)
}

// learn takes down the secrets of the configuration before there is a plan: it
// evaluates every resource as if none existed yet.
func (p *Project) learn() {
	p.valuesBy(func(a addr.Resource, config cty.Value) cty.Value {
		return plan.Propose(p.schemas[a.Schema()], config, cty.NilVal)
	})
}

// valuesBy returns the values of all resources by their configuration. One that cannot
// be evaluated is unknown: its mistakes were reported when the project was opened.
func (p *Project) valuesBy(value func(a addr.Resource, config cty.Value) cty.Value) *eval.Values {
	known := eval.NewValues()
	for _, block := range p.program.Blocks().Order() {
		instances, _ := p.program.Expand(block, known)
		known.Expand(block, instances)
		for _, a := range instances {
			v := cty.DynamicVal
			if r, diags := p.program.Eval(a, known); !diags.HasErrors() {
				v = value(a, r.Config)
			}
			known.Set(a, v)
		}
	}
	return known
}
