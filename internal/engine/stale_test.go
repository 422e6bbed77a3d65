package engine_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"kiraform/internal/engine"
	"kiraform/internal/planfile"
)

// TestSavedPlanHolds holds that a saved plan is refused for everything that it
// rests on, with every difference, and for nothing else.
func TestSavedPlanHolds(t *testing.T) {
	head := "provider \"kira\" {\n  environment = \"simulator\"\n}\n"
	people := strings.Replace(crowd(2, false, false), `provider "kira" { environment = "simulator" }`, "", 1)
	payee := "resource \"kira_recipient\" \"r\" {\n  user_id    = kira_user.u[0].id\n  depends_on = [kira_user.u]\n  first_name = \"Eva\"\n  last_name  = \"Ruiz\"\n" +
		"  account    = { account_type = \"SPEI\", clabe = \"032180000118359719\" }\n}\n"
	all := head + people + payee
	edit := func(from, to string) string {
		t.Helper()
		if !strings.Contains(all, from) {
			t.Fatalf("%q is not in\n%s", from, all)
		}
		return strings.Replace(all, from, to, 1)
	}
	status := "output \"s\" {\n  value = kira_user.u[0].status\n}\n"
	for _, tt := range []struct {
		name, before, src, now string
		meanwhile              func(*world)
		want                   []string // nil if it holds
	}{
		{name: "nothing moved", src: all, now: all},
		{name: "comments and space", src: all, now: edit("user_id    =", "# whose\n  user_id =")},
		{name: "an id that is not known yet is that of another", src: all, now: edit("u[0].id", "u[1].id"),
			want: []string{"kira_recipient.r: the configuration has changed"}},
		{name: "another order", src: all, now: edit("  depends_on = [kira_user.u]\n", ""),
			want: []string{"kira_recipient.r: the configuration has changed"}},
		{name: "settings of the provider", src: all, now: edit(`"simulator"`, "\"simulator\"\n  ownership_marks = true"),
			want: []string{"the settings of the provider: it has changed"}},
		{name: "a variable", src: all + "variable \"x\" {\n  default = 1\n}\n", now: all + "variable \"x\" {\n  default = 2\n}\n",
			want: []string{`the variable "x": it has changed`}},
		{name: "two differences", src: all, now: edit("Eva", "Ana") + status,
			want: []string{"kira_recipient.r: the configuration has changed", `output "s": it was not planned`}},
		{name: "a status that an output shows", before: head + people, src: all + status, now: all + status, meanwhile: standing("VERIFIED")},
		{name: "a gate that has opened", before: crowd(1, false, false), src: crowd(1, true, false), now: crowd(1, true, false), meanwhile: standing("VERIFIED")},
		{name: "a change at Kira", before: head + people, src: strings.Replace(head+people, `"Gonzalez"`, `"Lopez"`, 1), now: strings.Replace(head+people, `"Gonzalez"`, `"Lopez"`, 1),
			meanwhile: func(w *world) {
				w.run(t, strings.Replace(head+people, `"Maria"`, `"Mary"`, 1), engine.PlanOptions{}, true)
			},
			want: []string{"kira_user.u[0]: another run has sent it something since", "kira_user.u[0]: the object at Kira has changed",
				"kira_user.u[0]: it would change first_name, last_name; planned was last_name"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			w.sim.VerifyAfter, w.sim.ActivateAfter = 0, 0
			if tt.before != "" {
				w.run(t, tt.before, engine.PlanOptions{}, true)
			}
			pl := w.run(t, tt.src, engine.PlanOptions{}, false)
			saved := savedOf(t, pl, time.Minute)
			if tt.meanwhile != nil {
				tt.meanwhile(w)
			}
			err := w.run(t, tt.now, engine.PlanOptions{}, false).Check(t.Context(), &saved)
			stale, is := errors.AsType[*planfile.StaleError](err)
			if is != (tt.want != nil) {
				t.Fatalf("it is stale: %v; want %q", err, tt.want)
			}
			for _, want := range tt.want {
				if !strings.Contains(stale.Error(), "\n  "+want+"\n") {
					t.Errorf("it says\n%v\nand not %q", stale, want)
				}
			}
		})
	}
}
