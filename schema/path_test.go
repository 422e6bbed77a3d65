package schema_test

import (
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

func TestPathString(t *testing.T) {
	in := func(key cty.Value) cty.Path {
		return cty.Path{cty.GetAttrStep{Name: "persons"}, cty.IndexStep{Key: key}, cty.GetAttrStep{Name: "email"}}
	}
	for name, tt := range map[string]struct {
		path cty.Path
		want string
	}{
		"nothing":            {nil, ""},
		"an index":           {in(cty.NumberIntVal(2)), "persons[2].email"},
		"a key":              {in(cty.StringVal("a b")), `persons["a b"].email`},
		"a marked key":       {in(cty.StringVal("a").Mark("sensitive")), `persons["a"].email`},
		"an unknown key":     {in(cty.UnknownVal(cty.String)), "persons[...].email"},
		"a null":             {in(cty.NullVal(cty.String)), "persons[...].email"},
		"an element of sets": {in(cty.EmptyObjectVal), "persons[...].email"},
	} {
		if got := schema.PathString(tt.path); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}
