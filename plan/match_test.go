package plan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// payees are people, who are told apart by their e-mail.
var payees = map[string]*schema.Kind{
	"payee": {Name: "payee", Verbs: schema.CanRead | schema.CanUpdate, Replace: schema.ReplaceFreely,
		Identity: &schema.Identity{Natural: []string{"email"}, Who: []string{"name"}},
		Attrs: []schema.Attr{{Name: "email", Type: cty.String}, {Name: "name", Type: cty.String}, {Name: "phone", Type: cty.String},
			{Name: "id", Type: cty.String, Computed: true}}},
}

// Objects follow their natural keys to the addresses that ask for them, and a key that
// two objects have moves nothing.
func TestObjectsFollowTheirNaturalKeys(t *testing.T) {
	for _, tt := range []struct{ name, src, prior, want string }{
		{"a block with another name", "b ana@x Ana 1", "a ana@x Ana 1", "a -> b"},
		{"another phone comes along", "b ana@x Ana 2", "a ana@x Ana 1", "a -> b"},
		{"another name is another person", "b ana@x Eva 1", "a ana@x Ana 1", ""},
		{"another e-mail is another person", "b eva@x Ana 1", "a ana@x Ana 1", ""},
		{"an object that stays is not taken away", "a ana@x Ana 1, b ana@x Ana 1", "a ana@x Ana 1", ""},
		{"two that change places", "a eva@x Eva 1, b ana@x Ana 1", "a ana@x Ana 1, b eva@x Eva 1", "b -> a, a -> b"},
		{"two blocks with other names", "c ana@x Ana 1, d eva@x Eva 1", "a eva@x Eva 1, b ana@x Ana 1", "b -> c, a -> d"},
		{"two objects with one key", "c ana@x Ana 1", "a ana@x Ana 1, b ana@x Ana 2", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var src strings.Builder
			for a, v := range people(tt.src) {
				fmt.Fprintf(&src, "resource \"payee\" %q {\n  email = %q\n  name  = %q\n  phone = %q\n}\n", a, v[0], v[1], v[2])
			}
			in := plan.Input{Program: compileFor(t, src.String(), payees), Kinds: payees, Key: key, Prior: state.New("l")}
			for a, v := range people(tt.prior) {
				sent := cty.ObjectVal(map[string]cty.Value{"email": cty.StringVal(v[0]), "name": cty.StringVal(v[1]), "phone": cty.StringVal(v[2])})
				attrs := sent.AsValueMap()
				attrs["id"] = cty.StringVal("id-" + a)
				salt := state.Salt(a)
				in.Prior.Resources[at("payee." + a)[0]] = state.Object{ID: "id-" + a, Salt: salt,
					Sent: key.Seal(payees["payee"], salt, sent), Seen: key.Seal(payees["payee"], salt, cty.ObjectVal(attrs))}
			}
			p, _ := plan.Make(in)
			var got []string
			for _, m := range p.Moves {
				got = append(got, m.From.Name+" -> "+m.To.Name)
			}
			if s := strings.Join(got, ", "); s != tt.want {
				t.Errorf("moves are %q, want %q", s, tt.want)
			}
		})
	}
}

// people reads "name email name phone" of several, by name.
func people(text string) map[string][]string {
	all := make(map[string][]string)
	for one := range strings.SplitSeq(text, ", ") {
		words := strings.Fields(one)
		all[words[0]] = slices.Clone(words[1:])
	}
	return all
}

// A request is known again by its body, which instructions to kiraform, and attributes
// that Kira sets, are no part of.
func TestBodyIsTheSentPart(t *testing.T) {
	kind := &schema.Kind{Name: "payee", Attrs: []schema.Attr{{Name: "email", Type: cty.String}, {Name: "adopt", Type: cty.String, Local: true}, {Name: "id", Type: cty.String, Computed: true}}}
	body := func(adopt, id string) cty.Value {
		return plan.Body(kind, cty.ObjectVal(map[string]cty.Value{"email": cty.StringVal("a@x"), "adopt": cty.StringVal(adopt), "id": cty.StringVal(id)}))
	}
	want := cty.TupleVal([]cty.Value{cty.StringVal("payee"), cty.ObjectVal(map[string]cty.Value{"email": cty.StringVal("a@x")})})
	if got := body("email", "1"); !got.RawEquals(want) || !got.RawEquals(body("", "2")) {
		t.Errorf("the body is %#v, want %#v", got, want)
	}
}
