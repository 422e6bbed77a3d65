package kinds_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"

	"kiraform/internal/wire"
	"kiraform/schema"
	"kiraform/schema/kinds"
)

// An attribute that is sent and can be seen reads back as it was written, and
// one that cannot be seen as null, whatever Kira does with it.
func TestRoundTrip(t *testing.T) {
	for _, k := range kinds.All {
		t.Run(k.Schema.Name, rapid.MakeCheck(func(t *rapid.T) {
			variant := rapid.SampledFrom(k.Schema.Variants()).Draw(t, "variant")
			want := draw(t, k.Schema.Attrs, variant, "")
			body, err := json.Marshal(wire.Encode(k.Schema, want, nil))
			if err != nil {
				t.Fatal(err)
			}
			sent, err := wire.Object(body)
			if err != nil {
				t.Fatal(err)
			}
			answer := make(map[string]any)
			echo(k.Schema.Attrs, sent, answer, answer)
			got := wire.DecodeObject(k.Schema, variant, answer)
			if exp := visible(k.Schema.Attrs, variant, want); !got.RawEquals(exp) {
				t.Fatalf("variant %s\nsent %s\ngot  %#v\nwant %#v", variant, body, got, exp)
			}
		}))
	}
}

// draw makes an object in which every attribute that applies may be written.
func draw(t *rapid.T, attrs []schema.Attr, variant, at string) cty.Value {
	all := make(map[string]cty.Value)
	for i := range attrs {
		a, name := &attrs[i], at+"."+attrs[i].Name
		all[a.Name] = cty.NullVal(a.CtyType())
		if a.Computed || a.Local || !a.Applies(variant) || !rapid.Bool().Draw(t, name) {
			continue
		}
		switch {
		case a.Nested != nil && a.List:
			n := rapid.IntRange(0, 2).Draw(t, name)
			list := []cty.Value{cty.ListValEmpty(a.CtyType().ElementType())}
			for range n {
				list = append(list, draw(t, a.Nested, variant, name))
			}
			if all[a.Name] = list[0]; n > 0 {
				all[a.Name] = cty.ListVal(list[1:])
			}
		case a.Nested != nil:
			all[a.Name] = draw(t, a.Nested, variant, name)
		default:
			all[a.Name] = drawPlain(t, a.Type, name)
			if a.Spread {
				all[a.Name] = cty.ObjectVal(map[string]cty.Value{"of no schema": drawPlain(t, a.Type, name)})
			}
		}
	}
	return cty.ObjectVal(all)
}

var word = rapid.StringMatching(`[ -~áñ中]{1,12}`)

func drawPlain(t *rapid.T, ty cty.Type, name string) cty.Value {
	switch {
	case ty == cty.Bool:
		return cty.BoolVal(rapid.Bool().Draw(t, name))
	case ty == cty.Number:
		return cty.MustParseNumberVal(rapid.StringMatching(`-?[1-9][0-9]{0,25}(\.[0-9]{1,20})?`).Draw(t, name))
	case ty.IsListType():
		var list []cty.Value
		for _, s := range rapid.SliceOfN(word, 1, 3).Draw(t, name) {
			list = append(list, cty.StringVal(s))
		}
		return cty.ListVal(list)
	case ty.IsMapType():
		m := make(map[string]cty.Value)
		for k, s := range rapid.MapOfN(word, word, 1, 3).Draw(t, name) {
			m[k] = cty.StringVal(s)
		}
		return cty.MapVal(m)
	case ty == cty.DynamicPseudoType && rapid.Bool().Draw(t, name+" form"):
		return cty.ObjectVal(map[string]cty.Value{"city": drawPlain(t, cty.String, name), "n": drawPlain(t, cty.Number, name)})
	}
	return cty.StringVal(word.Draw(t, name))
}

// echo is the Kira that shows everything, each attribute in the last place
// where the schema says that it may stand.
func echo(attrs []schema.Attr, sent, here, top map[string]any) {
	for i := range attrs {
		a := &attrs[i]
		v, ok := sent[a.Name]
		if !ok {
			continue
		}
		if list, ok := v.([]any); ok && a.Nested != nil {
			for j, e := range list {
				shown := make(map[string]any)
				echo(a.Nested, e.(map[string]any), shown, top)
				list[j] = shown
			}
		} else if obj, ok := v.(map[string]any); ok && a.Nested != nil {
			shown := make(map[string]any)
			echo(a.Nested, obj, shown, top)
			v = shown
		}
		place, to := a.Name, here
		if a.Read != nil {
			place = a.Read[len(a.Read)-1]
		}
		if rest, ok := strings.CutPrefix(place, "/"); ok {
			place, to = rest, top
		}
		parts := strings.Split(place, ".")
		for _, p := range parts[:len(parts)-1] {
			if to[p] == nil {
				to[p] = make(map[string]any)
			}
			to = to[p].(map[string]any)
		}
		to[parts[len(parts)-1]] = v
	}
}

// visible is the part of an object that Kira is documented to show.
func visible(attrs []schema.Attr, variant string, v cty.Value) cty.Value {
	all := make(map[string]cty.Value)
	for i := range attrs {
		a := &attrs[i]
		x := v.GetAttr(a.Name)
		switch {
		case x.IsNull() || a.ClassIn(variant) == schema.Unreadable:
			all[a.Name] = cty.NullVal(a.CtyType())
		case a.Nested != nil && a.List && x.LengthInt() > 0:
			var list []cty.Value
			for _, e := range x.AsValueSlice() {
				list = append(list, visible(a.Nested, variant, e))
			}
			all[a.Name] = cty.ListVal(list)
		case a.Nested != nil && !a.List:
			all[a.Name] = visible(a.Nested, variant, x)
		default:
			all[a.Name] = x
		}
	}
	return cty.ObjectVal(all)
}
