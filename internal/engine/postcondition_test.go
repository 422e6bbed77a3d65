package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/simulator"
)

// checked is a block with a postcondition.
func checked(block, condition string) string {
	i := strings.LastIndex(block, "}")
	return block[:i] + "  lifecycle {\n    postcondition {\n      condition     = " + condition + "\n      error_message = \"Not so.\"\n    }\n  }\n}\n"
}

// A postcondition is judged once all that it looks at is known, and before
// anything that needs its resource.
func TestPostconditions(t *testing.T) {
	payee := strings.Replace(fmt.Sprintf(wallet, "r", ""), "kira_user.u", "kira_user.a", 1)
	for _, tt := range []struct {
		name          string
		before, after string
		wait          time.Duration
		failed        []string // addresses, in the order in which they failed
		skipped       int
	}{
		{name: "what is waited for is judged when it is ready", after: one("a", "ana") + checked(anAccount, "self.account_number != null"), wait: time.Hour},
		{name: "what is not waited for is judged as it was made", after: one("a", "ana") + checked(anAccount, "self.account_number != null"), failed: nil},
		{name: "an update that leaves the condition false", before: one("a", "ana") + payee, after: checked(strings.Replace(one("a", "ana"), `"Person"`, `"Changed"`, 1), `self.status == "NEVER"`) + payee,
			failed: []string{"kira_user.a"}},
		{name: "a replaced payee", before: one("a", "ana") + payee, after: one("a", "ana") + checked(strings.Replace(payee, `"Pay"`, `"Buy"`, 1), `length(self.id) > 1000`),
			failed: []string{"kira_recipient.r"}},
		{name: "one that does not change, because of one that does", before: one("a", "ana") + one("b", "bob"),
			after:  checked(one("a", "ana"), "kira_user.c.status == null") + one("b", "bob") + one("c", "carl"),
			failed: []string{"kira_user.a"}},
		{name: "a new one, because of one that is made first", after: checked(one("a", "ana"), "kira_user.z.status == null") + one("z", "zed") + payee,
			failed: []string{"kira_user.a"}, skipped: 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := bubbled(t)
				w.sim.VerifyAfter, w.sim.ActivateAfter = time.Minute, time.Minute
				w.watch.Allows(simulator.SecondObject) // a payee that is replaced
				if tt.before != "" {
					w.complete(t, simulated+tt.before)
				}
				sum := w.waits(t, simulated+tt.after, tt.wait, nil)
				var failed []string
				for _, e := range w.events {
					if end, ok := e.(event.End); ok && end.Err != "" {
						failed = append(failed, end.Addr)
						if a, err := addr.Parse(end.Addr); err != nil || w.object(t, end.Addr).ID == "" {
							t.Errorf("%s is not in the state", a)
						}
					}
				}
				if !slices.Equal(failed, tt.failed) || sum.Failed != len(tt.failed) || sum.Skipped != tt.skipped {
					t.Errorf("failed %q, %+v; want %q, and %d skipped\n%s", failed, sum, tt.failed, tt.skipped, w.said())
				}
				if said := w.said(); strings.Contains(said, "not-done") || len(failed) > 0 && !strings.Contains(said, "postcondition-failed") {
					t.Errorf("said %s", said)
				}
			})
		})
	}
}

// A resource that -target leaves out is not judged.
func TestPostconditionsOfWhatIsLeftOut(t *testing.T) {
	w := newWorld(t)
	w.run(t, simulated+one("a", "ana")+one("b", "bob"), engine.PlanOptions{}, true)
	src := simulated + one("a", "ana") + checked(one("b", "bob"), `self.status == "NEVER"`)
	w.run(t, src, engine.PlanOptions{Targets: []addr.Resource{{Kind: "kira_user", Name: "a"}}}, true)
	if p, err := engine.Open(w.options(src)); err != nil {
		t.Error(err)
	} else if _, err := p.Plan(t.Context(), engine.PlanOptions{}); err == nil {
		t.Errorf("planned, though the condition is false\n%s", w.said())
	}
}
