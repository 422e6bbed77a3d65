package tell_test

import (
	"slices"
	"testing"

	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"

	"kiraform/internal/addr"
	"kiraform/internal/event"
)

// Renderers, which know addresses as texts, find the same needs that stand for several
// as the planner.
func TestWholesOfTexts(t *testing.T) {
	key := func(t *rapid.T) addr.Key {
		return rapid.OneOf(rapid.Just(addr.Key{}), rapid.Just(addr.Any), rapid.Map(rapid.IntRange(0, 9), addr.Int),
			rapid.Map(rapid.Map(rapid.String(), cty.NormalizeString), addr.String), rapid.SampledFrom([]addr.Key{addr.String(`a"]`), addr.String(`\`), addr.String(`["x"]`)})).Draw(t, "key")
	}
	rapid.Check(t, func(t *rapid.T) {
		a := addr.Resource{Kind: "kira_user", Name: "u", Key: key(t), Data: rapid.Bool().Draw(t, "data")}
		for range rapid.IntRange(0, 3).Draw(t, "depth") {
			a.Module = a.Module.Child("m", key(t))
		}
		if got, want := event.Wholes(a.String()), addr.Texts(a.Wholes()); !slices.Equal(got, want) {
			t.Fatalf("%s: %q, want %q", a, got, want)
		}
		for _, whole := range a.Wholes() {
			if !whole.Covers(a) {
				t.Fatalf("%s does not cover %s", whole, a)
			}
		}
	})
}
