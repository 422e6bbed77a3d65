package config

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/diag"
)

// Blocks that the language has but this version does not offer, with the way to
// go instead.
var notOffered = map[string]string{
	"terraform": "Write a kiraform block.",
}

var rootSchema = &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
	{Type: "kiraform"},
	{Type: "provider", LabelNames: []string{"name"}},
	{Type: "variable", LabelNames: []string{"name"}},
	{Type: "locals"},
	{Type: "output", LabelNames: []string{"name"}},
	{Type: "resource", LabelNames: []string{"kind", "name"}},
	{Type: "data", LabelNames: []string{"kind", "name"}},
	{Type: "action", LabelNames: []string{"kind", "name"}},
	{Type: "module", LabelNames: []string{"name"}},
	{Type: "import"},
	{Type: "moved"},
	{Type: "removed"},
	{Type: "check", LabelNames: []string{"name"}},
	{Type: "terraform"},
}}

// decode adds the blocks of one file to m.
func (m *Module) decode(body hcl.Body) hcl.Diagnostics {
	blocks, diags := content(body, rootSchema)
	for _, b := range blocks.Blocks {
		if advice, ok := notOffered[b.Type]; ok {
			diags = append(diags, diag.Error("unsupported-block", &b.DefRange, "Not supported in this version",
				"Blocks of type %q are not supported in this version of kiraform. %s", b.Type, advice))
			continue
		}
		for i, label := range b.Labels {
			if !hclsyntax.ValidIdentifier(label) {
				diags = append(diags, invalidName(label, b.LabelRanges[i]))
			}
		}
		diags = append(diags, m.add(b)...)
	}
	return diags
}

func (m *Module) add(b *hcl.Block) hcl.Diagnostics {
	switch b.Type {
	case "kiraform":
		return m.addKiraform(b)
	case "provider":
		return m.addProvider(b)
	case "variable":
		v, diags := variable(b)
		m.Variables = append(m.Variables, v)
		return diags
	case "locals":
		locals, diags := localValues(b)
		m.Locals = append(m.Locals, locals...)
		return diags
	case "output":
		o, diags := output(b)
		m.Outputs = append(m.Outputs, o)
		return diags
	case "module":
		c, diags := call(b)
		m.Calls = append(m.Calls, c)
		return diags
	case "resource", "data":
		r, diags := resource(b)
		r.Data = b.Type == "data"
		m.Resources = append(m.Resources, r)
		return diags
	case "action":
		r, diags := action(b)
		m.Resources = append(m.Resources, r)
		return diags
	case "import":
		im, diags := importBlock(b)
		if im != nil {
			m.Imports = append(m.Imports, im)
		}
		return diags
	case "check":
		return m.addCheck(b)
	case "removed":
		r, diags := removedBlock(b)
		if r != nil {
			m.Removed = append(m.Removed, r)
		}
		return diags
	case "moved":
		mv, diags := movedBlock(b)
		if mv != nil {
			m.Moved = append(m.Moved, mv)
		}
		return diags
	}
	panic("config: no decoder for block type " + b.Type)
}

func invalidName(name string, rng hcl.Range) *hcl.Diagnostic {
	return diag.Error("invalid-name", &rng, "Invalid name",
		"%q cannot be a name. Begin with a letter, and go on with letters, digits, underscores and dashes.", name)
}

// content reads body by its schema, with codes on the complaints of HCL.
func content(body hcl.Body, schema *hcl.BodySchema) (*hcl.BodyContent, hcl.Diagnostics) {
	c, diags := body.Content(schema)
	return c, diag.Coded("invalid-block", diags)
}

// duplicates reports every name that is declared twice; the first stands.
func (m *Module) duplicates() hcl.Diagnostics {
	var diags hcl.Diagnostics
	seen := make(map[string]hcl.Range)
	first := func(what, name string, rng hcl.Range) bool {
		at, twice := seen[what+" "+name]
		if !twice {
			seen[what+" "+name] = rng
			return true
		}
		diags = append(diags, diag.Error("duplicate-name", &rng, fmt.Sprintf("Duplicate %s", what),
			"There is a %s %q already, at %s. Rename one of them, or take one away.", what, name, Place(at)))
		return false
	}
	m.Variables = keep(m.Variables, func(v *Variable) bool { return first("variable", v.Name, v.DefRange) })
	m.Locals = keep(m.Locals, func(l *Local) bool { return first("local value", l.Name, l.NameRange) })
	m.Outputs = keep(m.Outputs, func(o *Output) bool { return first("output", o.Name, o.DefRange) })
	m.Calls = keep(m.Calls, func(c *Call) bool { return first("module", c.Name, c.DefRange) })
	m.Checks = keep(m.Checks, func(c *Check) bool { return first("check", c.Name, c.DefRange) })
	m.Resources = keep(m.Resources, func(r *Resource) bool { return first("resource", r.Addr().String(), r.DefRange) })
	return diags
}

// keep returns the elements of s, in order, that ok accepts.
func keep[T any](s []T, ok func(T) bool) []T {
	var out []T
	for _, x := range s {
		if ok(x) {
			out = append(out, x)
		}
	}
	return out
}

// Place writes where rng begins, as main.kira.hcl:3,14: line, then column.
func Place(rng hcl.Range) string {
	return fmt.Sprintf("%s:%d,%d", rng.Filename, rng.Start.Line, rng.Start.Column)
}
