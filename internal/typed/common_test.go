package typed_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"kiraform/internal/typed"
)

// draw returns some type that is at most that deep.
func draw(r *rand.Rand, deep int) cty.Type {
	n := 9
	if deep == 0 {
		n = 4
	}
	switch r.IntN(n) {
	case 0:
		return cty.DynamicPseudoType
	case 1:
		return cty.Bool
	case 2:
		return cty.Number
	case 3:
		return cty.String
	case 4:
		return cty.List(draw(r, deep-1))
	case 5:
		return cty.Map(draw(r, deep-1))
	case 6:
		return cty.Set(draw(r, deep-1))
	case 7:
		return cty.Tuple(several(r, r.IntN(4), deep-1))
	}
	attrs := make(map[string]cty.Type)
	for _, t := range several(r, r.IntN(3), deep-1) {
		attrs[string(rune('a'+r.IntN(3)))] = t
	}
	return cty.Object(attrs)
}

// several returns n types, many of which are equal.
func several(r *rand.Rand, n, deep int) []cty.Type {
	all := make([]cty.Type, n)
	for i := range all {
		if all[i] = draw(r, deep); i > 0 && r.IntN(2) == 0 {
			all[i] = all[r.IntN(i)]
		}
	}
	return all
}

// The type that several have in common is the one that cty finds, wherever there is an
// answer, and a collection is made where cty makes it.
func TestCommonIsThatOfCty(t *testing.T) {
	answered, collected := 0, 0
	for seed := range uint64(60_000) {
		r := rand.New(rand.NewPCG(seed, 1))
		types := several(r, 1+r.IntN(5), r.IntN(3))
		want, _ := convert.UnifyUnsafe(types)
		if got, ok := typed.Common(types); ok {
			answered++
			if want == cty.NilType || !got.Equals(want) {
				t.Fatalf("seed %d: %#v have %#v in common, want %#v", seed, types, got, want)
			}
		}
		a, b := draw(r, 3), draw(r, 3)
		want, _ = convert.UnifyUnsafe([]cty.Type{a, b})
		if got, ok := typed.Collection(a, b); ok {
			collected++
			if want == cty.NilType || !got.Equals(want) {
				t.Fatalf("seed %d: %#v and %#v are made %#v, want %#v", seed, a, b, got, want)
			}
		}
	}
	if answered < 20_000 || collected < 200 {
		t.Errorf("only %d and %d of the questions were answered", answered, collected)
	}
}

// Time must grow with n, not with its square: compare ns/op.
func BenchmarkCommon(b *testing.B) {
	for _, n := range []int{1_000, 4_000} {
		types := make([]cty.Type, n)
		for i := range types {
			types[i] = cty.Object(map[string]cty.Type{fmt.Sprint("k", i): []cty.Type{cty.Number, cty.String}[i%2]})
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				if _, ok := typed.Common(types); !ok {
					b.Fatal("no answer")
				}
			}
		})
	}
}
