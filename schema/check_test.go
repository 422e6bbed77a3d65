package schema_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// pet is a kind with one of everything that Check looks at.
var pet = schema.Kind{
	Name: "kira_pet", Variant: "type",
	Attrs: []schema.Attr{
		{Name: "type", Type: cty.String, Required: true, OneOf: []string{"cat", "dog"}},
		{Name: "name", Type: cty.String, Required: true},
		{Name: "leash", Type: cty.String, Required: true, For: []string{"dog"}},
		{Name: "collar", Type: cty.String, RequiredFor: []string{"dog"}},
		{Name: "colour", Type: cty.String, OneOf: []string{"black", "white"}, OneOfFor: map[string][]string{"dog": {"brown"}}},
		{Name: "breed", Type: cty.String, OneOf: []string{"siamese"}, Open: true},
		{Name: "chip", Type: cty.String, Sensitive: true, OneOf: []string{"c-1"}},
		{Name: "born", Type: cty.String, Format: schema.Date},
		{Name: "likes", Type: cty.List(cty.String), OneOf: []string{"fish", "milk"}},
		{Name: "owners", List: true, Class: schema.Merged, MergeKey: "email", Nested: []schema.Attr{
			{Name: "email", Type: cty.String, Format: schema.Email},
			{Name: "country", Type: cty.String, Required: true, Format: schema.Alpha3},
		}},
	},
	Rules: []schema.Rule{{ID: "no-tom", Check: func(v cty.Value, _ schema.Env) []schema.Problem {
		if name, _ := v.GetAttr("name").Unmark(); name.IsKnown() && !name.IsNull() && name.AsString() == "Tom" {
			return []schema.Problem{{Path: cty.GetAttrPath("name"), Code: "no-tom"}}
		}
		return nil
	}}},
}

type attrs = map[string]cty.Value

// petWith returns a pet that is right but for the given attributes.
func petWith(changes attrs) cty.Value {
	all := attrs{"type": cty.StringVal("cat"), "name": cty.StringVal("Mau")}
	for name, ty := range pet.InputType().AttributeTypes() {
		if v, ok := changes[name]; ok {
			all[name] = v
		} else if _, ok := all[name]; !ok {
			all[name] = cty.NullVal(ty)
		}
	}
	return cty.ObjectVal(all)
}

func owners(entries ...attrs) cty.Value {
	var list []cty.Value
	for _, e := range entries {
		o := attrs{"email": cty.NullVal(cty.String), "country": cty.StringVal("MEX")}
		maps.Copy(o, e)
		list = append(list, cty.ObjectVal(o))
	}
	return cty.ListVal(list)
}

