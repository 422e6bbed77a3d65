package plan

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"kiraform/internal/addr"
	"kiraform/internal/eval"
)

// Hand-overs are entered as if each had been looked at by itself: all but those that
// would close a circle with the ones before them.
func TestLawHandOvers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 8).Draw(t, "people")
		who := func(i int) addr.Resource { return addr.Resource{Kind: "kira_user", Name: fmt.Sprintf("u%d", i)} }
		draw := rapid.IntRange(0, n-1)
		m := &maker{known: eval.NewValues()}
		for i := range n {
			c := Change{Addr: who(i), Action: Update}
			for j := range i {
				if rapid.IntRange(0, 5).Draw(t, "needs") == 0 {
					c.Needs = append(c.Needs, who(j))
				}
			}
			m.changes = append(m.changes, c)
		}
		var all []handOver
		for range rapid.IntRange(0, 2*n).Draw(t, "hand-overs") {
			if to, from := draw.Draw(t, "to"), draw.Draw(t, "from"); to != from {
				all = append(all, handOver{&m.changes[to], who(from)})
			}
		}
		order := (&Plan{Changes: m.changes, Known: m.known}).Graph()
		want := make([][]addr.Resource, n)
		for _, h := range all {
			if !order.Reach(h.from)[h.to.Addr] {
				order.Add(h.to.Addr, h.from)
				i := slices.IndexFunc(m.changes, func(c Change) bool { return c.Addr == h.to.Addr })
				want[i] = append(want[i], h.from)
			}
		}
		m.enterHandOvers(all)
		for i := range m.changes {
			if got := m.changes[i].Follows; !slices.Equal(got, want[i]) {
				t.Fatalf("%s follows %v, want %v", m.changes[i].Addr, got, want[i])
			}
		}
	})
}
