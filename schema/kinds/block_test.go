package kinds_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"kiraform/schema"
	"kiraform/schema/kinds"
)

const (
	userID = "0d7f6f0e-5f0a-4c0e-9a53-2c1c8b0d4e11"
	otherC = "5b0e8a3e-0b7e-4a53-8f39-6f2f0a9f1c22"
)

var huge = cty.StringVal("data:image/png;base64," + strings.Repeat("AAAA", 11<<18))

// block reads the attributes of a resource, as HCL or as the JSON of a body,
// into a value of the kind's InputType. The name unknown stands for something
// that is not known yet, and huge for a document of 11 MB.
func block(t *testing.T, kind, src string) cty.Value {
	t.Helper()
	v := parse(t, src)
	k, ok := kinds.ByName(kind)
	if !ok {
		t.Fatalf("no kind %s", kind)
	}
	out := fill(t, k.Schema.Attrs, v, true)
	if errs := out.Type().TestConformance(k.Schema.InputType()); errs != nil {
		t.Fatalf("not a %s: %v", kind, errs)
	}
	return out
}

func parse(t *testing.T, src string) cty.Value {
	t.Helper()
	expr, diags := hclsyntax.ParseExpression([]byte(src), "test.hcl", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatalf("%v in %s", diags, src)
	}
	v, diags := expr.Value(&hcl.EvalContext{Variables: map[string]cty.Value{
		"unknown": cty.DynamicVal,
		"huge":    huge,
	}})
	if diags.HasErrors() {
		t.Fatalf("%v in %s", diags, src)
	}
	return v
}

// fill makes an object of the attributes, with null for those that v does not
// have. An attribute of v that is none of them is a mistake in the test.
func fill(t *testing.T, attrs []schema.Attr, v cty.Value, top bool) cty.Value {
	t.Helper()
	known := schema.Attr{Nested: attrs}
	for name := range v.Type().AttributeTypes() {
		if _, ok := known.Sub(name); !ok {
			t.Fatalf("there is no attribute %s", name)
		}
	}
	all := make(map[string]cty.Value)
	for i := range attrs {
		if a := &attrs[i]; !top || !a.Computed {
			all[a.Name] = fillAttr(t, a, v)
		}
	}
	return cty.ObjectVal(all)
}

func fillAttr(t *testing.T, a *schema.Attr, from cty.Value) cty.Value {
	t.Helper()
	if !from.Type().HasAttribute(a.Name) || from.GetAttr(a.Name).IsNull() {
		return cty.NullVal(a.CtyType())
	}
	v := from.GetAttr(a.Name)
	switch {
	case !v.IsKnown():
		return cty.UnknownVal(a.CtyType())
	case a.Nested != nil && !a.List:
		return fill(t, a.Nested, v, false)
	case a.Nested != nil:
		var list []cty.Value
		for _, e := range v.AsValueSlice() {
			list = append(list, fill(t, a.Nested, e, false))
		}
		if list == nil {
			return cty.ListValEmpty(a.CtyType().ElementType())
		}
		return cty.ListVal(list)
	}
	out, err := convert.Convert(v, a.Type)
	if err != nil {
		t.Fatalf("%s: %v", a.Name, err)
	}
	return out
}

func check(t *testing.T, kind, src string, env schema.Env) []schema.Problem {
	t.Helper()
	k, _ := kinds.ByName(kind)
	return schema.Check(k.Schema, block(t, kind, src), env)
}
