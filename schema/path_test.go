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

func TestStepName(t *testing.T) {
	for name, tt := range map[string]struct {
		step  cty.PathStep
		want  string
		named bool
	}{
		"an attribute":            {cty.GetAttrStep{Name: "email"}, "email", true},
		"a key of a map":          {cty.IndexStep{Key: cty.StringVal("a b")}, "a b", true},
		"a marked key":            {cty.IndexStep{Key: cty.StringVal("a").Mark("sensitive")}, "a", true},
		"an index of a list":      {cty.IndexStep{Key: cty.NumberIntVal(2)}, "", false},
		"an unknown key":          {cty.IndexStep{Key: cty.UnknownVal(cty.String)}, "", false},
		"a null":                  {cty.IndexStep{Key: cty.NullVal(cty.String)}, "", false},
		"an element of a set":     {cty.IndexStep{Key: cty.EmptyObjectVal}, "", false},
		"a number that is a text": {cty.IndexStep{Key: cty.StringVal("2")}, "2", true},
	} {
		if got, named := schema.StepName(tt.step); got != tt.want || named != tt.named {
			t.Errorf("%s: %q, %v", name, got, named)
		}
	}
}
