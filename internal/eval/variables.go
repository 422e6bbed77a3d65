package eval

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/internal/lang"
	"kiraform/internal/typed"
	"kiraform/schema"
)

// variables works out the value of every variable of the root module.
func (p *Program) variables() hcl.Diagnostics {
	var diags hcl.Diagnostics
	values := make(map[string]cty.Value, len(p.root.decl.Variables))
	p.unsound = make(map[string]bool)
	for _, decl := range p.root.decl.Variables {
		v, d := p.variable(decl)
		diags = append(diags, d...)
		if in, given := p.options.Inputs[decl.Name]; given && decl.Deprecated != "" {
			diags = append(diags, deprecated(decl, cmp.Or(in.Range, &decl.DefRange)))
		}
		p.unsound[decl.Name] = d.HasErrors()
		values[decl.Name] = secretly(decl, v)
	}
	p.root.vars = cty.ObjectVal(values)
	return diags
}

// variable returns the value of a variable, unknown if there is none.
func (p *Program) variable(decl *config.Variable) (cty.Value, hcl.Diagnostics) {
	want := decl.Type.WithoutOptionalAttributesDeep()
	in, given := p.options.Inputs[decl.Name]
	if given && in.Value.IsNull() && !decl.Nullable && decl.Default != nil {
		given = false
	}
	switch {
	case given:
	case decl.Default != nil:
		in = *decl.Default
	case p.options.UnknownInputs, decl.Broken:
		return cty.UnknownVal(want), nil
	default:
		return cty.UnknownVal(want), hcl.Diagnostics{diag.Error("no-value", &decl.DefRange, "No value for variable",
			"The variable %q has no default and was given no value. Give one with -var '%s=...', in kiraform.kiravars.hcl, "+
				"or in the environment as %s%s.", decl.Name, decl.Name, config.EnvPrefix, decl.Name)}
	}
	return fit(decl, p.marked(in), cmp.Or(in.Range, &decl.DefRange), from(in))
}

// mistaken reports whether a variable has no value because of a mistake.
func (p *Program) mistaken() bool {
	return slices.Contains(slices.Collect(maps.Values(p.unsound)), true)
}

// defaults checks the defaults of m's variables against their types, be it that
// nothing uses them.
func (p *Program) defaults(m *module) (diags hcl.Diagnostics) {
	for _, decl := range m.decl.Variables {
		if in := decl.Default; in != nil && !decl.Broken {
			_, d := fit(decl, p.marked(*in), cmp.Or(in.Range, &decl.DefRange), "")
			diags = append(diags, d...)
		}
	}
	return diags
}

// secretly marks a value as the variable's block says.
func secretly(decl *config.Variable, v cty.Value) cty.Value {
	if decl.Sensitive {
		v = v.Mark(Sensitive)
	}
	if decl.Ephemeral {
		v = v.Mark(lang.Ephemeral)
	}
	return v
}

// deprecated warns of a value that is given to a variable which should get none.
func deprecated(decl *config.Variable, at *hcl.Range) *hcl.Diagnostic {
	return diag.Warning("deprecated", at, "Deprecated variable", "The variable %q is deprecated: %s", decl.Name, decl.Deprecated)
}

// fit makes a value that was given to a variable one of its type.
func fit(decl *config.Variable, v cty.Value, at *hcl.Range, from string) (cty.Value, hcl.Diagnostics) {
	want := decl.Type.WithoutOptionalAttributesDeep()
	bare, _ := v.Unmark()
	if bare.IsNull() && !decl.Nullable {
		return cty.UnknownVal(want), hcl.Diagnostics{diag.Error("invalid-value", at, "Invalid value for variable",
			"The variable %q must not be null. Give it a value.", decl.Name)}
	}
	strange := strangers(v, want, "var."+decl.Name, at)
	if decl.Optional != nil && bare.IsKnown() {
		v = decl.Optional.Apply(v)
	}
	out, err := typed.Convert(v, decl.Type)
	if err != nil {
		return cty.UnknownVal(want), hcl.Diagnostics{diag.Error("invalid-value", at, "Invalid value for variable",
			"The value of %s%s does not fit its type: %s.", "var."+decl.Name, from, describe(err))}
	}
	diags := lost(v, func(at cty.Path) cty.Type { return typeAt(decl.Type, at) }, "The variable \""+decl.Name+"\"")
	if diags != nil {
		out = cty.UnknownVal(want)
	}
	return out, append(diags, strange...)
}

