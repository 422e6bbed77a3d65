package config

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/budget"
	"kiraform/internal/diag"
)

// Variable is a variable block.
type Variable struct {
	Name        string
	Description string
	Type        cty.Type           // the type that values are converted to; dynamic if any is accepted
	Any         bool               // the type is written, and is any
	Optional    *typeexpr.Defaults // of optional object attributes, or nil
	Default     *Input             // nil if a value must be given
	Sensitive   bool
	Ephemeral   bool   // no file keeps its value
	Deprecated  string // why it should be given no value; "" if it is not deprecated
	Nullable    bool   // a null is a value, rather than a wish for the default
	Validations []Condition
	Broken      bool // its block has a mistake, so that an argument that seems to be missing may be meant
	DefRange    hcl.Range
	NameRange   hcl.Range
}

// Condition is a rule that the author of the configuration has written down.
type Condition struct {
	Condition    hclsyntax.Expression // nil if it is missing, which is reported
	ErrorMessage hclsyntax.Expression // nil if it is missing, which is reported
	DefRange     hcl.Range
}

var variableSchema = &hcl.BodySchema{
	Attributes: []hcl.AttributeSchema{
		{Name: "type"}, {Name: "default"}, {Name: "description"}, {Name: "sensitive"}, {Name: "nullable"}, {Name: "ephemeral"}, {Name: "deprecated"},
	},
	Blocks: []hcl.BlockHeaderSchema{{Type: "validation"}},
}

var conditionSchema = &hcl.BodySchema{
	Attributes: []hcl.AttributeSchema{{Name: "condition", Required: true}, {Name: "error_message", Required: true}},
}

func variable(b *hcl.Block) (*Variable, hcl.Diagnostics) {
	c, diags := content(b.Body, variableSchema)
	v := &Variable{Name: b.Labels[0], Type: cty.DynamicPseudoType, DefRange: b.DefRange, NameRange: b.LabelRanges[0]}
	if slices.Contains(ReservedNames, v.Name) {
		diags = append(diags, diag.Error("reserved-name", &v.NameRange, "Reserved name",
			"A variable cannot be called %q: that means something in a module block. Choose another name.", v.Name))
	}
	v.Description = text(c.Attributes, "description", &diags)
	_, said := c.Attributes["sensitive"]
	v.Sensitive = flag(c.Attributes, "sensitive", said, &diags) // whoever says something else than false means it
	v.Ephemeral = flag(c.Attributes, "ephemeral", false, &diags)
	v.Deprecated = text(c.Attributes, "deprecated", &diags)
	v.Nullable = flag(c.Attributes, "nullable", true, &diags)
	if a, ok := c.Attributes["type"]; ok {
		ty, defaults, d := typeexpr.TypeConstraintWithDefaults(a.Expr)
		diags = append(diags, diag.Coded("invalid-type", d)...)
		if !d.HasErrors() {
			v.Type, v.Optional, v.Any = ty, defaults, ty == cty.DynamicPseudoType
		}
	}
	if a, ok := c.Attributes["default"]; ok {
		value, d := budget.Constant(a.Expr)
		diags = append(diags, diag.Coded("not-a-literal", d)...)
		expr, _ := native(a.Expr)
		v.Default = &Input{Value: value, Range: a.Expr.Range().Ptr(), Expr: expr}
		if d.HasErrors() {
			v.Default.Value = cty.DynamicVal
		}
	}
	for _, b := range c.Blocks {
		cond, d := condition(b)
		diags = append(diags, d...)
		v.Validations = append(v.Validations, cond)
	}
	v.Broken = diags.HasErrors()
	return v, diags
}

// condition reads a validation, precondition or postcondition block.
func condition(b *hcl.Block) (Condition, hcl.Diagnostics) {
	c, diags := content(b.Body, conditionSchema)
	return Condition{
		Condition:    expression(c.Attributes, "condition", &diags),
		ErrorMessage: expression(c.Attributes, "error_message", &diags),
		DefRange:     b.DefRange,
	}, diags
}