func TestCheck(t *testing.T) {
	text, no := cty.StringVal, cty.NullVal(cty.String)
	for name, tt := range map[string]struct {
		change attrs
		want   []string // "path code", in order
	}{
		"a right one has no problem":                        {nil, nil},
		"what is required must be there":                    {attrs{"name": no}, []string{"name missing-attribute"}},
		"a variant requires what is its own":                {attrs{"type": text("dog")}, []string{"leash missing-attribute", "collar missing-attribute"}},
		"another variant may not have it":                   {attrs{"leash": text("red")}, []string{"leash misplaced-attribute"}},
		"a variant that does not exist is one mistake only": {attrs{"type": text("cow"), "leash": text("red")}, []string{"type value-not-accepted"}},
		"a variant that is unknown judges nothing":          {attrs{"type": cty.UnknownVal(cty.String), "leash": text("red")}, nil},
		"values are from the list":                          {attrs{"colour": text("brown")}, []string{"colour value-not-accepted"}},
		"or from the list of the variant": {attrs{"type": text("dog"), "leash": text("x"), "collar": text("x"), "colour": text("black")},
			[]string{"colour value-not-accepted"}},
		"an open list warns":                      {attrs{"breed": text("tabby")}, []string{"breed value-not-known (warning)"}},
		"each string of a list is looked at":      {attrs{"likes": cty.ListVal([]cty.Value{text("fish"), text("dogs"), text("milk")})}, []string{"likes[1] value-not-accepted"}},
		"forms are checked":                       {attrs{"born": text("2023-02-29")}, []string{"born invalid-date"}},
		"a mark does not hide a mistake":          {attrs{"born": text("yesterday").Mark("secret")}, []string{"born invalid-date"}},
		"what is in a nested entry has its place": {attrs{"owners": owners(attrs{"email": text("a@b.mx")}, attrs{"email": text("b@b.mx"), "country": text("MX")})}, []string{"owners[1].country invalid-country"}},
		"what is missing in it too":               {attrs{"owners": owners(attrs{"email": text("a@b.mx"), "country": no})}, []string{"owners[0].country missing-attribute"}},
		"an entry has a key":                      {attrs{"owners": owners(attrs{})}, []string{"owners[0].email missing-merge-key"}},
		"of its own":                              {attrs{"owners": owners(attrs{"email": text("a@b.mx")}, attrs{"email": text("a@b.mx")})}, []string{"owners[1].email duplicate-merge-key"}},
		"unless it is unknown":                    {attrs{"owners": owners(attrs{"email": cty.UnknownVal(cty.String)}, attrs{"email": cty.UnknownVal(cty.String)})}, nil},
		"rules come last":                         {attrs{"name": text("Tom"), "born": text("x")}, []string{"born invalid-date", "name no-tom"}},
		"an unknown list is skipped":              {attrs{"owners": cty.UnknownVal(pet.InputType().AttributeType("owners"))}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, p := range schema.Check(&pet, petWith(tt.change), schema.Env{}) {
				s := place(p.Path) + " " + string(p.Code)
				if p.Warning {
					s += " (warning)"
				}
				got = append(got, s)
			}
			if strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func place(p cty.Path) string {
	var b strings.Builder
	for _, s := range p {
		switch s := s.(type) {
		case cty.GetAttrStep:
			b.WriteString("." + s.Name)
		case cty.IndexStep:
			b.WriteString("[" + s.Key.AsBigFloat().String() + "]")
		}
	}
	return strings.TrimPrefix(b.String(), ".")
}

func TestCheckNothing(t *testing.T) {
	ty := pet.InputType()
	for _, v := range []cty.Value{cty.NilVal, cty.NullVal(ty), cty.UnknownVal(ty), cty.DynamicVal, cty.UnknownVal(ty).Mark("x")} {
		if got := schema.Check(&pet, v, schema.Env{}); got != nil {
			t.Errorf("Check(%#v) = %v, want nothing", v, got)
		}
	}
}

func TestCheckHidesSecrets(t *testing.T) {
	v := petWith(attrs{
		"chip":   cty.StringVal("canary-1"),
		"colour": cty.StringVal("canary-2").Mark("sensitive"),
		"owners": cty.ListVal([]cty.Value{cty.ObjectVal(attrs{"email": cty.StringVal("canary-3"), "country": cty.StringVal("canary-4")})}).Mark("sensitive"),
	})
	got := schema.Check(&pet, v, schema.Env{})
	if len(got) != 4 {
		t.Errorf("got %d problems, want 4: %v", len(got), got)
	}
	for _, p := range got {
		if strings.Contains(p.Summary+p.Detail, "canary") {
			t.Errorf("a secret is in %q", p.Detail)
		}
	}
}

func TestCheckSuggests(t *testing.T) {
	for _, tt := range []struct{ attr, value, want string }{
		{"colour", "blakc", `"blakc" is none of the values that Kira accepts for colour. Did you mean "black"? Use one of "black", "white".`},
		{"chip", "c-2", `The value is none of the values that Kira accepts for chip. Use one of "c-1".`},
		{"born", "1990-13-01", `"1990-13-01" is not a day that exists. Write the date as YYYY-MM-DD, such as "1990-05-15".`},
	} {
		got := schema.Check(&pet, petWith(attrs{tt.attr: cty.StringVal(tt.value)}), schema.Env{})
		if len(got) != 1 || got[0].Detail != tt.want {
			t.Errorf("%s = %q: got %v, want %s", tt.attr, tt.value, got, tt.want)
		}
	}
}

// YAML makes a time of a date without quotes, which its decoder spells with midnight.
func TestADateOfYAMLIsExplained(t *testing.T) {
	for born, want := range map[string]string{
		"1990-05-15T00:00:00Z": `"1990-05-15T00:00:00Z" is a time and not a day. YAML makes one of a date without quotes: put it into quotes in that file, or write formatdate("YYYY-MM-DD", ...) here.`,
		"1990-05-15T10:00:00Z": `"1990-05-15T10:00:00Z" is not a day that exists. Write the date as YYYY-MM-DD, such as "1990-05-15".`,
		"1990-02-30T00:00:00Z": `"1990-02-30T00:00:00Z" is not a day that exists. Write the date as YYYY-MM-DD, such as "1990-05-15".`,
	} {
		found := schema.Check(&pet, petWith(attrs{"born": cty.StringVal(born)}), schema.Env{})
		if len(found) != 1 || found[0].Detail != want {
			t.Errorf("%s: %+v, want %s", born, found, want)
		}
	}
}