// input is the value of a variable in one instance of a called module.
func (p *Program) input(v *Values, n *named, at addr.Module, now uint64) (*localValue, hcl.Diagnostics) {
	decl, call := n.variable, n.in.call
	have := &localValue{value: cty.UnknownVal(decl.Type.WithoutOptionalAttributesDeep()), at: now, failed: true}
	val, rng := cty.NilVal, &call.DefRange
	var diags hcl.Diagnostics
	if n.expr != nil {
		outer, _, key := at.Parent()
		rng = n.expr.Range().Ptr()
		in, d := p.instanceAt(&n.in.repeat, outer, key, v, &n.deps)
		s, more := p.scope(n.in.parent, outer, v, &n.deps, in)
		var last hcl.Diagnostics
		val, last = p.value(s, n.expr)
		diags = slices.Concat(d, more, last)
		have.needs, have.failed = s.needs, s.wrong() || p.isBad(n.expr)
	}
	if bare, _ := val.Unmark(); decl.Default != nil && (n.expr == nil || bare.IsNull() && !decl.Nullable) {
		val, rng, have.failed = p.marked(*decl.Default), decl.Default.Range, false
	}
	if val == cty.NilVal || diags.HasErrors() {
		have.failed = true
		return v.keep(n, at, have), diags // that there is none is reported
	}
	val, d := fit(decl, val, rng, "")
	diags = append(diags, d...)
	have.value, have.failed = secretly(decl, val), have.failed || d.HasErrors()
	v.keep(n, at, have)
	if !have.failed { // a validation may ask for the variable through other names, so that it is kept before
		diags = append(diags, p.validate(n.in, decl, at, v, rng)...)
	}
	return have, diags
}

// from says who gave a value, if it was given outside of a file.
func from(in config.Input) string {
	if in.Range != nil || in.From == "" {
		return ""
	}
	return fmt.Sprintf(" (given by %s)", in.From)
}

// describe writes the error of a conversion with the path to where it is.
func describe(err error) string {
	p, ok := errors.AsType[cty.PathError](err)
	if !ok || len(p.Path) == 0 {
		return err.Error()
	}
	return fmt.Sprintf("in %s, %s", schema.PathString(p.Path), err)
}

// strangers reports attributes of v that the type does not have. The conversion
// would drop them without a word, and a misspelt name, as it probably is, with
// them.
func strangers(v cty.Value, want cty.Type, where string, at *hcl.Range) hcl.Diagnostics {
	v, _ = v.Unmark()
	if v.IsNull() || !v.IsKnown() || !v.CanIterateElements() {
		return nil
	}
	var diags hcl.Diagnostics
	ty := v.Type()
	switch {
	case ty.Equals(want):
	case want.IsObjectType() && (ty.IsObjectType() || ty.IsMapType()):
		given := v.AsValueMap()
		for _, name := range slices.Sorted(maps.Keys(given)) {
			if !want.HasAttribute(name) {
				diags = append(diags, diag.Error("unexpected-attribute", at, "Unexpected attribute",
					"The type of %s has no attribute %q.%s", where, name, suggestion(name, want.AttributeTypes())))
				continue
			}
			diags = append(diags, strangers(given[name], want.AttributeType(name), where+"."+name, at)...)
		}
	case want.IsTupleType() && ty.IsTupleType() && ty.Length() == want.Length():
		for i, e := range v.AsValueSlice() {
			diags = append(diags, strangers(e, want.TupleElementType(i), fmt.Sprintf("%s[%d]", where, i), at)...)
		}
	case want.IsCollectionType() && !ty.IsSetType():
		for it := v.ElementIterator(); it.Next(); {
			k, e := it.Element()
			diags = append(diags, strangers(e, want.ElementType(), where+schema.PathString(cty.IndexPath(k)), at)...)
		}
	}
	return diags
}