// Local is one local value.
type Local struct {
	Name      string
	Expr      hclsyntax.Expression
	NameRange hcl.Range
}

func localValues(b *hcl.Block) ([]*Local, hcl.Diagnostics) {
	attrs, diags := b.Body.JustAttributes()
	diags = diag.Coded("invalid-block", diags)
	var locals []*Local
	for _, a := range inOrder(attrs) {
		if !hclsyntax.ValidIdentifier(a.Name) {
			diags = append(diags, invalidName(a.Name, a.NameRange))
			continue
		}
		e, d := native(a.Expr)
		diags = append(diags, d...)
		locals = append(locals, &Local{Name: a.Name, Expr: e, NameRange: a.NameRange})
	}
	return locals, diags
}

// Output is an output block.
type Output struct {
	Name          string
	Description   string
	Value         hclsyntax.Expression // nil if it is missing, which is reported
	Type          cty.Type             // the type that the value is converted to; cty.NilType if it stays as it is
	Optional      *typeexpr.Defaults   // of optional object attributes, or nil
	Sensitive     bool
	Ephemeral     bool
	Deprecated    string // why it should not be used; "" if it is not deprecated
	DependsOn     []hcl.Traversal
	Preconditions []Condition
	DefRange      hcl.Range
}

var outputSchema = &hcl.BodySchema{
	Attributes: []hcl.AttributeSchema{
		{Name: "value", Required: true}, {Name: "description"}, {Name: "sensitive"}, {Name: "depends_on"}, {Name: "type"}, {Name: "ephemeral"}, {Name: "deprecated"},
	},
	Blocks: []hcl.BlockHeaderSchema{{Type: "precondition"}},
}

func output(b *hcl.Block) (*Output, hcl.Diagnostics) {
	c, diags := content(b.Body, outputSchema)
	o := &Output{Name: b.Labels[0], DefRange: b.DefRange}
	o.Description = text(c.Attributes, "description", &diags)
	o.Sensitive = flag(c.Attributes, "sensitive", false, &diags)
	o.Ephemeral = flag(c.Attributes, "ephemeral", false, &diags)
	o.Deprecated = text(c.Attributes, "deprecated", &diags)
	if a, ok := c.Attributes["type"]; ok {
		ty, defaults, d := typeexpr.TypeConstraintWithDefaults(a.Expr)
		diags = append(diags, diag.Coded("invalid-type", d)...)
		if !d.HasErrors() {
			o.Type, o.Optional = ty, defaults
		}
	}
	o.Value = expression(c.Attributes, "value", &diags)
	o.DependsOn = references(c.Attributes["depends_on"], &diags)
	for _, b := range c.Blocks {
		cond, d := condition(b)
		diags = append(diags, d...)
		o.Preconditions = append(o.Preconditions, cond)
	}
	return o, diags
}

// references reads a list of references, such as depends_on; a is nil if it is
// not written.
func references(a *hcl.Attribute, diags *hcl.Diagnostics) []hcl.Traversal {
	if a == nil {
		return nil
	}
	list, d := hcl.ExprList(a.Expr)
	if d.HasErrors() {
		*diags = append(*diags, diag.Error("invalid-reference", a.Expr.Range().Ptr(), "Invalid reference",
			"The argument %q takes a list of references, such as [kira_user.maria].", a.Name))
		return nil
	}
	var out []hcl.Traversal
	for _, e := range list {
		t, d := hcl.AbsTraversalForExpr(e)
		if d.HasErrors() {
			*diags = append(*diags, diag.Error("invalid-reference", e.Range().Ptr(), "Invalid reference",
				"An element of %q must be a plain reference, such as kira_user.maria, without quotes or calculation.", a.Name))
			continue
		}
		out = append(out, t)
	}
	return out
}
