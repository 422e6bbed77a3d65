package schema_test

import (
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

func TestSharingATypeChangesNoValue(t *testing.T) {
	type attrs = map[string]cty.Value
	shared := cty.Object(map[string]cty.Type{"a": cty.String, "b": cty.List(cty.String)})
	for name, v := range map[string]cty.Value{
		"known":        cty.ObjectVal(attrs{"a": cty.StringVal("x"), "b": cty.ListVal([]cty.Value{cty.StringVal("y")})}),
		"marked":       cty.ObjectVal(attrs{"a": cty.StringVal("x").Mark("m"), "b": cty.ListVal([]cty.Value{cty.StringVal("y").Mark("n")})}),
		"marked whole": cty.ObjectVal(attrs{"a": cty.StringVal("x"), "b": cty.NullVal(cty.List(cty.String))}).Mark("m"),
		"unknown":      cty.ObjectVal(attrs{"a": cty.UnknownVal(cty.String).RefineNotNull(), "b": cty.UnknownVal(cty.List(cty.String))}),
		"null":         cty.NullVal(shared),
		"another type": cty.ObjectVal(attrs{"a": cty.StringVal("x")}),
		"no type":      cty.DynamicVal,
	} {
		if got := schema.Share(v, shared); !got.RawEquals(v) {
			t.Errorf("%s: %#v is %#v", name, v, got)
		}
	}
}
