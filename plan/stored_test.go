package plan_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// What Kira shows after a write is as it was before, another spelling, or another
// value; where money goes only the form of the kind is a spelling.
func TestWhatKiraKeptOfAWrite(t *testing.T) {
	kind := &schema.Kind{Name: "holder", Identity: &schema.Identity{Natural: []string{"name"}, Money: []string{"iban"},
		Form: func(path, text string, _ func(string) cty.Value) string {
			if path == "iban" {
				return strings.ReplaceAll(text, " ", "")
			}
			return text
		}},
		Attrs: []schema.Attr{{Name: "name", Type: cty.String}, {Name: "iban", Type: cty.String}, {Name: "id", Type: cty.String, Computed: true}}}
	object := func(name, iban string) cty.Value {
		text := func(s string) cty.Value {
			if s == "-" {
				return cty.NullVal(cty.String)
			}
			return cty.StringVal(s)
		}
		return cty.ObjectVal(map[string]cty.Value{"name": text(name), "iban": text(iban), "id": cty.StringVal("h")})
	}
	was := func(sent, seen cty.Value) state.Object {
		return state.Object{ID: "h", Salt: "s", Sent: key.Seal(kind, "s", sent), Seen: key.Seal(kind, "s", seen)}
	}
	before := was(object("Ana", "DE1"), object("Ana", "DE1"))
	as := map[plan.As]string{plan.Spelled: "spelled", plan.Before: "before", plan.Changed: "changed"}
	for name, tt := range map[string]struct {
		before state.Object
		change string // the attribute that an update carried; "" for a create
		seen   cty.Value
		want   string
	}{
		"all of it":                              {before, "name", object("Eva", "DE1"), ""},
		"nothing of it":                          {before, "name", object("Ana", "DE1"), "name before"},
		"nothing of it, for the second time":     {was(object("Eva", "DE1"), object("Ana", "DE1")), "name", object("Ana", "DE1"), "name before again"},
		"in another spelling":                    {before, "name", object("EVA", "DE1"), "name spelled"},
		"another value":                          {before, "name", object("Zoe", "DE1"), "name changed"},
		"an attribute that was not sent":         {before, "iban", object("Zoe", "DE1"), ""},
		"a create without it":                    {state.Object{}, "", object("-", "DE1"), "name before"},
		"a create with another value":            {state.Object{}, "", object("Zoe", "DE1"), "name changed"},
		"where money goes, in the same form":     {before, "iban", object("Eva", "DE 1"), ""},
		"where money goes, to another place":     {before, "iban", object("Eva", "DE2"), "iban changed money"},
		"where money goes, in small letters now": {before, "iban", object("Eva", "de1"), "iban changed money"},
	} {
		w := plan.Write{Kind: kind, Key: key, Salt: "s", Want: object("Eva", "DE1"), Before: tt.before}
		if tt.change != "" {
			w.Change = []cty.Path{cty.GetAttrPath(tt.change)}
		}
		var got []string
		for _, k := range w.Kept(tt.seen) {
			s := fmt.Sprintf("%s %s", schema.PathString(k.Path), as[k.As])
			if k.Again {
				s += " again"
			}
			if k.Money {
				s += " money"
			}
			got = append(got, s)
		}
		if s := strings.Join(got, ", "); s != tt.want {
			t.Errorf("%s: %q, want %q", name, s, tt.want)
		}
	}
}

// An update says how Kira stores the attributes that it carried, and leaves alone all that
// is known of the others, within objects too.
func TestRememberKeepsWhatWasNotSent(t *testing.T) {
	kind := &schema.Kind{Name: "holder", Attrs: []schema.Attr{{Name: "name", Type: cty.String}, {Name: "place", Nested: []schema.Attr{{Name: "city", Type: cty.String}}}, {Name: "namesake", Type: cty.String}}}
	before := state.Object{Stored: []state.Stored{{Path: "name"}, {Path: "namesake"}, {Path: "place.city"}, {Path: "place[0].city"}}}
	for carried, want := range map[string]string{"name": "namesake place.city place[0].city", "place": "name namesake", "namesake": "name place.city place[0].city", "": ""} {
		w := plan.Write{Kind: kind, Key: key, Salt: "s", Want: cty.EmptyObjectVal, Before: before}
		if carried != "" {
			w.Change = []cty.Path{cty.GetAttrPath(carried)}
		}
		var left []string
		for _, s := range w.Remember(nil, state.Sealed{}) {
			left = append(left, s.Path)
		}
		if got := strings.Join(left, " "); got != want {
			t.Errorf("after %q was sent, %q is remembered, want %q", carried, got, want)
		}
	}
}
