package plan_test

import (
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/eval"
	"kiraform/plan"
	"kiraform/schema"
)

func TestProposeCompletesWhatTheStateLeftOut(t *testing.T) {
	k := &schema.Kind{Name: "k", Attrs: []schema.Attr{
		{Name: "secret", Type: cty.String, Sensitive: true},
		{Name: "people", List: true, Class: schema.Merged, Nested: []schema.Attr{
			{Name: "email", Type: cty.String},
			{Name: "role", Type: cty.String},
			{Name: "home", Nested: []schema.Attr{{Name: "city", Type: cty.String}, {Name: "street", Type: cty.String}}},
		}},
	}}
	text := cty.StringVal
	person := func(email, role, home cty.Value) cty.Value {
		return cty.ObjectVal(map[string]cty.Value{"email": email, "role": role, "home": home})
	}
	noText, homeType := cty.NullVal(cty.String), cty.Object(map[string]cty.Type{"city": cty.String, "street": cty.String})
	seen := cty.ObjectVal(map[string]cty.Value{"people": cty.TupleVal([]cty.Value{
		cty.ObjectVal(map[string]cty.Value{"email": text("maria@example.com"), "home": cty.ObjectVal(map[string]cty.Value{"city": text("Lima")})}),
		cty.ObjectVal(map[string]cty.Value{"role": text("owner")}),
	})})
	got := plan.Propose(k, cty.NullVal(k.InputType()), seen)
	want := cty.ObjectVal(map[string]cty.Value{
		"secret": noText.Mark(eval.Sensitive),
		"people": cty.ListVal([]cty.Value{
			person(text("maria@example.com"), noText, cty.ObjectVal(map[string]cty.Value{"city": text("Lima"), "street": noText})),
			person(noText, text("owner"), cty.NullVal(homeType)),
		}),
	})
	if !got.RawEquals(want) {
		t.Errorf("got  %#v\nwant %#v", got, want)
	}
}
