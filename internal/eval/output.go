package eval

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/internal/lang"
)

// Output is the value of an output block.
type Output struct {
	Value     cty.Value // without marks; may be unknown
	Sensitive bool      // no view may show Value

	Needs    []addr.Resource // instances that it refers to, sorted; not to be changed
	Problems hcl.Diagnostics // the mistakes in it, its preconditions included
}

// output is an output block, compiled.
type output struct {
	named
	decl *config.Output
}

func (p *Program) compileOutput(o *output) (diags hcl.Diagnostics) {
	at := place{what: "an output"}
	take := func(e hclsyntax.Expression, at place) {
		d, more := p.collect(o.in, e, at)
		diags = append(diags, more...)
		o.deps.add(d)
	}
	take(o.decl.Value, at)
	for _, t := range o.decl.DependsOn {
		take(traversal(t), place{what: "an output", whole: true})
	}
	for _, c := range o.decl.Preconditions {
		take(c.Condition, at)
		take(c.ErrorMessage, at)
	}
	return diags
}

// Outputs evaluates all outputs, by name, each with its mistakes. It reports
// the mistakes in modules, also where nothing refers to them.
func (p *Program) Outputs(v *Values) (map[string]Output, hcl.Diagnostics) {
	outputs := make(map[string]Output, len(p.root.order))
	diags := p.remaining(v)
	for _, o := range p.root.order {
		outputs[o.name] = p.output(o, v)
	}
	diags = append(diags, v.owed...)
	v.owed = nil
	return outputs, diags
}

// remaining evaluates the expressions that nobody may have asked for: local
// values, and those in modules.
func (p *Program) remaining(v *Values) (diags hcl.Diagnostics) {
	for _, m := range p.tree {
		all, _, d := p.instances(m, v)
		diags = append(diags, d...)
		for _, at := range all {
			for _, decl := range m.decl.Variables {
				if n := m.inputs[decl.Name]; n != nil {
					_, d := p.named(v, n, at)
					diags = append(diags, d...)
				}
				diags = append(diags, p.validateLate(m, decl, at, v)...)
			}
			for _, l := range m.decl.Locals {
				_, d := p.named(v, m.locals[l.Name], at)
				diags = append(diags, d...)
			}
			for _, o := range m.order {
				if m.parent != nil {
					_, d := p.named(v, &o.named, at)
					diags = append(diags, d...)
				}
			}
		}
	}
	return diags
}

func (p *Program) output(o *output, v *Values) Output {
	out := Output{Sensitive: o.decl.Sensitive}
	val, s, diags := p.outputAt(o, "", v)
	out.Needs = s.needs.each(v)
	if lang.IsSensitive(val) && !out.Sensitive && o.decl.Value != nil {
		diags = append(diags, diag.Error("sensitive-output", o.decl.Value.Range().Ptr(), "Output of a sensitive value",
			"The output %q holds a sensitive value and would show it. Add sensitive = true to the output, "+
				"or write nonsensitive(...) around the part that is not secret.", o.decl.Name))
		out.Sensitive = true
	}
	if o.decl.Ephemeral || lang.IsEphemeral(val) {
		diags = append(diags, diag.Error("ephemeral-output", &o.decl.DefRange, "Output of an ephemeral value",
			"The state keeps outputs, and no file may keep an ephemeral value: the output %q of the root module cannot be. "+
				"Only a module that is called has ephemeral outputs.", o.decl.Name))
		val, out.Sensitive = cty.DynamicVal, true
	}
	out.Value, _ = val.UnmarkDeep()
	out.Problems = diags
	return out
}

// outputAt evaluates an output in one instance of its module.
func (p *Program) outputAt(o *output, at addr.Module, v *Values) (cty.Value, *scope, hcl.Diagnostics) {
	s, diags := p.scope(o.in, at, v, &o.deps, instance{})
	for _, c := range o.decl.Preconditions {
		diags = append(diags, p.condition(s, c, "precondition-failed", objectIn(at, "output."+o.name), nil)...)
	}
	if o.decl.Value == nil {
		return cty.DynamicVal, s, diags // reported before
	}
	val, d := p.value(s, o.decl.Value)
	diags = append(diags, d...)
	if infinite(val) {
		diags = append(diags, s.infinity(o.decl.Value))
		val = cty.DynamicVal
	}
	val, d = o.typed(val)
	return val, s, append(diags, d...)
}

// typed makes v a value of the output's type, if it has one.
func (o *output) typed(v cty.Value) (cty.Value, hcl.Diagnostics) {
	if o.decl.Type == cty.NilType {
		return v, nil
	}
	if bare, _ := v.Unmark(); o.decl.Optional != nil && bare.IsKnown() {
		v = o.decl.Optional.Apply(v)
	}
	out, err := convert.Convert(v, o.decl.Type)
	if err != nil {
		return cty.UnknownVal(o.decl.Type.WithoutOptionalAttributesDeep()), hcl.Diagnostics{diag.Error("wrong-type", o.decl.Value.Range().Ptr(), "Wrong type",
			"The value of the output %q does not fit its type: %s. Correct one of the two.", o.name, describe(err))}
	}
	return out, nil
}

// outputNamed is the value that a module gives to the one that calls it.
func (p *Program) outputNamed(v *Values, n *named, at addr.Module, now uint64) (*localValue, hcl.Diagnostics) {
	val, s, diags := p.outputAt(n.output, at, v)
	if n.output.decl.Sensitive {
		val = val.Mark(Sensitive)
	}
	switch e := n.output.decl.Ephemeral; {
	case e:
		val = val.Mark(lang.Ephemeral)
	case lang.IsEphemeral(val):
		diags = append(diags, diag.Error("ephemeral-output", &n.output.decl.DefRange, "Output of an ephemeral value",
			"The output %q holds an ephemeral value. Add ephemeral = true to it, so that whoever uses it knows.", n.name))
	}
	have := &localValue{value: val, needs: s.needs, at: now, failed: diags.HasErrors() || s.wrong() || p.isBad(n.expr)}
	return v.keep(n, at, have), diags
}

// Reads returns the instances that an expression reads which is not part of the
// configuration, be it by way of local values, modules and outputs.
func (p *Program) Reads(e hclsyntax.Expression, v *Values) []addr.Resource {
	q := *p
	q.bad = make(map[hclsyntax.Expression]bool)
	d, diags := q.collect(q.root, e, place{what: "an expression"})
	if diags.HasErrors() {
		return nil
	}
	s, _ := p.scope(p.root, "", v, &d, instance{})
	return s.needs.each(v)
}

// Expression evaluates an expression that is not part of the configuration, as
// a console does, with everything that a resource block can refer to.
func (p *Program) Expression(e hclsyntax.Expression, v *Values) (cty.Value, hcl.Diagnostics) {
	// A copy, so that the findings about e are not kept in p.
	q := *p
	q.bad = make(map[hclsyntax.Expression]bool)
	d, diags := q.collect(q.root, e, place{what: "an expression"})
	if diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	s, more := p.scope(p.root, "", v, &d, instance{})
	val, last := p.value(s, e)
	return withoutDigits(val), slices.Concat(diags, more, last)
}
