package budget

import (
	"fmt"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// A conditional expression has the value, or the mistake, that hcl gives it, whatever
// its results are. More may be known of one whose condition is not: the length.
func TestBranchesAreThoseOfHCL(t *testing.T) {
	all := []string{`{}`, `[]`, `null`, `{ a = 1 }`, `{ a = "x" }`, `{ b = 1 }`, `{ a = 1, b = 2 }`, `{ a = 1, b = "x" }`, `{ a = null }`, `[1]`, `[2, 3]`, `["x"]`,
		`[1, "x"]`, `[[1], [2]]`, `[[1], [1, 2]]`, `[{ a = 1 }, { a = 2 }]`, `{ a = { x = 1 }, b = { x = 2 } }`, `{ a = { x = 1 }, b = { y = 2 } }`, `{ a = [], b = [] }`,
		`1`, `"x"`, `m`, `l`, `s`, `secret`, `unknown`, `list`, `typed`, `[unknown]`, `{ a = unknown }`, `{ for k in l : k => 1 }`, `[for k in l : k]`, `(yes ? [1] : [])`, `nothing`}
	vars := map[string]cty.Value{"yes": cty.True, "no": cty.False, "open": cty.UnknownVal(cty.Bool), "hidden": cty.True.Mark("h"), "wrong": cty.EmptyObjectVal,
		"m": cty.MapVal(map[string]cty.Value{"x": cty.NumberIntVal(1)}), "l": cty.ListVal([]cty.Value{cty.StringVal("p"), cty.StringVal("q")}),
		"s": cty.SetVal([]cty.Value{cty.StringVal("p")}), "secret": cty.TupleVal([]cty.Value{cty.NumberIntVal(1).Mark("e")}).Mark("v"), "unknown": cty.DynamicVal,
		"list": cty.UnknownVal(cty.List(cty.Number)), "typed": cty.NullVal(cty.Map(cty.Number))}
	for _, condition := range []string{"yes", "no", "hidden", "open", "wrong"} {
		for _, a := range all {
			for _, b := range all {
				src := condition + " ? " + a + " : " + b
				plain, _ := hclsyntax.ParseExpression([]byte(src), "a.kira.hcl", hcl.InitialPos)
				want, refused := plain.Value(&hcl.EvalContext{Variables: vars})
				ctx, watching := (&hcl.EvalContext{Variables: vars}).NewChild(), New(nil)
				watching.Join(ctx)
				got, diags := watching.Value(parse(t, src), ctx)
				switch {
				case fmt.Sprint(diags) != fmt.Sprint(refused):
					t.Errorf("%s: it says %v, want %v", src, diags, refused)
				case refused.HasErrors():
				case condition == "open" && got.Type().Equals(want.Type()) && !want.IsKnown() && !got.IsWhollyKnown(): // its length may be known
				case !got.RawEquals(want):
					t.Errorf("%s: it is %#v, want %#v", src, got, want)
				}
				if len(watching.results) != 0 {
					t.Errorf("%s: %d results were left", src, len(watching.results))
				}
			}
		}
	}
}

// Both results are worked out once, in loops and within each other.
func TestBranchesAreEvaluatedOnce(t *testing.T) {
	const src = `[for i in [1, 2, 3] : yes ? (yes ? [f(i)] : [f(i), f(i)]) : [for j in [1] : no ? f(i) : f(j)]]`
	calls := 0
	f := function.New(&function.Spec{Params: []function.Parameter{{Name: "x", Type: cty.Number}}, Type: function.StaticReturnType(cty.Number),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { calls++; return args[0], nil }})
	ctx := &hcl.EvalContext{Variables: map[string]cty.Value{"yes": cty.True, "no": cty.False}, Functions: map[string]function.Function{"f": f}}
	e, b := parse(t, src), New(nil)
	b.Join(ctx)
	if _, diags := b.Value(e, ctx); diags.HasErrors() || calls != 3*5 {
		t.Errorf("f was called %d times, want %d, and %v", calls, 3*5, diags)
	}
}

// Nothing is left for hcl to convert, so that it compares no type of an element.
func TestBranchesAreOfOneType(t *testing.T) {
	one := cty.NumberIntVal(1)
	for _, pair := range [][2]cty.Value{
		{cty.ObjectVal(map[string]cty.Value{"a": one, "b": one}), cty.EmptyObjectVal},
		{cty.ObjectVal(map[string]cty.Value{"a": one, "b": one}), cty.ObjectVal(map[string]cty.Value{"c": one})},
		{cty.ObjectVal(map[string]cty.Value{"a": one, "b": one}), cty.MapValEmpty(cty.Number)},
		{cty.TupleVal([]cty.Value{one, one}), cty.EmptyTupleVal.Mark("m")},
		{cty.TupleVal([]cty.Value{one, one}), cty.ListValEmpty(cty.Number)},
	} {
		a, b := alike(pair[0], pair[1])
		c, d := alike(pair[1], pair[0])
		if !a.Type().Equals(b.Type()) || !a.Type().IsCollectionType() || !a.RawEquals(d) || !b.RawEquals(c) {
			t.Errorf("%#v and %#v are %#v and %#v, and the other way round %#v and %#v", pair[0], pair[1], a, b, d, c)
		}
	}
}

// BenchmarkBranches decides between many elements and none. Time must grow with n, not
// with its square.
func BenchmarkBranches(b *testing.B) {
	for _, n := range []int{1000, 2000, 4000} {
		for name, src := range map[string]string{"map": `yes ? { for k in list : k => k } : {}`, "list": `yes ? [for k in list : k] : []`} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				elements := make([]cty.Value, n)
				for i := range elements {
					elements[i] = cty.StringVal(fmt.Sprint(i))
				}
				e, _ := hclsyntax.ParseExpression([]byte(src), "", hcl.InitialPos)
				Watch(e, []byte(src))
				for b.Loop() {
					if _, diags := Alone(e, &hcl.EvalContext{Variables: map[string]cty.Value{"yes": cty.True, "list": cty.ListVal(elements)}}); diags.HasErrors() {
						b.Fatal(diags)
					}
				}
			})
		}
	}
}
