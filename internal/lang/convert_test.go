package lang_test

import (
	"fmt"
	"testing"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"kiraform/internal/lang"
	"kiraform/internal/typed"
)

// A value that is converted part by part is the one that cty would make of the
// whole. Which of several mistakes cty reports is left to the order of a map.
func TestConvertIsThatOfCty(t *testing.T) {
	object := cty.Object(map[string]cty.Type{"a": cty.String, "b": cty.Number})
	optional := cty.ObjectWithOptionalAttrs(map[string]cty.Type{"a": cty.String, "b": cty.List(object)}, []string{"b"})
	one, two := cty.NumberIntVal(1), cty.StringVal("2")
	values := []cty.Value{
		one, two, two.Mark("m"), cty.DynamicVal, cty.NullVal(object), cty.UnknownVal(object),
		cty.EmptyObjectVal, cty.EmptyTupleVal, cty.MapValEmpty(object), cty.ListValEmpty(object),
		cty.ObjectVal(map[string]cty.Value{"a": one, "b": two}),
		cty.ObjectVal(map[string]cty.Value{"a": one, "b": two, "c": two}).Mark("m"),
		cty.ObjectVal(map[string]cty.Value{"a": two.Mark("m"), "b": one}),
		cty.ObjectVal(map[string]cty.Value{"a": cty.UnknownVal(cty.String), "b": cty.NullVal(cty.DynamicPseudoType)}),
		cty.ObjectVal(map[string]cty.Value{"a": cty.DynamicVal, "b": cty.DynamicVal}),
		cty.ObjectVal(map[string]cty.Value{"a": two, "b": cty.StringVal("no number")}),
	}
	plain := len(values)
	for _, v := range values[:plain] {
		values = append(values, cty.TupleVal([]cty.Value{v, values[10]}), cty.TupleVal([]cty.Value{v, v}).Mark("n"),
			cty.ObjectVal(map[string]cty.Value{"x": v, "y": values[10]}), cty.ObjectVal(map[string]cty.Value{"a": two, "b": cty.TupleVal([]cty.Value{v})}),
			cty.ObjectVal(map[string]cty.Value{"x": cty.ObjectVal(map[string]cty.Value{"x": v})}))
	}
	types := []cty.Type{
		cty.String, cty.DynamicPseudoType, object, optional, cty.Map(cty.String), cty.Map(object), cty.Map(optional), cty.List(object), cty.List(optional),
		cty.Map(cty.Map(object)), cty.Map(cty.DynamicPseudoType), cty.List(cty.DynamicPseudoType), cty.Set(object), cty.Set(optional), cty.Set(cty.String), cty.Set(cty.DynamicPseudoType),
		cty.Map(cty.Object(map[string]cty.Type{"a": cty.String, "b": cty.DynamicPseudoType})),
	}
	for _, v := range values {
		for _, ty := range types {
			got, err := typed.Convert(v, ty)
			want, refused := convert.Convert(v, ty)
			if (err == nil) != (refused == nil) || err == nil && !got.RawEquals(want) {
				t.Errorf("%#v as %#v:\n got %#v, %v\nwant %#v, %v", v, ty, got, err, want, refused)
			}
		}
		sameCall(t, "tomap", cty.Map(cty.DynamicPseudoType), v)
		sameCall(t, "tolist", cty.List(cty.DynamicPseudoType), v)
		sameCall(t, "toset", cty.Set(cty.DynamicPseudoType), v)
	}
}

func sameCall(t *testing.T, name string, of cty.Type, v cty.Value) {
	t.Helper()
	got, err := lang.Functions(nil)[name].Call([]cty.Value{v})
	want, refused := convert.Convert(v, of) // a mark on a part stays on that part
	if refused == nil && !want.IsKnown() {
		want = cty.UnknownVal(want.Type()) // a call says no more of it
	}
	if (err == nil) != (refused == nil) || err == nil && !got.RawEquals(want) {
		t.Errorf("%s(%#v):\n got %#v, %v\nwant %#v, %v", name, v, got, err, want, refused)
	}
}

// Time must grow with n, not with its square: compare ns/op.
func BenchmarkConvert(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		people := make(map[string]cty.Value, n)
		for i := range n {
			people[fmt.Sprintf("p%d", i)] = cty.ObjectVal(map[string]cty.Value{"email": cty.StringVal(fmt.Sprint(i)), "age": cty.NumberIntVal(int64(i))})
		}
		all := cty.ObjectVal(people)
		want := cty.Map(cty.Object(map[string]cty.Type{"email": cty.String, "age": cty.String}))
		b.Run(fmt.Sprintf("variable/%d", n), func(b *testing.B) {
			for b.Loop() {
				if _, err := typed.Convert(all, want); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("tomap/%d", n), func(b *testing.B) {
			for b.Loop() {
				if _, err := lang.Functions(nil)["tomap"].Call([]cty.Value{all}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
