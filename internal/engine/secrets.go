package engine

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/eval"
	"kiraform/internal/event"
	"kiraform/internal/lang"
	"kiraform/internal/redact"
)

// program is a compiled configuration that remembers every secret it comes
// upon. Whatever is evaluated is evaluated before it is sent, so what Kira
// repeats of it in an error is known for what it is.
type program struct {
	*eval.Program
	secrets *redact.Set
}

// Eval implements [plan.Program].
func (p program) Eval(a addr.Resource, known *eval.Values) (eval.Resource, hcl.Diagnostics) {
	r, diags := p.Program.Eval(a, known)
	remember(p.secrets, r.Config, false)
	return r, diags
}

// remember adds all that is marked in v to set.
func remember(set *redact.Set, v cty.Value, secret bool) {
	if v == cty.NilVal || v.IsNull() || !v.IsKnown() {
		return
	}
	if v.HasMark(lang.Sensitive) || v.HasMark(lang.Ephemeral) {
		secret = true
	}
	v, _ = v.Unmark()
	switch t := v.Type(); {
	case t.IsObjectType():
		for name := range t.AttributeTypes() { // unlike Elements, without sorting
			remember(set, v.GetAttr(name), secret)
		}
	case v.CanIterateElements():
		for _, e := range v.Elements() {
			remember(set, e, secret)
		}
	case secret && t == cty.String:
		set.Add(v.AsString())
	case secret && t == cty.Number:
		set.Add(v.AsBigFloat().Text('f', -1))
	}
}

// rememberInputs adds what the sensitive variables were given, even by those
// who were overruled or who gave what does not fit.
func (p *Project) rememberInputs(inputs map[string]config.Input) {
	for _, m := range p.module.Modules()[1:] {
		for _, v := range m.Variables {
			if (v.Sensitive || v.Ephemeral) && v.Default != nil {
				remember(p.secrets, v.Default.Value, true)
			}
		}
	}
	for _, v := range p.module.Variables {
		if !v.Sensitive && !v.Ephemeral {
			continue
		}
		remember(p.secrets, inputs[v.Name].Value, true)
		if v.Default != nil {
			remember(p.secrets, v.Default.Value, true)
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
// evaluated: only that tells what the secrets are.
func (p *Project) hide(err error) error {
	p.check()
	return p.secrets.Error(err)
}

// safely is emit for events that have no secret in the texts which others may
// have written: Kira, or the author of the configuration.
func safely(set *redact.Set, emit event.Sink) event.Sink {
	text := func(s string) string { return set.Text(redact.URLs(s)) }
	foreign := func(f event.Foreign) event.Foreign { return event.Foreign(text(string(f))) }
	return func(e event.Event) {
		switch x := e.(type) {
		case event.Diagnostic:
			x.Summary, x.Detail = text(x.Summary), text(x.Detail)
			x.Values = slices.Clone(x.Values)
			for i, s := range x.Values {
				x.Values[i] = text(s)
			}
			e = x
		case event.Planned:
			x.Why, x.After = text(x.Why), text(x.After)
			e = x
		case event.Note:
			x.Text = foreign(x.Text)
			e = x
		case event.Retry:
			x.Text = foreign(x.Text)
			e = x
		case event.Gate:
			x.Text = foreign(x.Text)
			e = x
		case event.Deferred:
			x.Reason = foreign(x.Reason)
			e = x
		case event.End:
			x.Err = foreign(x.Err)
			e = x
		}
		emit(e)
	}
}
