package live

import (
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// An answer that shows nothing of an attribute that was sent, was seen, and cannot change
// shows a part of the object, and is not taken for all of it.
func TestAPartOfAnObject(t *testing.T) {
	attrs := []schema.Attr{{Name: "loose", Type: cty.String}, {Name: "type", Type: cty.String, Fixed: true}, {Name: "bank", Fixed: true, Nested: []schema.Attr{
		{Name: "city", Type: cty.String}, {Name: "number", Type: cty.String, Fixed: true}}}, {Name: "persons", Fixed: true, List: true, Nested: []schema.Attr{{Name: "name", Type: cty.String, Fixed: true}}}}
	text := func(s string) cty.Value {
		if s == "" {
			return cty.NullVal(cty.String)
		}
		return cty.StringVal(s)
	}
	object := func(loose, typ, city, number, person string) cty.Value {
		return cty.ObjectVal(map[string]cty.Value{"loose": text(loose), "type": text(typ), "bank": cty.ObjectVal(map[string]cty.Value{"city": text(city), "number": text(number)}),
			"persons": cty.ListVal([]cty.Value{cty.ObjectVal(map[string]cty.Value{"name": text(person)})})})
	}
	all := object("l", "t", "c", "n", "p")
	for _, tt := range []struct {
		name              string
		seen, before, had cty.Value
		want              string
	}{
		{"all of it", all, all, all, ""},
		{"what can change", object("", "t", "", "n", "p"), all, all, ""},
		{"what cannot", object("l", "", "c", "n", "p"), all, all, "type"},
		{"what cannot, within an object", object("l", "t", "c", "", "p"), all, all, "bank.number"},
		{"the object around it", cty.ObjectVal(map[string]cty.Value{"type": text("t")}), all, all, "bank"},
		{"what stands in a list", object("l", "t", "c", "n", ""), all, all, ""},
		{"what was not seen before either", object("l", "", "c", "n", "p"), object("l", "", "c", "n", "p"), all, ""},
		{"what was never sent", object("l", "", "c", "n", "p"), all, object("l", "", "c", "n", "p"), ""},
	} {
		if got := lost(attrs, tt.seen, tt.before, tt.had); got != tt.want {
			t.Errorf("%s: %q is gone, want %q", tt.name, got, tt.want)
		}
	}
}

// A row that shows another text of somebody than was seen before may be somebody else's,
// and is not handed over. What is only known by its fingerprint tells nothing.
func TestARowOfAnotherObject(t *testing.T) {
	key, err := state.NewKey([]byte("a key of 16 bytes"))
	if err != nil {
		t.Fatal(err)
	}
	user, _ := kinds.ByName("kira_user")
	person := func(email string, more ...string) cty.Value {
		attrs := map[string]cty.Value{"id": cty.StringVal("u1"), "type": cty.StringVal("individual"), "email": cty.StringVal(email)}
		for _, name := range more {
			attrs[name] = cty.StringVal("123")
		}
		return cty.ObjectVal(attrs)
	}
	sealed := func(v cty.Value) cty.Value { return key.Seal(user.Schema, "", v).Shown() }
	for name, tt := range map[string]struct {
		row, before cty.Value
		asRow       bool
		want        bool
	}{
		"the same":                      {person("a@x"), person("a@x"), true, true},
		"another e-mail":                {person("b@x"), person("a@x"), true, false},
		"an e-mail for the first time":  {person("b@x"), cty.NilVal, true, true},
		"more than before":              {person("a@x", "first_name"), person("a@x"), true, true},
		"less than before":              {person("a@x"), person("a@x", "first_name"), true, false},
		"another e-mail, by itself":     {person("b@x"), person("a@x"), false, true},
		"a number, of which a print is": {person("a@x", "ssn"), sealed(person("a@x", "ssn")), true, true},
	} {
		w := NewWatch(kinds.Call{})
		w.found[u1] = finding{sight{id: "u1", obj: kinds.Object{Seen: tt.row}, row: tt.asRow}, time.Now()}
		if _, _, ok := w.Found(u1, tt.before); ok != tt.want {
			t.Errorf("%s: it is handed over: %t", name, ok)
		}
	}
}
