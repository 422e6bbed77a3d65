package eval

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/internal/lang"
)

// Conditional reports whether anything in the configuration has a precondition, a
// postcondition, or a validation that refers to resources. One that rests on
// something unknown is not judged.
func (p *Program) Conditional() bool {
	return slices.ContainsFunc(p.order, func(b *block) bool {
		return len(b.decl.Lifecycle.Preconditions)+len(b.decl.Lifecycle.Postconditions) > 0
	}) || slices.ContainsFunc(p.tree, func(m *module) bool {
		for _, o := range m.outputs {
			if len(o.decl.Preconditions) > 0 {
				return true
			}
		}
		return slices.ContainsFunc(m.decl.Variables, func(v *config.Variable) bool { return len(p.blocksOf(*m.rules[v.Name])) > 0 })
	})
}

// condition reports an error about an object if its condition is false; one that is
// not known yet cannot be judged. The error is at the given place, or else at the
// condition.
func (p *Program) condition(s *scope, c config.Condition, code diag.Code, object string, at *hcl.Range) hcl.Diagnostics {
	if c.Condition == nil || c.ErrorMessage == nil {
		return nil // reported
	}
	v, diags := p.value(s, c.Condition)
	if diags.HasErrors() {
		return diags
	}
	v, _ = v.Unmark()
	ok, err := convert.Convert(v, cty.Bool)
	if err != nil || ok.IsNull() {
		return append(diags, diag.Error("invalid-condition", c.Condition.Range().Ptr(), "Invalid condition",
			"A condition must be true or false, and this is neither. Compare something with something."))
	}
	if ok, _ = ok.Unmark(); !ok.IsKnown() || ok.True() {
		return diags
	}
	message, more := p.message(s, c)
	diags = append(diags, more...)
	if at == nil {
		at = c.Condition.Range().Ptr()
	}
	d := diag.About(diag.Error(code, at, "Condition not met", message), object)
	d.Expression, d.EvalContext = c.Condition, s.ctx
	return append(diags, d)
}

// objectIn names something that an instance of a module has.
func objectIn(at addr.Module, name string) string {
	if at == "" {
		return name
	}
	return string(at) + "." + name
}

// message evaluates the error message of a condition, which must not give a
// secret away.
func (p *Program) message(s *scope, c config.Condition) (string, hcl.Diagnostics) {
	const silent = "The condition is false, and its error message cannot be shown."
	v, diags := p.value(s, c.ErrorMessage)
	if diags.HasErrors() {
		return silent, diags
	}
	if lang.IsSensitive(v) || lang.IsEphemeral(v) {
		return "The condition is false. Its error message holds a sensitive value, so it is not shown.", diags
	}
	v, _ = v.UnmarkDeep()
	text, err := convert.Convert(v, cty.String)
	if err != nil || text.IsNull() || !text.IsKnown() {
		return silent, diags
	}
	return text.AsString(), diags
}

// Check reports the postconditions of an instance that do not hold for self, a value
// of its kind's Type, which is worked out only if there are any. A condition that is
// not known yet cannot be judged.
func (p *Program) Check(a addr.Resource, self *Later, v *Values) hcl.Diagnostics {
	b := p.block(a)
	if b.kind == nil || len(b.decl.Lifecycle.Postconditions) == 0 || b.cyclic {
		return nil
	}
	in, diags := p.instanceOf(b, a, v, &b.after)
	in.self = b.shape.mark(self.Value())
	s, d := p.scope(b.in, a.Module, v, &b.after, in)
	diags = append(diags, d...)
	for _, c := range b.decl.Lifecycle.Postconditions {
		diags = append(diags, p.condition(s, c, "postcondition-failed", a.String(), nil)...)
	}
	return ofInstance(a, diags)
}
