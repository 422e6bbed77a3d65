package schema_test

import (
	"fmt"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

func ExampleCheck() {
	kind := schema.Kind{Name: "kira_thing", Attrs: []schema.Attr{
		{Name: "country", Type: cty.String, Required: true, Format: schema.Alpha3},
		{Name: "mode", Type: cty.String, OneOf: []string{"fiat", "crypto"}},
		{Name: "secret", Type: cty.String, Sensitive: true, Format: schema.UUID},
	}}
	block := cty.ObjectVal(map[string]cty.Value{
		"country": cty.StringVal("MX"),
		"mode":    cty.UnknownVal(cty.String), // not judged yet
		"secret":  cty.StringVal("1234"),      // never shown
	})
	for _, p := range schema.Check(&kind, block, schema.Env{}) {
		fmt.Printf("%s: %s\n", p.Code, p.Detail)
	}
	// Output:
	// invalid-country: "MX" is not a three-letter country code. Did you mean "MEX"? Users take ISO 3166 alpha-3 codes in upper case, such as "MEX"; recipients take two letters.
	// invalid-uuid: The value of secret is not an id in the form of a UUID. Refer to the object, such as kira_user.maria.id, or write its id as Kira shows it.
}
