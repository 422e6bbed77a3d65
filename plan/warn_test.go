package plan_test

import (
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// holder is a kind with an attribute that cannot change, and one that says where
// money goes.
var holder = map[string]*schema.Kind{"holder": {Name: "holder", Verbs: schema.CanRead | schema.CanUpdate,
	Identity: &schema.Identity{Natural: []string{"type"}, Money: []string{"iban"}}, Attrs: []schema.Attr{
		{Name: "type", Type: cty.String, Fixed: true, WayOut: "Ask your Kira contact."},
		{Name: "bank", Type: cty.String, Fixed: true},
		{Name: "iban", Type: cty.String},
		{Name: "name", Type: cty.String},
		{Name: "id", Type: cty.String, Computed: true},
	}}}

// held plans a holder that was sent as one object and is shown as another, which
// Kira is known to store otherwise than it was sent.
func held(t *testing.T, src string, sent, seen map[string]string, stored ...string) []string {
	t.Helper()
	value := func(attrs map[string]string) cty.Value {
		all := map[string]cty.Value{"id": cty.StringVal("h1")}
		for _, name := range []string{"type", "bank", "iban", "name"} {
			all[name] = cty.NullVal(cty.String)
			if v, ok := attrs[name]; ok {
				all[name] = cty.StringVal(v)
			}
		}
		return cty.ObjectVal(all)
	}
	seal := func(v cty.Value) state.Sealed { return key.Seal(holder["holder"], "s", v) }
	in := plan.Input{Program: compileFor(t, "resource \"holder\" \"h\" {\n"+src+"\n}\n", holder), Kinds: holder, Key: key, Prior: state.New("l")}
	o := state.Object{ID: "h1", Salt: "s", Sent: seal(value(sent)), Seen: seal(value(seen))}
	for _, name := range stored {
		o.Stored = append(o.Stored, state.Stored{Path: name, Seen: o.Seen.At(cty.GetAttrPath(name)), Other: true})
	}
	in.Prior.Resources[at("holder.h")[0]] = o
	_, diags := plan.Make(in)
	var said []string
	for _, d := range diags {
		said = append(said, d.Summary+": "+d.Detail)
	}
	return said
}

// The schema's advice is given for the attribute that it is about alone.
func TestAWayOutIsSaid(t *testing.T) {
	is := map[string]string{"type": "a", "bank": "a"}
	if said := held(t, "type = \"b\"\nbank = \"a\"", is, is); len(said) != 1 || !strings.Contains(said[0], "exists. Ask your Kira contact. Replacing") {
		t.Errorf("of type it says %q", said)
	}
	if said := held(t, "type = \"a\"\nbank = \"b\"", is, is); len(said) != 1 || !strings.Contains(said[0], "exists. Replacing") {
		t.Errorf("of bank it says %q", said)
	}
}

// Another value that Kira stores is worse where it says who is paid.
func TestStoredOtherwiseSaysIfMoneyGoesElsewhere(t *testing.T) {
	sent := map[string]string{"type": "a", "iban": "DE1", "name": "Ana"}
	src := "type = \"a\"\niban = \"DE1\"\nname = \"Ana\""
	for name, want := range map[string]string{"iban": "Money may go elsewhere: iban of holder.h", "name": "Kira has stored another value: name of holder.h"} {
		seen := map[string]string{"type": "a", "iban": "DE1", "name": "Ana"}
		seen[name] = "other"
		if said := held(t, src, sent, seen, name); len(said) != 1 || !strings.HasPrefix(said[0], want) {
			t.Errorf("of %s it says %q", name, said)
		}
	}
}
