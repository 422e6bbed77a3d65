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
// its results are.
func TestBranchesAreThoseOfHCL(t *testing.T) {
	all := []string{`{}`, `[]`, `null`, `{ a = 1 }`, `{ a = "x" }`, `{ b = 1 }`, `{ a = 1, b = 2 }`, `{ a = 1, b = "x" }`, `{ a = null }`, `[1]`, `[2, 3]`, `["x"]`,
		`[1, "x"]`, `[[1], [2]]`, `[[1], [1, 2]]`, `[{ a = 1 }, { a = 2 }]`, `{ a = { x = 1 }, b = { x = 2 } }`, `{ a = { x = 1 }, b = { y = 2 } }`, `{ a = [], b = [] }`,
		`1`, `"x"`, `m`, `l`, `s`, `secret`, `unknown`, `list`, `typed`, `[unknown]`, `{ a = unknown }`, `{ for k in l : k => 1 }`, `[for k in l : k]`, `(yes ? [1] : [])`, `nothing`,
		`[1, true]`, `[1, "x", true, 2, "y"]`, `[{ a = 1 }, { b = "x" }]`, `[{ a = 1 }, { a = "x" }, { a = 2 }]`, `[{ a = 1 }, 1]`, `[[1], ["x"], [1, 2]]`, `[m, { x = "1" }]`,
		`{ a = { x = 1 }, b = { x = "s" }, c = { x = 2 } }`, `{ a = { x = 1 }, b = { x = 1, y = 2 } }`, `{ a = "1", b = 2, c = 3, d = true }`, `{ a = 1, b = true, c = 2 }`,
		`{ a = m, b = { x = 1 } }`, `[l, ["x"], ["y", "z"]]`, `{ a = s, b = ["x"] }`, `[1, secret]`, `["x", 1, hiddenly]`, `{ a = 1, b = hiddenly }`, `{ a = null, b = 1, c = "x" }`,
		`texts`, `[typed, typed]`, `[null, "x"]`, `[null, null, 1, true]`, `[{ a = null }, { a = null }]`, `[{ a = null }, { a = "x" }]`, `[{ a = null }, { a = { x = 1 } }]`, `[unknown, unknown]`,
		`[list, [1]]`, `{ a = [{ x = 1 }], b = [{ x = "y" }, { x = 2 }] }`, `["1", 2]`, `[{ x = 1 }, { x = "1" }, { x = true }]`, `maps`, `{ a = maps.a, b = { x = 1 } }`}
	vars := map[string]cty.Value{"yes": cty.True, "no": cty.False, "open": cty.UnknownVal(cty.Bool), "hidden": cty.True.Mark("h"), "wrong": cty.EmptyObjectVal,
		"m": cty.MapVal(map[string]cty.Value{"x": cty.NumberIntVal(1)}), "l": cty.ListVal([]cty.Value{cty.StringVal("p"), cty.StringVal("q")}),
		"s": cty.SetVal([]cty.Value{cty.StringVal("p")}), "secret": cty.TupleVal([]cty.Value{cty.NumberIntVal(1).Mark("e")}).Mark("v"), "unknown": cty.DynamicVal,
		"hiddenly": cty.StringVal("h").Mark("e"), "texts": cty.ListVal([]cty.Value{cty.StringVal("1")}),
		"maps": cty.MapVal(map[string]cty.Value{"a": cty.MapVal(map[string]cty.Value{"x": cty.StringVal("1")})}),
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

// Nothing of many elements is left for hcl to compare or to convert: of the results that
// it gets, the one that counts is of the type of the other one, which is empty or not
// known.
func TestBranchesLeaveNothingToHCL(t *testing.T) {
	elements := make([]cty.Value, 50)
	for i := range elements {
		elements[i] = cty.StringVal(fmt.Sprint("k", i))
	}
	for _, src := range []string{
		`yes ? { for k in list : k => k } : {}`, `yes ? [for k in list : k] : []`, `yes ? [] : [for k in list : k]`, `open ? [for k in list : k] : []`, `null ? [for k in list : k] : [1]`,
		`yes ? { for i, k in list : k => { "k${i % 3}" = k } } : {}`, `yes ? { for i, k in list : k => { (k) = i } } : {}`, `no ? { for i, k in list : k => { (k) = i } } : { a = {} }`,
		`yes ? [for i, k in list : i % 2 == 0 ? k : i] : []`, `yes ? [for i, k in list : i % 2 == 0 ? { a = k, b = null } : { a = i, b = "x" }] : []`,
		`yes ? [for k in list : { a = k, b = null }] : []`, `open ? [for i, k in list : { "k${i % 3}" = k }] : texts`, `no ? numbers : [for k in list : k]`,
	} {
		ctx := &hcl.EvalContext{Variables: map[string]cty.Value{"yes": cty.True, "no": cty.False, "open": cty.UnknownVal(cty.Bool), "list": cty.ListVal(elements),
			"texts": cty.ListValEmpty(cty.Map(cty.String)), "numbers": cty.ListValEmpty(cty.Number)}}
		e := parse(t, src).(*hclsyntax.ConditionalExpr)
		New(nil).Join(ctx)
		a, _ := e.TrueResult.Value(ctx)
		b, _ := e.FalseResult.Value(ctx)
		decided, _ := e.Condition.Value(ctx)
		small := func(v cty.Value) bool { return !v.IsKnown() || v.LengthInt() <= 1 }
		switch known := decided.IsKnown() && !decided.IsNull(); {
		case !known && small(a) && small(b):
		case known && decided.True() && small(b) && a.Type().Equals(b.Type()):
		case known && decided.False() && small(a) && a.Type().Equals(b.Type()):
		default:
			t.Errorf("%s: hcl gets %.99s and %.99s", src, a.GoString(), b.GoString())
		}
	}
}

// BenchmarkBranches decides between many elements and none. Time must grow with n, not
// with its square.
func BenchmarkBranches(b *testing.B) {
	for _, n := range []int{1000, 2000, 4000} {
		for name, src := range map[string]string{"map": `yes ? { for k in list : k => k } : {}`, "list": `yes ? [for k in list : k] : []`,
			"mixed": `yes ? { for i, k in list : k => { "k${i % 3}" = k } } : {}`} {
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
