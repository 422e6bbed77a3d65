package wire_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/wire"
	"kiraform/schema"
)

// pet is a kind with one of everything that the codec looks at.
var pet = schema.Kind{Name: "kira_pet", Variant: "type", Attrs: []schema.Attr{
	{Name: "type", Type: cty.String},
	{Name: "address_street", Type: cty.String, Read: []string{"home.street_1", "office.street_1"}},
	{Name: "weight", Type: cty.Number},
	{Name: "tame", Type: cty.Bool},
	{Name: "chip", Type: cty.String, Class: schema.Unreadable},
	{Name: "voice", Type: cty.String, EchoedFor: []string{"dog"}},
	{Name: "leash", Type: cty.String, For: []string{"dog"}},
	{Name: "likes", Type: cty.List(cty.String)},
	{Name: "notes", Type: cty.Map(cty.String), Class: schema.Merged},
	{Name: "bed", Type: cty.DynamicPseudoType},
	{Name: "account", Read: []string{"account_details"}, Nested: []schema.Attr{
		{Name: "kind", Type: cty.String, Read: []string{"/account_kind"}},
		{Name: "number", Type: cty.String},
	}},
	{Name: "owners", List: true, Class: schema.Merged, MergeKey: "email", Nested: []schema.Attr{
		{Name: "email", Type: cty.String},
		{Name: "share", Type: cty.Number},
	}},
	{Name: "extra", Type: cty.DynamicPseudoType, Spread: true, Class: schema.Unreadable},
	{Name: "id", Type: cty.String, Computed: true},
}}

type attrs = map[string]cty.Value

// petWith returns a value of the whole type, null but for the given attributes.
func petWith(given attrs) cty.Value {
	all := attrs{}
	for name, ty := range pet.Type().AttributeTypes() {
		all[name] = cty.NullVal(ty)
		if v, ok := given[name]; ok {
			all[name] = v
		}
	}
	return cty.ObjectVal(all)
}

