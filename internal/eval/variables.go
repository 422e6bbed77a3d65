package eval

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/config"
	"kiraform/internal/diag"
	"kiraform/internal/lang"
)

// variables works out the value of every variable and checks its validations.
func (p *Program) variables() hcl.Diagnostics {
	var diags hcl.Diagnostics
	values := make(map[string]cty.Value, len(p.module.Variables))
	sound := make(map[string]bool)
	for _, decl := range p.module.Variables {
		v, d := p.variable(decl)
		diags = append(diags, d...)
		sound[decl.Name] = !d.HasErrors()
		if decl.Sensitive {
			v = v.Mark(Sensitive)
		}
		values[decl.Name] = v
	}
	p.vars = cty.ObjectVal(values)
	for _, decl := range p.module.Variables {
		if sound[decl.Name] {
			diags = append(diags, p.validate(decl)...)
		}
	}
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
	case p.options.UnknownInputs:
		return cty.UnknownVal(want), nil
	default:
		return cty.UnknownVal(want), hcl.Diagnostics{diag.Error("no-value", &decl.DefRange, "No value for variable",
			"The variable %q has no default and was given no value. Give one with -var '%s=...', in kiraform.kiravars.hcl, "+
				"or in the environment as %s%s.", decl.Name, decl.Name, config.EnvPrefix, decl.Name)}
	}
	at := cmp.Or(in.Range, &decl.DefRange)
	if in.Value.IsNull() && !decl.Nullable {
		return cty.UnknownVal(want), hcl.Diagnostics{diag.Error("invalid-value", at, "Invalid value for variable",
			"The variable %q must not be null. Give it a value.", decl.Name)}
	}
	v := p.marked(in)
	if decl.Optional != nil && v.IsKnown() {
		v = decl.Optional.Apply(v)
	}
	out, err := lang.Convert(v, decl.Type)
	if err != nil {
		return cty.UnknownVal(want), hcl.Diagnostics{diag.Error("invalid-value", at, "Invalid value for variable",
			"The value of %s%s does not fit its type: %s.", "var."+decl.Name, from(in), describe(err))}
	}
	diags := lost(v, func(at cty.Path) cty.Type { return typeAt(decl.Type, at) }, "The variable \""+decl.Name+"\"")
	if diags != nil {
		out = cty.UnknownVal(want)
	}
	return out, append(diags, strangers(in.Value, want, "var."+decl.Name, at)...)
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
	return fmt.Sprintf("in %s, %s", pathText(p.Path), err)
}

// pathText writes a path as one would write it after a name.
func pathText(path cty.Path) string {
	var s strings.Builder
	for _, step := range path {
		switch step := step.(type) {
		case cty.GetAttrStep:
			s.WriteString("." + step.Name)
		case cty.IndexStep:
			if name, ok := stepName(step); ok {
				fmt.Fprintf(&s, "[%q]", name)
			} else if bf := step.Key; bf.IsKnown() && bf.Type() == cty.Number {
				fmt.Fprintf(&s, "[%s]", bf.AsBigFloat().Text('f', -1))
			}
		}
	}
	return s.String()
}

// strangers reports attributes of v that the type does not have. The
// conversion would drop them without a word, and with them what was probably
// a misspelt name.
func strangers(v cty.Value, want cty.Type, where string, at *hcl.Range) hcl.Diagnostics {
	v, _ = v.Unmark()
	if v.IsNull() || !v.IsKnown() || !v.CanIterateElements() {
		return nil
	}
	var diags hcl.Diagnostics
	switch {
	case want.IsObjectType():
		given := v.AsValueMap()
		for _, name := range slices.Sorted(maps.Keys(given)) {
			if !want.HasAttribute(name) {
				diags = append(diags, diag.Error("unexpected-attribute", at, "Unexpected attribute",
					"The type of %s has no attribute %q.%s", where, name, suggestion(name, want.AttributeTypes())))
				continue
			}
			diags = append(diags, strangers(given[name], want.AttributeType(name), where+"."+name, at)...)
		}
	case want.IsCollectionType() && !v.Type().IsSetType():
		for it := v.ElementIterator(); it.Next(); {
			k, e := it.Element()
			diags = append(diags, strangers(e, want.ElementType(), where+pathText(cty.IndexPath(k)), at)...)
		}
	}
	return diags
}

// validate checks the rules that a variable block has.
func (p *Program) validate(decl *config.Variable) hcl.Diagnostics {
	var diags hcl.Diagnostics
	at := &decl.DefRange
	if in, ok := p.options.Inputs[decl.Name]; ok && in.Range != nil {
		at = in.Range
	}
	for _, rule := range decl.Validations {
		only := place{what: "a validation", bare: true}
		d, more := p.collect(rule.Condition, only)
		diags = append(diags, more...)
		_, more = p.collect(rule.ErrorMessage, only)
		diags = append(diags, more...)
		s, more := p.scope(NewValues(), &d, instance{})
		diags = append(diags, more...)
		diags = append(diags, p.condition(s, rule, "validation-failed", at)...)
	}
	return diags
}
