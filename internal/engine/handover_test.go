package engine_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"kiraform/internal/engine"
	"kiraform/internal/norace"
	"kiraform/internal/simulator"
)

// An e-mail that passes from one person to another is given up first. If that is
// refused, nobody gets it a second time.
func TestAnEMailIsGivenUpFirst(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	who := func(label, mail string) string {
		return userBlock(label, "", fmt.Sprintf("%q", label), fmt.Sprintf("%q", mail+"@x.example"))
	}
	for name, tt := range map[string]struct {
		before, after string
		sent          []string // requests that change something, in their order
		skipped       int      // if the updates are refused
	}{
		"to somebody new":           {who("z", "z"), who("z", "y") + who("a", "z"), []string{"PUT z", "POST a"}, 1},
		"along a row":               {who("b", "b") + who("z", "z"), who("z", "y") + who("b", "z") + who("a", "b"), []string{"PUT z", "PUT b", "POST a"}, 2},
		"exchanged":                 {who("b", "b") + who("z", "z"), who("z", "b") + who("b", "z"), []string{"PUT z", "PUT b"}, 1},
		"to one that depends on it": {who("z", "z"), strings.Replace(who("z", "y"), "  type", "  depends_on = [kira_user.a]\n  type", 1) + who("a", "z"), []string{"POST a", "PUT z"}, 0},
	} {
		for _, refused := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, refused %v", name, refused), func(t *testing.T) {
				w := newWorld(t)
				w.planFor(t, tt.before, engine.PlanOptions{}, true)
				ids := make(map[string]string)
				for _, u := range w.sim.Users() {
					ids[u["id"].(string)] = u["first_name"].(string)
				}
				if strings.HasPrefix(name, "exchanged") || strings.HasPrefix(name, "to one that") {
					w.watch.Allows(simulator.SecondObject) // on the way
				}
				var sent []string
				w.answer(t, func(r *http.Request) (int, string) {
					switch {
					case strings.HasSuffix(r.URL.Path, "/auth"):
					case r.Method == "PUT":
						sent = append(sent, "PUT "+ids[r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]])
						if refused {
							return http.StatusBadRequest, `{"message":"not now"}`
						}
					case r.Method == "POST":
						sent = append(sent, "POST a")
					}
					return 0, ""
				})
				p, err := engine.Open(w.options(simulated + tt.after))
				if err != nil {
					t.Fatal(err)
				}
				pl, err := p.Plan(t.Context(), engine.PlanOptions{})
				if err != nil {
					t.Fatal(err)
				}
				sum, err := p.Apply(t.Context(), pl, engine.ApplyOptions{Workers: 1})
				switch {
				case err != nil:
					t.Fatal(err)
				case refused && sum.Skipped != tt.skipped:
					t.Errorf("%d are skipped, want %d\n%s", sum.Skipped, tt.skipped, w.said())
				case !refused && (!sum.OK() || !slices.Equal(sent, tt.sent)):
					t.Errorf("sent was %q, want %q\n%s", sent, tt.sent, w.said())
				}
			})
		}
	}
}
