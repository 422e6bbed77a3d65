package eval

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/addr"
	"kiraform/internal/config"
)

// compileRules checks the validations of m's variables.
func (p *Program) compileRules(m *module) (diags hcl.Diagnostics) {
	m.rules = make(map[string]*deps, len(m.decl.Variables))
	for _, decl := range m.decl.Variables {
		d := new(deps)
		m.rules[decl.Name] = d
		for _, rule := range decl.Validations {
			for _, e := range []hclsyntax.Expression{rule.Condition, rule.ErrorMessage} {
				more, found := p.collect(m, e, place{what: "a validation"})
				diags = append(diags, found...)
				d.add(more)
			}
		}
	}
	return diags
}

// validations checks the variables of the root module, as far as that needs no
// resource. A default is not judged before it is used: it may be there to be
// replaced.
func (p *Program) validations() (diags hcl.Diagnostics) {
	for _, decl := range p.root.decl.Variables {
		if len(p.blocksOf(*p.root.rules[decl.Name])) == 0 {
			diags = append(diags, p.validateRoot(decl, NewValues())...)
		}
	}
	return diags
}

// validateLate checks a variable whose validations need resources.
func (p *Program) validateLate(m *module, decl *config.Variable, at addr.Module, v *Values) hcl.Diagnostics {
	switch {
	case len(p.blocksOf(*m.rules[decl.Name])) == 0:
		return nil
	case m.parent == nil:
		return p.validateRoot(decl, v)
	case v.names[nameAt{m.inputs[decl.Name], at}].failed:
		return nil
	}
	rng := &m.call.DefRange
	if e := m.inputs[decl.Name].expr; e != nil {
		rng = e.Range().Ptr()
	}
	return p.validate(m, decl, at, v, rng)
}

func (p *Program) validateRoot(decl *config.Variable, v *Values) hcl.Diagnostics {
	in, given := p.options.Inputs[decl.Name]
	if p.unsound[decl.Name] || !given && p.options.UnknownInputs {
		return nil
	}
	rng := &decl.DefRange
	if in.Range != nil {
		rng = in.Range
	}
	return p.validate(p.root, decl, "", v, rng)
}

// validate checks the rules that a variable block has, in one instance of its
// module.
func (p *Program) validate(m *module, decl *config.Variable, at addr.Module, v *Values, rng *hcl.Range) (diags hcl.Diagnostics) {
	if len(decl.Validations) == 0 {
		return nil
	}
	s, diags := p.scope(m, at, v, m.rules[decl.Name], instance{})
	for _, rule := range decl.Validations {
		diags = append(diags, p.condition(s, rule, "validation-failed", objectIn(at, "var."+decl.Name), rng)...)
	}
	return diags
}
