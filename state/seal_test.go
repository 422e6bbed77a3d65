package state_test

import (
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"

	"kiraform/schema"
	"kiraform/state"
)

// person has an attribute of every sort that matters to sealing.
var person = &schema.Kind{
	Name:    "kira_user",
	Variant: "type",
	Attrs: []schema.Attr{
		{Name: "id", Type: cty.String, Computed: true},
		{Name: "type", Type: cty.String},
		{Name: "email", Type: cty.String},
		{Name: "ssn", Type: cty.String, Sensitive: true},
		{Name: "income", Type: cty.Number, Class: schema.Unreadable},
		{Name: "mode", Type: cty.String, Class: schema.Unreadable, Clear: true},
		{Name: "website", Type: cty.String, EchoedFor: []string{"business"}},
		{Name: "tags", Type: cty.List(cty.String), Class: schema.Unreadable},
		{Name: "metadata", Type: cty.Map(cty.String), Class: schema.Merged},
		{Name: "info", Class: schema.Unreadable, Nested: []schema.Attr{
			{Name: "purpose", Type: cty.String},
			{Name: "plain", Type: cty.String, Class: schema.Unreadable, Clear: true},
		}},
		{Name: "ids", Class: schema.Merged, List: true, MergeKey: "kind", Nested: []schema.Attr{
			{Name: "kind", Type: cty.String},
			{Name: "number", Type: cty.String, Sensitive: true},
		}},
		{Name: "bank", Type: cty.DynamicPseudoType, Sensitive: true},
	},
}

func s(text string) cty.Value { return cty.StringVal(text) }

func attrs(pairs ...any) cty.Value {
	m := make(map[string]cty.Value)
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i].(string)] = pairs[i+1].(cty.Value)
	}
	return cty.ObjectVal(m)
}

func TestSeal(t *testing.T) {
	k := newKey(t, secret)
	print := func(path string, v cty.Value) cty.Value {
		return s(k.Fingerprint(state.LeafPath("kira_user."+path), "salt", v))
	}
	null := cty.NullVal(cty.DynamicPseudoType)
	for _, tt := range []struct {
		name     string
		in, want cty.Value
	}{
		{"what Kira shows stays", attrs("id", s("u-1"), "email", s("a@b.test")), attrs("id", s("u-1"), "email", s("a@b.test"))},
		{"what is sensitive is sealed", attrs("ssn", s("1")), attrs("ssn", print("ssn", s("1")))},
		{"what Kira never shows is sealed, whatever its type", attrs("income", cty.NumberIntVal(5)), attrs("income", print("income", cty.NumberIntVal(5)))},
		{"unless it is declared clear", attrs("mode", s("m")), attrs("mode", s("m"))},
		{"an attribute that is null is left out", attrs("ssn", cty.NullVal(cty.String)), cty.EmptyObjectVal},
		{"unknown stays unknown, without a type", attrs("ssn", cty.UnknownVal(cty.String).RefineNotNull()), attrs("ssn", cty.DynamicVal)},
		{"what the variant does not show is sealed", attrs("type", s("individual"), "website", s("w")), attrs("type", s("individual"), "website", print("website", s("w")))},
		{"what the variant shows stays", attrs("type", s("business"), "website", s("w")), attrs("type", s("business"), "website", s("w"))},
		{"each element is sealed, without its index", attrs("tags", cty.ListVal([]cty.Value{s("x"), s("y")})),
			attrs("tags", cty.TupleVal([]cty.Value{print("tags", s("x")), print("tags", s("y"))}))},
		{"what is nested in something unreadable is sealed", attrs("info", attrs("purpose", s("p"), "plain", s("q"))),
			attrs("info", attrs("purpose", print("info.purpose", s("p")), "plain", s("q")))},
		{"entries of lists are sealed where they must", attrs("ids", cty.ListVal([]cty.Value{attrs("kind", s("passport"), "number", s("9"))})),
			attrs("ids", cty.TupleVal([]cty.Value{attrs("kind", s("passport"), "number", print("ids.number", s("9")))}))},
		{"what has no type of its own is sealed within", attrs("bank", attrs("street", s("1"))), attrs("bank", attrs("street", print("bank.street", s("1"))))},
		{"a mark seals what the schema would show", attrs("email", s("a@b.test").Mark("sensitive")), attrs("email", print("email", s("a@b.test")))},
		{"a mark seals even what is declared clear", attrs("mode", s("m").Mark("sensitive")), attrs("mode", print("mode", s("m")))},
		{"a mark seals all that is within", attrs("metadata", cty.MapVal(map[string]cty.Value{"a": s("1")}).Mark("sensitive")),
			attrs("metadata", attrs("a", print("metadata.a", s("1"))))},
		{"a mark on the whole seals everything", attrs("email", s("e")).Mark("sensitive"), attrs("email", print("email", s("e")))},
		{"what the schema does not know is sealed", attrs("nickname", s("n")), attrs("nickname", print("nickname", s("n")))},
		{"what is sealed stays", attrs("ssn", print("ssn", s("1"))), attrs("ssn", print("ssn", s("1")))},
		{"an object that is not known stays so", cty.UnknownVal(person.Type()), cty.DynamicVal},
		{"an object that is null stays so", cty.NullVal(person.Type()), null},
		{"what is not there stays so", cty.NilVal, cty.NilVal},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := k.Seal(person, "salt", tt.in).Shown()
			if tt.want == cty.NilVal {
				if got != tt.want {
					t.Errorf("got %#v", got)
				}
				return
			}
			if !got.RawEquals(tt.want) {
				t.Errorf("got  %#v\nwant %#v", got, tt.want)
			}
		})
	}
}

