package eval

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/addr"
	"kiraform/internal/config"
)

// check is a check block, compiled.
type check struct {
	decl *config.Check
	deps deps
}

func (p *Program) compileChecks(m *module) (diags hcl.Diagnostics) {
	for _, decl := range m.decl.Checks {
		c := &check{decl: decl}
		for _, a := range decl.Asserts {
			for _, e := range []hclsyntax.Expression{a.Condition, a.ErrorMessage} {
				d, more := p.collect(m, e, place{what: "a check", check: decl.Name})
				diags = append(diags, more...)
				c.deps.add(d)
			}
		}
		m.checks = append(m.checks, c)
	}
	return diags
}

// Checks warns of the check blocks that do not hold. A condition that is not
// known yet cannot be judged, and a check that cannot be evaluated stops
// nothing either.
func (p *Program) Checks(v *Values) (diags hcl.Diagnostics) {
	for _, o := range p.CheckOutcomes(v) {
		diags = append(diags, o.Diags...)
	}
	for _, d := range diags {
		d.Severity = hcl.DiagWarning
	}
	return diags
}

// CheckOutcome is how a check block fares in one instance of its module.
type CheckOutcome struct {
	Name  string
	At    addr.Module
	Range hcl.Range
	Open  bool            // of some condition it is not known yet whether it holds
	Needs []addr.Resource // instances that it refers to, sorted; not to be changed
	Diags hcl.Diagnostics // of conditions that do not hold, or cannot be evaluated
}

// CheckOutcomes returns how all check blocks fare, in the order of the configuration.
func (p *Program) CheckOutcomes(v *Values) (outcomes []CheckOutcome) {
	for _, m := range p.tree {
		if len(m.checks) == 0 {
			continue
		}
		all, _, _ := p.instances(m, v) // mistakes are reported by Outputs
		for _, at := range all {
			for _, c := range m.checks {
				s, d := p.scope(m, at, v, &c.deps, instance{})
				o := CheckOutcome{Name: c.decl.Name, At: at, Range: c.decl.DefRange}
				for _, a := range c.decl.Asserts {
					d = append(d, p.condition(s, a, "check-failed", objectIn(at, "check."+c.decl.Name), nil)...)
					o.Open = o.Open || p.undecided(s, a.Condition)
				}
				o.Diags, o.Needs = d, s.needs.each(v)
				outcomes = append(outcomes, o)
			}
		}
	}
	return outcomes
}

// undecided reports whether the value of an expression is not known yet.
func (p *Program) undecided(s *scope, e hclsyntax.Expression) bool {
	if e == nil {
		return false
	}
	v, diags := p.value(s, e)
	return !diags.HasErrors() && !v.IsKnown()
}

// Scoped reports whether a is the data source of a check block, so that it stops
// nothing if it finds nothing.
func (p *Program) Scoped(a addr.Resource) bool {
	b, ok := p.blocks[a.Block()]
	return ok && b.decl.Check != ""
}
