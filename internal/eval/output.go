package eval

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/internal/lang"
)

// Output is the value of an output block.
type Output struct {
	Value       cty.Value // without marks; may be unknown
	Sensitive   bool      // no view may show Value
	Description string
	Range       hcl.Range // of the block's header

	Needs    []addr.Resource // instances that it refers to, sorted; not to be changed
	Problems hcl.Diagnostics // what is wrong in it, its preconditions included
}

// output is an output block, compiled.
type output struct {
	decl *config.Output
	deps deps
}

func (p *Program) compileOutputs() hcl.Diagnostics {
	var diags hcl.Diagnostics
	at := place{what: "an output"}
	for _, decl := range p.root.decl.Outputs {
		o := &output{decl: decl}
		exprs := []hclsyntax.Expression{decl.Value}
		for _, t := range decl.DependsOn {
			exprs = append(exprs, &hclsyntax.ScopeTraversalExpr{Traversal: t, SrcRange: t.SourceRange()})
		}
		for _, c := range decl.Preconditions {
			exprs = append(exprs, c.Condition, c.ErrorMessage)
		}
		for _, e := range exprs {
			d, more := p.collect(e, at)
			diags = append(diags, more...)
			o.deps.add(d)
		}
		p.root.outputs = append(p.root.outputs, o)
	}
	return diags
}

// Outputs evaluates all outputs, by name, each with what is wrong in it. It
// reports what is wrong in local values, be it that nothing refers to them.
func (p *Program) Outputs(v *Values) (map[string]Output, hcl.Diagnostics) {
	outputs := make(map[string]Output, len(p.root.outputs))
	var diags hcl.Diagnostics
	for _, l := range p.root.decl.Locals {
		_, d := p.local(v, l.Name)
		diags = append(diags, d...)
	}
	for _, o := range p.root.outputs {
		outputs[o.decl.Name] = p.output(o, v)
	}
	return outputs, diags
}

func (p *Program) output(o *output, v *Values) Output {
	out := Output{Value: cty.DynamicVal, Sensitive: o.decl.Sensitive, Description: o.decl.Description, Range: o.decl.DefRange}
	s, diags := p.scope(v, &o.deps, instance{})
	out.Needs = s.needs.list(v)
	for _, c := range o.decl.Preconditions {
		diags = append(diags, p.condition(s, c, "precondition-failed", nil)...)
	}
	if o.decl.Value == nil {
		out.Problems = diags // reported before
		return out
	}
	val, d := p.value(s, o.decl.Value)
	diags = append(diags, d...)
	if lang.IsSensitive(val) && !out.Sensitive {
		diags = append(diags, diag.Error("sensitive-output", o.decl.Value.Range().Ptr(), "Output of a sensitive value",
			"The output %q holds a sensitive value and would show it. Add sensitive = true to the output, "+
				"or write nonsensitive(...) around what is not secret.", o.decl.Name))
		out.Sensitive = true
	}
	if infinite(val) {
		diags = append(diags, s.infinity(o.decl.Value))
		val = cty.DynamicVal
	}
	out.Value, _ = val.UnmarkDeep()
	out.Problems = diags
	return out
}

// Expression evaluates an expression that is not part of the configuration, as
// a console does, with everything that a resource block can refer to.
func (p *Program) Expression(e hclsyntax.Expression, v *Values) (cty.Value, hcl.Diagnostics) {
	// A copy, so that what is found about e is not kept in p.
	q := *p
	q.bad = make(map[hclsyntax.Expression]bool)
	d, diags := q.collect(e, place{what: "an expression"})
	if diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	s, more := p.scope(v, &d, instance{})
	val, last := p.value(s, e)
	return withoutDigits(val), slices.Concat(diags, more, last)
}
