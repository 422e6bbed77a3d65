package lang_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"kiraform/internal/lang"
)

// A call whose collections are converted in linear time has the result, and the
// mistake, of the same call of the function that it is made of.
func TestACallOfACollectionIsThatOfCty(t *testing.T) {
	whole := map[string]function.Function{
		"chunklist": stdlib.ChunklistFunc, "compact": stdlib.CompactFunc, "distinct": stdlib.DistinctFunc, "join": stdlib.JoinFunc,
		"setintersection": stdlib.SetIntersectionFunc, "setsubtract": stdlib.SetSubtractFunc, "setunion": stdlib.SetUnionFunc,
		"sort": stdlib.SortFunc, "zipmap": stdlib.ZipmapFunc, "csvdecode": stdlib.CSVDecodeFunc,
	}
	a, b, one := cty.StringVal("a"), cty.StringVal("b"), cty.NumberIntVal(1)
	object := cty.ObjectVal(map[string]cty.Value{"x": one})
	args := []cty.Value{
		a, one, object, cty.EmptyTupleVal, cty.DynamicVal, cty.NullVal(cty.DynamicPseudoType), cty.NullVal(cty.List(cty.String)),
		cty.UnknownVal(cty.List(cty.String)), cty.UnknownVal(cty.Set(cty.Number)), cty.ListValEmpty(cty.String),
		cty.TupleVal([]cty.Value{b, a, b}), cty.TupleVal([]cty.Value{b, one}), cty.TupleVal([]cty.Value{object, object}), cty.TupleVal([]cty.Value{object, a}),
		cty.TupleVal([]cty.Value{a, cty.NullVal(cty.String)}), cty.TupleVal([]cty.Value{a, cty.UnknownVal(cty.String)}), cty.TupleVal([]cty.Value{cty.DynamicVal}),
		cty.TupleVal([]cty.Value{a, b.Mark("m")}), cty.TupleVal([]cty.Value{a, b}).Mark("m"), cty.ListVal([]cty.Value{one, one}), cty.SetVal([]cty.Value{a, b}),
		cty.TupleVal([]cty.Value{cty.TupleVal([]cty.Value{a}), cty.TupleVal([]cty.Value{a, b})}),
	}
	ctx := func(functions map[string]function.Function, x, y cty.Value) *hcl.EvalContext {
		return &hcl.EvalContext{Functions: functions, Variables: map[string]cty.Value{"x": x, "y": y}}
	}
	ours := lang.Functions(nil)
	for name := range whole {
		for _, call := range []string{name + "(x)", name + "(x, y)", name + "(x, y...)", name + "()"} {
			e, diags := hclsyntax.ParseExpression([]byte(call), "", hcl.InitialPos)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			for _, x := range args {
				for _, y := range args {
					want, refused := e.Value(ctx(whole, x, y))
					got, wrong := e.Value(ctx(ours, x, y))
					if refused.HasErrors() != wrong.HasErrors() || !wrong.HasErrors() && !got.RawEquals(want) {
						t.Fatalf("%s of %#v and %#v:\n got %#v, %v\nwant %#v, %v", call, x, y, got, wrong, want, refused)
					}
					if wrong.HasErrors() && strings.Contains(refused[0].Detail, "goroutine") { // a null that it does not expect
						if strings.Contains(wrong[0].Detail, "goroutine") {
							t.Fatalf("%s of %#v and %#v: it says\n%s", call, x, y, wrong[0].Detail)
						}
					} else if call == name+"(x)" && wrong.HasErrors() && wrong[0].Detail != refused[0].Detail {
						t.Errorf("%s of %#v and %#v: it says\n%s\nwant\n%s", call, x, y, wrong[0].Detail, refused[0].Detail)
					}
				}
			}
		}
	}
}

// long is a tuple, as a for expression makes it.
func long(n int) cty.Value {
	all := make([]cty.Value, n)
	for i := range all {
		all[i] = cty.StringVal(fmt.Sprint("v", i))
	}
	return cty.TupleVal(all)
}

// calls take a long list; each would take minutes, if it took time with the square of
// the length.
var calls = []string{"toset(x)", "tolist(x)", "distinct(x)", "sort(x)", `join(",", x)`, "zipmap(x, x)", "chunklist(x, 10)", "compact(x)"}

func TestACallOfALongListIsQuick(t *testing.T) {
	x, functions := long(20_000), lang.Functions(nil)
	for _, call := range calls {
		e, diags := hclsyntax.ParseExpression([]byte(call), "", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		began := time.Now()
		if _, diags := e.Value(&hcl.EvalContext{Functions: functions, Variables: map[string]cty.Value{"x": x}}); diags.HasErrors() {
			t.Error(diags)
		}
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%s of 20,000 elements took %v", call, took)
		}
	}
}

// Time must grow with n, not with its square: compare ns/op.
func BenchmarkCalls(b *testing.B) {
	functions := lang.Functions(nil)
	for _, call := range calls {
		for _, n := range []int{1_000, 10_000} {
			e, _ := hclsyntax.ParseExpression([]byte(call), "", hcl.InitialPos)
			ctx := &hcl.EvalContext{Functions: functions, Variables: map[string]cty.Value{"x": long(n)}}
			b.Run(fmt.Sprintf("%s/%d", call, n), func(b *testing.B) {
				for b.Loop() {
					if _, diags := e.Value(ctx); diags.HasErrors() {
						b.Fatal(diags)
					}
				}
			})
		}
	}
}
