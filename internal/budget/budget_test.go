package budget

import (
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/tryfunc"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"kiraform/internal/diag"
	"kiraform/internal/norace"
)

func TestMain(m *testing.M) {
	maxSteps, maxElements = 200_000, 50_000
	os.Exit(norace.Main(m)) // expressions are evaluated one after the other, without goroutines
}

func parse(t *testing.T, src string) hclsyntax.Expression {
	t.Helper()
	e, diags := hclsyntax.ParseExpression([]byte(src), "a.kira.hcl", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	Watch(e, []byte(src))
	return e
}

// context has a list of a hundred, a list of lists of ten that has a billion elements
// in all, and a long text.
func context() *hcl.EvalContext {
	list := make([]cty.Value, 100)
	for i := range list {
		list[i] = cty.NumberIntVal(int64(i))
	}
	nested := cty.StringVal("x")
	for range 9 {
		ten := make([]cty.Value, 10)
		for i := range ten {
			ten[i] = nested
		}
		nested = cty.TupleVal(ten)
	}
	return &hcl.EvalContext{
		Functions: map[string]function.Function{"try": tryfunc.TryFunc, "can": tryfunc.CanFunc, "length": stdlib.LengthFunc, "join": stdlib.JoinFunc},
		Variables: map[string]cty.Value{"list": cty.TupleVal(list), "nested": nested, "text": cty.StringVal(strings.Repeat("x", 1<<16))},
	}
}

func TestBudget(t *testing.T) {
	for _, c := range []struct{ name, src, code string }{
		{"a loop in a loop is no matter", `length([for i in list : [for j in list : j]])`, ""},
		{"a search for each of a hundred in a hundred is no matter", `[for i in list : [for j in list : j if j == i][0]]`, ""},
		{"loops that make too much", `[for i in list : [for j in list : [for k in list : k]]]`, "too-much-work"},
		{"loops that take too long, and make little", `[for i in list : length([for j in list : length([for k in list : k if k < 0])])]`, "too-much-work"},
		{"loops that make an object", `{for i in list : i => {for j in list : j => {for k in list : k => k}}}`, "too-much-work"},
		{"loops in a template", `"%{for i in list}%{for j in list}%{for k in list}x%{endfor}%{endfor}%{endfor}"`, "too-much-work"},
		{"a failure that is asked about", `can([for i in list : [for j in list : [for k in list : k]]])`, "too-much-work"},
		{"a failure with a way out", `try([for i in list : [for j in list : [for k in list : k]]], [])`, "too-much-work"},
		{"lists of the same list", `[nested]`, "too-much-work"},
		{"lists of the same list in a loop", `[for i in [1] : nested]`, "too-much-work"},
		{"long texts", `join("", [for i in list : text])`, "too-much-work"},
		{"text that is long once", `"${text}${text}"`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, b := context(), New(nil)
			b.Join(ctx)
			v, diags := b.Value(parse(t, c.src), ctx)
			if c.code == "" {
				if diags.HasErrors() || !v.IsWhollyKnown() {
					t.Errorf("got %v", diags)
				}
				return
			}
			if len(diags) != 1 || diag.CodeOf(diags[0]) != diag.Code(c.code) || diags[0].Subject.Filename != "a.kira.hcl" || v.IsKnown() {
				t.Errorf("got %v and %#v, want one %s", diags, v.Type(), c.code)
			}
			if v, diags := b.Value(parse(t, `[for i in list : i][3]`), ctx); diags.HasErrors() || !v.RawEquals(cty.NumberIntVal(3)) {
				t.Errorf("the next expression has no whole budget: %v", diags)
			}
		})
	}
}

// A long evaluation ends when its run is stopped; a short one is finished.
func TestStopped(t *testing.T) {
	asked := 0
	ctx, b := context(), New(func() bool { asked++; return true })
	b.Join(ctx)
	if _, diags := b.Value(parse(t, `[for i in list : [for j in [1, 2, 3] : j]]`), ctx); diags.HasErrors() || asked != 0 {
		t.Errorf("a short evaluation: asked %d times, %v", asked, diags)
	}
	_, diags := b.Value(parse(t, `[for i in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] : length([for j in list : length([for k in list : k])])]`), ctx)
	if len(diags) != 1 || diag.CodeOf(diags[0]) != "interrupted" || asked != 1 {
		t.Errorf("a long evaluation: asked %d times, %v", asked, diags)
	}
}

// Loops are found by those who walk through a tree as they were before.
func TestWatchHidesNothing(t *testing.T) {
	e := parse(t, `[for i in a.b : [for j in c.d : "${j}${e.f}"]]`)
	var names []string
	for _, t := range e.Variables() {
		names = append(names, t.RootName())
	}
	if got := strings.Join(names, " "); got != "a c e" {
		t.Errorf("refers to %s", got)
	}
	kinds := map[string]int{}
	_ = hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		switch n.(type) {
		case *hclsyntax.ForExpr:
			kinds["for"]++
		case *hclsyntax.ScopeTraversalExpr:
			kinds["reference"]++
		}
		return nil
	})
	if kinds["for"] != 2 || kinds["reference"] != 4 {
		t.Errorf("a walk finds %v", kinds)
	}
}

// Every value has a size.
func TestSize(t *testing.T) {
	list := cty.List(cty.String)
	for _, c := range []struct {
		name string
		v    cty.Value
		want int
	}{
		{"none", cty.NilVal, 1}, {"null", cty.NullVal(list), 1}, {"unknown", cty.UnknownVal(list), 1}, {"of any type", cty.DynamicVal, 1},
		{"a number", cty.NumberIntVal(3), 1}, {"a text", cty.StringVal(strings.Repeat("x", 640)), 11},
		{"a null inside", cty.TupleVal([]cty.Value{cty.NullVal(list), cty.NullVal(cty.DynamicPseudoType)}), 3},
		{"an unknown inside", cty.ObjectVal(map[string]cty.Value{"a": cty.UnknownVal(list)}), 2},
		{"marked", cty.ListVal([]cty.Value{cty.StringVal("a").Mark("m"), cty.StringVal("b")}).Mark("m"), 3},
		{"a set", cty.SetVal([]cty.Value{cty.StringVal("a"), cty.StringVal("b")}), 3},
		{"an unknown set", cty.SetVal([]cty.Value{cty.UnknownVal(cty.String)}), 2},
	} {
		if got := size(c.v, 1000); got != c.want {
			t.Errorf("%s: %d elements, want %d", c.name, got, c.want)
		}
	}
}

// An expression of a variable file has a budget as well.
func TestConstant(t *testing.T) {
	ten := "[" + strings.Repeat("0,", 100) + "]"
	v, diags := Constant(parse(t, `[for i in `+ten+` : [for j in `+ten+` : [for k in `+ten+` : k]]]`))
	if len(diags) != 1 || diag.CodeOf(diags[0]) != "too-much-work" {
		t.Errorf("got %v, %v", v.Type().FriendlyName(), diags)
	}
	if v, diags := Constant(parse(t, `[for i in [1] : i + 1][0]`)); diags.HasErrors() || !v.RawEquals(cty.NumberIntVal(2)) {
		t.Errorf("got %#v, %v", v, diags)
	}
	if _, diags := Constant(parse(t, `var.x`)); len(diags) != 1 || diags[0].Summary != "Variables not allowed" {
		t.Errorf("got %v", diags)
	}
}