func TestEncode(t *testing.T) {
	text := cty.StringVal
	want := petWith(attrs{
		"address_street": text("Calle 1"), "weight": cty.MustParseNumberVal("12345678901234567890.123456789"), "tame": cty.False,
		"likes": cty.ListVal([]cty.Value{text("fish")}), "notes": cty.MapVal(attrs{"a": text("1")}),
		"bed":    cty.ObjectVal(attrs{"wide": cty.True, "name": cty.NullVal(cty.String)}),
		"owners": cty.ListVal([]cty.Value{cty.ObjectVal(attrs{"email": text("a@b.mx"), "share": cty.NullVal(cty.Number)})}),
		"extra":  cty.ObjectVal(attrs{"parts": cty.TupleVal([]cty.Value{text("a"), cty.NumberIntVal(1)}), "none": cty.NullVal(cty.String)}),
		"id":     text("never sent"),
	})
	for _, tt := range []struct {
		name string
		only []string
		want string
	}{
		{"nulls are left out, at any depth", nil,
			`{"address_street":"Calle 1","bed":{"wide":true},"likes":["fish"],"notes":{"a":"1"},"owners":[{"email":"a@b.mx"}],"parts":["a",1],"tame":false,"weight":12345678901234567890.123456789}`},
		{"an update sends what it names", []string{"address_street", "voice"}, `{"address_street":"Calle 1"}`},
		{"with unknown attributes beside it", []string{"tame", "extra"}, `{"parts":["a",1],"tame":false}`},
		{"or nothing", []string{}, `{}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := json.Marshal(wire.Encode(&pet, want, tt.only))
			if err != nil || string(got) != tt.want {
				t.Errorf("got %s, %v; want %s", got, err, tt.want)
			}
		})
	}
}

func TestDecode(t *testing.T) {
	text := cty.StringVal
	for _, tt := range []struct {
		name, variant, body string
		want                attrs
	}{
		{"what is not shown is null", "", `{}`, nil},
		{"so are empty strings", "", `{"type":"","home":{"street_1":""}}`, nil},
		{"renamed attributes are found", "", `{"home":{"street_1":"Calle 1"}}`, attrs{"address_street": text("Calle 1")}},
		{"in the first place that holds anything", "", `{"home":{"street_1":""},"office":{"street_1":"Calle 2"}}`, attrs{"address_street": text("Calle 2")}},
		{"a slash leads to the top", "", `{"account_kind":"A","account_details":{"number":"1"}}`,
			attrs{"account": cty.ObjectVal(attrs{"kind": text("A"), "number": text("1")})}},
		{"what is unreadable is not read", "", `{"chip":"c-1"}`, nil},
		{"nor are unknown attributes", "", `{"parts":["a"],"extra":{"parts":["a"]}}`, nil},
		{"nor in a variant that does not show it", "cat", `{"voice":"meow","leash":"red"}`, nil},
		{"but in one that does", "dog", `{"voice":"bark","leash":"red"}`, attrs{"voice": text("bark"), "leash": text("red")}},
		{"scalars become text where text is expected", "", `{"type":12.50,"likes":[true,null,{}]}`,
			attrs{"type": text("12.50"), "likes": cty.ListVal([]cty.Value{text("true")})}},
		{"text becomes what is expected", "", `{"weight":"1.5","tame":"true"}`, attrs{"weight": cty.NumberFloatVal(1.5), "tame": cty.True}},
		{"other types are null", "", `{"type":{},"weight":"heavy","tame":1,"likes":"fish","notes":[],"account_details":[],"owners":{}}`, nil},
		{"entries of a list are read one by one", "", `{"owners":[{"email":"a@b.mx","share":50,"new":1},7]}`,
			attrs{"owners": cty.ListVal([]cty.Value{cty.ObjectVal(attrs{"email": text("a@b.mx"), "share": cty.NumberIntVal(50)})})}},
		{"a value of any form keeps its form", "", `{"bed":{"wide":true,"name":"","parts":["a",1]}}`,
			attrs{"bed": cty.ObjectVal(attrs{"wide": cty.True, "parts": cty.TupleVal([]cty.Value{text("a"), cty.NumberIntVal(1)})})}},
		{"numbers keep every digit", "", `{"weight":12345678901234567890.123456789}`, attrs{"weight": cty.MustParseNumberVal("12345678901234567890.123456789")}},
		{"but not a billion of them", "", `{"weight":1e1000000000}`, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := decode(tt.variant, []byte(tt.body))
			if err != nil || !got.RawEquals(petWith(tt.want)) {
				t.Errorf("got %#v, %v", got, err)
			}
		})
	}
}

func decode(variant string, body []byte) (cty.Value, error) {
	answer, err := wire.Object(body)
	if err != nil {
		return cty.NilVal, err
	}
	return wire.DecodeObject(&pet, variant, answer), nil
}

func TestDecodeRefuses(t *testing.T) {
	for _, body := range []string{"", "null", "[]", `"x"`, "{", "<html>", "{} {}"} {
		if got, err := decode("", []byte(body)); err == nil {
			t.Errorf("Decode(%q) = %#v, want an error", body, got)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, body := range []string{
		`{}`, `{"type":1e400,"home":{"street_1":null},"owners":[[],{"email":[]}],"notes":{"a":{}},"bed":[[],{}]}`,
		`{"account_details":{"number":false},"account_kind":{},"likes":[[1]],"weight":"-0x1","tame":"yes"}`,
	} {
		f.Add(body, "dog")
	}
	f.Fuzz(func(t *testing.T, body, variant string) {
		v, err := decode(variant, []byte(body))
		if err != nil {
			return
		}
		if errs := v.Type().TestConformance(pet.Type()); errs != nil {
			t.Errorf("not of the type of what is seen: %v", errs)
		}
		if !v.IsWhollyKnown() {
			t.Errorf("%#v is not known", v)
		}
		wire.Encode(&pet, v, nil)
	})
}

func ExampleDecodeObject() {
	answer, err := wire.Object([]byte(`{"id":"p-1","home":{"street_1":"Calle 1"},"chip":"shown by mistake"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	v := wire.DecodeObject(&pet, "cat", answer)
	fmt.Println(v.GetAttr("id").AsString(), v.GetAttr("address_street").AsString(), v.GetAttr("chip").IsNull())
	// Output: p-1 Calle 1 true
}