func TestSealDoesNotDependOnTypes(t *testing.T) {
	k := newKey(t, secret)
	one := attrs("kind", s("a"), "number", s("1"))
	for _, pair := range [][2]cty.Value{
		{attrs("ids", cty.ListVal([]cty.Value{one})), attrs("ids", cty.TupleVal([]cty.Value{one}))},
		{attrs("ids", cty.SetVal([]cty.Value{one})), attrs("ids", cty.TupleVal([]cty.Value{one}))},
		{attrs("ids", cty.ListValEmpty(cty.String)), attrs("ids", cty.EmptyTupleVal)},
		{attrs("metadata", cty.MapVal(map[string]cty.Value{"a": s("1")})), attrs("metadata", attrs("a", s("1")))},
		{attrs("email", cty.NullVal(cty.String)), attrs("email", cty.NullVal(cty.DynamicPseudoType))},
	} {
		if a, b := k.Seal(person, "salt", pair[0]), k.Seal(person, "salt", pair[1]); !a.Same(b) {
			t.Errorf("%#v and %#v differ", a, b)
		}
	}
}

// Law 7, as far as it is the state's: whatever is written where, no secret can
// be found in a kept value.
func TestNoSecretIsKept(t *testing.T) {
	k := newKey(t, secret)
	const canary = "canary-123-45-6789"
	rapid.Check(t, func(t *rapid.T) {
		in := make(map[string]cty.Value)
		for _, a := range person.Attrs {
			ty := a.CtyType()
			if ty == cty.DynamicPseudoType {
				ty = anyType(2).Draw(t, "type")
			}
			v := draw(t, ty)
			if a.Sealed() && !v.IsNull() && rapid.Bool().Draw(t, "canary") {
				v = plant(v, canary)
			} else if rapid.Bool().Draw(t, "marked") {
				v = plant(v, canary).Mark("sensitive")
			}
			in[a.Name] = v
		}
		sealed := k.Seal(person, "salt", cty.ObjectVal(in))
		if again := k.Seal(person, "salt", sealed.Shown()); !again.Same(sealed) {
			t.Fatalf("sealed again, it is %#v", again)
		}
		st := state.New("lineage")
		st.Resources[user("maria")] = state.Object{ID: "1", Sent: sealed}
		data, err := state.Encode(st, "")
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(data), canary) {
			t.Fatalf("the canary sings in\n%s", data)
		}
		back, err := state.Decode(data)
		if err != nil || !back.Resources[user("maria")].Sent.Same(sealed) {
			t.Fatalf("kept as %s, %v", data, err)
		}
		if strings.Contains(string(data), "sent_type") {
			t.Fatalf("a sealed value needs its type:\n%s", data)
		}
	})
}

// plant puts text in the place of every string in v, other than those that
// may be kept as they are.
func plant(v cty.Value, text string) cty.Value {
	v, err := cty.Transform(v, func(p cty.Path, v cty.Value) (cty.Value, error) {
		if v.Type() != cty.String || v.IsNull() {
			return v, nil
		}
		if len(p) > 0 {
			if step, ok := p[len(p)-1].(cty.GetAttrStep); ok && (step.Name == "plain" || step.Name == "kind") {
				return v, nil
			}
		}
		return s(text), nil
	})
	if err != nil {
		panic(err)
	}
	return v
}
