package engine_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"kiraform/internal/engine"
	"kiraform/internal/simulator"
)

// An object that Kira cannot show is sent once more when all else is gone, and
// not while there is something that could not be looked at.
func TestWhatNobodySeesIsSentOnceMore(t *testing.T) {
	const pin = "resource \"kira_version_pin\" \"p\" {\n  target_version = \"2026-04-14\"\n}\n"
	for name, tt := range map[string]struct {
		users   []string
		lost    string // the list that the lost object stands in
		gateway string // answers for this user; "" for none
		again   bool
	}{
		"all is gone":                                              {[]string{"ana"}, "users", "", true},
		"a payee is gone, the user is there":                       {[]string{"ana"}, "recipients", "", false},
		"a payee is gone, and a gateway answers for the user":      {[]string{"ana"}, "recipients", "ana", false},
		"a user is gone, and a gateway answers for the other user": {[]string{"ana", "eva"}, "users", "eva", false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			if tt.again {
				w.watch.Allows(simulator.IdleRegistration)
			}
			src := household(1, tt.users...) + pin
			w.run(t, src, engine.PlanOptions{}, true)
			lost := w.userID(t, "ana@example.com")
			if tt.lost == "recipients" {
				lost = w.sim.Recipients()[0]["id"].(string)
			}
			unread := "none"
			if tt.gateway != "" {
				unread = w.userID(t, tt.gateway+"@example.com")
			}
			w.vanish(t, lost)
			w.answer(t, func(r *http.Request) (int, string) {
				if r.Method == "GET" && strings.HasSuffix(r.URL.Path, "/v1/users/"+unread) {
					return 404, "404 page not found: /v1/users/" + unread
				}
				return 0, ""
			})
			r := w.try(t, src, engine.PlanOptions{Full: true, GoneOK: engine.GoneOK{N: 9}})
			if again := slices.Contains(r.did(), "update kira_version_pin.p"); r.err != nil || again != tt.again {
				t.Errorf("did %q, %v; is the pin sent again? want %t\n%s", r.did(), r.err, tt.again, w.said())
			}
		})
	}
}
