package plan_test

import (
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// Unknown attributes are compared with the last request, one by one, and can change
// if extra_on says so.
func TestSpread(t *testing.T) {
	kind := &schema.Kind{Name: "box", Verbs: schema.CanRead | schema.CanUpdate, Attrs: []schema.Attr{
		{Name: "extra", Type: cty.DynamicPseudoType, Spread: true, Class: schema.Unreadable, Clear: true, Asks: "extra_on"},
		{Name: "extra_on", Type: cty.List(cty.String), Local: true},
	}}
	text, obj := cty.StringVal, func(of map[string]cty.Value) cty.Value { return cty.ObjectVal(of) }
	create, both := cty.TupleVal([]cty.Value{text("create")}), cty.TupleVal([]cty.Value{text("create"), text("update")})
	gold := map[string]cty.Value{"tier": text("gold"), "deep": cty.TupleVal([]cty.Value{obj(map[string]cty.Value{"n": cty.NumberIntVal(1)})})}
	with := func(name string, v cty.Value) cty.Value {
		all := map[string]cty.Value{name: v}
		for n, x := range gold {
			if n != name {
				all[n] = x
			}
		}
		return obj(all)
	}
	null := cty.NullVal(cty.DynamicPseudoType)
	for _, tt := range []struct {
		name       string
		sent, want cty.Value
		on         cty.Value
		imported   bool
		change     string
		fixed      string
	}{
		{"the same", obj(gold), obj(gold), both, false, "", ""},
		{"as another type", obj(gold), with("deep", cty.ListVal([]cty.Value{cty.MapVal(map[string]cty.Value{"n": cty.NumberIntVal(1)})})), both, false, "", ""},
		{"another value", obj(gold), with("tier", text("silver")), both, false, `extra["tier"]`, ""},
		{"another value inside", obj(gold), with("deep", cty.TupleVal(nil)), both, false, `extra["deep"]`, ""},
		{"another name", obj(gold), with("more", cty.True), both, false, `extra["more"]`, ""},
		{"the text of a number", with("n", cty.NumberIntVal(1)), with("n", text("1")), both, false, `extra["n"]`, ""},
		{"nothing asked for", obj(gold), with("tier", text("silver")), null, false, "", `extra["tier"]`},
		{"the create alone", obj(gold), with("more", cty.True), create, false, "", `extra["more"]`},
		{"not written any more", obj(gold), obj(map[string]cty.Value{"tier": text("gold")}), both, false, "", ""},
		{"none of it written any more", obj(gold), null, both, false, "", ""},
		{"null", obj(gold), with("tier", null), both, false, "", ""},
		{"none before", null, obj(map[string]cty.Value{"tier": text("gold")}), both, false, `extra["tier"]`, ""},
		{"an empty text", null, obj(map[string]cty.Value{"tier": text("")}), both, false, `extra["tier"]`, ""},
		{"the same empty text", with("tier", text("")), with("tier", text("")), both, false, "", ""},
		{"emptied", obj(gold), with("tier", text("")), both, false, `extra["tier"]`, ""},
		{"a secret", with("tier", text("gold").Mark("secret")), with("tier", text("gold").Mark("secret")), both, false, "", ""},
		{"another secret", with("tier", text("gold").Mark("secret")), with("tier", text("silver").Mark("secret")), both, false, `extra["tier"]`, ""},
		{"all of it a secret", obj(gold).Mark("secret"), with("tier", text("silver")).Mark("secret"), both, false, `extra["tier"]`, ""},
		{"not known yet", obj(gold), with("tier", cty.UnknownVal(cty.String)), both, false, `extra["tier"]`, ""},
		{"none of it known yet", obj(gold), cty.DynamicVal, both, false, "extra", ""},
		{"imported", null, obj(gold), both, true, `extra["deep"] extra["tier"]`, ""},
		{"imported, the create alone", null, obj(gold), create, true, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			config := func(extra, on cty.Value) cty.Value {
				return obj(map[string]cty.Value{"extra": extra, "extra_on": on})
			}
			have := state.Object{ID: "b1", Salt: "b1", Sent: key.Seal(kind, "b1", config(tt.sent, tt.on))}
			if tt.imported {
				have.Sent = state.Sealed{}
			}
			change, fixed := plan.Differences(kind, key, config(tt.want, tt.on), have)
			if got := paths(change); got != tt.change {
				t.Errorf("can change: %s, want %s", got, tt.change)
			}
			if got := paths(fixed); got != tt.fixed {
				t.Errorf("is fixed: %s, want %s", got, tt.fixed)
			}
		})
	}
}

func paths(all []cty.Path) string {
	var out []string
	for _, p := range all {
		out = append(out, schema.PathString(p))
	}
	return strings.Join(out, " ")
}
