package engine_test

import (
	"errors"
	"strings"
	"testing"

	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/internal/planfile"
	"kiraform/internal/simulator"
)

// A triggered payout rests on its account, its recipient and their user, though nothing
// that is created needs these: who pays and who is paid has to be at Kira as it is
// written before money goes.
func TestATriggeredPayoutIsLookedAt(t *testing.T) {
	before := paying + rent
	after := before + strings.NewReplacer(`"maria"`, `"bob"`, "maria@", "bob@", `"Maria"`, `"Bob"`, `"individual"`, `"individual"
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.kira_payout.rent]
    }
  }`).Replace(maria)
	targets, err := addr.ParseAll([]string{"kira_user.bob"})
	if err != nil {
		t.Fatal(err)
	}
	start := func(t *testing.T) *world {
		w := newWorld(t)
		w.onDisk = true
		w.watch.Allows(simulator.NeedlessSignIn) // each change at Kira signs in
		w.run(t, before, engine.PlanOptions{}, true)
		return w
	}
	drift := func(t *testing.T, w *world) {
		w.put(t, w.userID(t, "maria@example.com"), `{"first_name": "Mallory"}`)
	}
	for name, o := range map[string]engine.PlanOptions{"everything": {}, "-minimal-refresh": {Minimal: true}} {
		t.Run(name, func(t *testing.T) {
			w := start(t)
			drift(t, w)
			changes, _ := w.planned(t, after, o)
			same(t, changes, "create kira_user.bob", "update kira_user.maria first_name")
		})
	}
	for name, full := range map[string]bool{"-target": false, "-target, with -refresh=full": true} {
		t.Run(name, func(t *testing.T) {
			w := start(t)
			drift(t, w)
			if _, err := w.perform(t, after, engine.PlanOptions{Targets: targets, Full: full}, engine.ApplyOptions{}); err != nil {
				t.Errorf("%v\n%s", err, w.said())
			}
			w.paid(t)
		})
	}
	t.Run("a saved plan", func(t *testing.T) {
		w := start(t)
		saved := savedOf(t, w.run(t, after, engine.PlanOptions{}, false), 0)
		drift(t, w)
		o, err := engine.OptionsOf(&saved)
		if err != nil {
			t.Fatal(err)
		}
		err = w.run(t, after, o, false).Check(t.Context(), &saved)
		if stale, is := errors.AsType[*planfile.StaleError](err); !is || !strings.Contains(stale.Error(), "kira_user.maria") {
			t.Errorf("it is stale: %v; want so, since maria is another person", err)
		}
	})
	t.Run("nothing moved", func(t *testing.T) {
		w := start(t)
		if _, err := w.perform(t, after, engine.PlanOptions{Minimal: true}, engine.ApplyOptions{}); err != nil {
			t.Errorf("%v\n%s", err, w.said())
		}
		w.paid(t, "100.00")
	})
}
