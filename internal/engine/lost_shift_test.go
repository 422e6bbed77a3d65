package engine_test

import (
	"maps"
	"testing"
	"testing/synctest"
	"time"

	"kiraform/internal/norace"
)

// Two creates of one block are lost, and then the list of the block changes. An
// object that was made for somebody is found by whoever asks for it now, is at
// no other's address and is not rewritten into another.
func TestLostThenShifted(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	two := people("u", "ana", "bob")
	for name, tt := range map[string]struct {
		lost, after string
		want        map[string]string // who is at which address
		users, left int
	}{
		"the first is taken out of the list":      {two, people("u", "bob"), map[string]string{"kira_user.u[0]": "bob"}, 2, 1},
		"the list is turned round":                {two, people("u", "bob", "ana"), map[string]string{"kira_user.u[0]": "bob", "kira_user.u[1]": "ana"}, 2, 0},
		"another is put first in the list":        {two, people("u", "zoe", "ana", "bob"), map[string]string{"kira_user.u[0]": "zoe", "kira_user.u[1]": "ana", "kira_user.u[2]": "bob"}, 3, 0},
		"the second takes the key of the first":   {keyed("u", map[string]string{"x": "ana", "y": "bob"}), keyed("u", map[string]string{"x": "bob"}), map[string]string{`kira_user.u["x"]`: "bob"}, 2, 1},
		"the second is renamed, the first is not": {one("a", "ana") + one("b", "bob"), one("a", "bob"), map[string]string{"kira_user.a": "bob"}, 2, 1},
	} {
		t.Run(name, func(t *testing.T) {
			for _, wait := range []time.Duration{0, time.Hour, 26 * time.Hour} {
				synctest.Test(t, func(t *testing.T) {
					w := virtual(t, nil)
					w.lostThen(t, "POST", "/v1/users", simulated, simulated+tt.lost, simulated+tt.after, wait)
					st, err := w.store().Load(t.Context())
					if err != nil {
						t.Fatal(err)
					}
					at := make(map[string]string)
					for a, o := range st.Resources {
						for _, u := range w.sim.Users() {
							if u["user_id"] == o.ID || u["id"] == o.ID {
								at[a.String()] = u["first_name"].(string)
							}
						}
					}
					if !maps.Equal(at, tt.want) || len(w.sim.Users()) != tt.users || len(st.Left) != tt.left {
						t.Errorf("after %v the addresses hold %v, %d users, ledger %v; want %v, %d, %d entries\n%s",
							wait, at, len(w.sim.Users()), st.Left, tt.want, tt.users, tt.left, w.said())
					}
					if got := w.warned(t, simulated+tt.after); len(got) > 0 {
						t.Errorf("after %v it warns of %q", wait, got)
					}
				})
			}
			if !t.Failed() {
				t.Attr("fault", "two creates of one block get no answer, and then "+name+": each object is at the address that asks for it now, or in the ledger")
			}
		})
	}
}
