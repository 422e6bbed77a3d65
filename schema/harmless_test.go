package schema_test

import (
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// A value is shown by its name alone only if no kind has that name for a secret.
func TestHarmless(t *testing.T) {
	harmless := schema.Harmless(map[string]*schema.Kind{
		"a": {Attrs: []schema.Attr{
			{Name: "email", Type: cty.String},
			{Name: "number", Type: cty.String},
			{Name: "id", Type: cty.String, Computed: true},
			{Name: "adopt", Type: cty.String, Local: true},
			{Name: "metadata", Type: cty.Map(cty.String)},
			{Name: "extra", Type: cty.DynamicPseudoType, Spread: true},
			{Name: "token", Type: cty.String},
			{Name: "papers", Nested: []schema.Attr{{Name: "city", Type: cty.String}}},
		}},
		"b": {Attrs: []schema.Attr{{Name: "deep", Nested: []schema.Attr{{Name: "number", Type: cty.String, Sensitive: true}}}}},
	})
	for name, want := range map[string]bool{
		"email": true, "city": true, "papers": true, "deep": true,
		"number": false, "id": false, "adopt": false, "metadata": false, "extra": false, "token": false, "tax_id": false,
	} {
		if got := harmless(name); got != want {
			t.Errorf("%s: harmless %t, want %t", name, got, want)
		}
	}
}
