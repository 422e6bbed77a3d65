package engine_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/simulator"
	"kiraform/plan"
)

// three recipients that look the same.
var three = aUser + `
resource "kira_recipient" "spei" {
  count      = 3
  user_id    = kira_user.maria.id
  first_name = "Ana"
  last_name  = "Ruiz"
  account = {
    account_type = "SPEI"
    clabe        = "032180000118359719"
    doc_type     = "curp"
    doc_number   = "RUAA910203MDFZNN09"
  }
}
`

// Objects that look the same are not taken for one: each of three is found
// again, or made, once.
func TestLostAnswersAboutThingsThatLookTheSame(t *testing.T) {
	for _, kind := range []simulator.FaultKind{simulator.DropAfter, simulator.DropBefore} {
		synctest.Test(t, func(t *testing.T) {
			w := virtual(t, nil)
			w.watch.Provokes(simulator.SecondObject, simulator.SecondObject)
			// Of three requests, each sent five times, the first is answered.
			w.sim.SetFaults(simulator.Faults{Rules: []simulator.Fault{{Kind: kind, Method: "POST", Path: "/v1/recipients", Skip: 1}}})
			if sum, said, _ := w.applied(t, three, engine.ApplyOptions{}); sum.Failed != 2 {
				t.Fatalf("%+v\n%s", sum, said)
			}
			w.sim.SetFaults(simulator.Faults{})
			time.Sleep(25 * time.Hour) // no key is good any more
			if sum, said, err := w.applied(t, three, engine.ApplyOptions{}); err != nil || !sum.OK() {
				t.Fatalf("%+v, %v\n%s", sum, err, said)
			}
			st, err := w.store().Load(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			ids := make(map[string]bool)
			for _, o := range st.Resources {
				ids[o.ID] = true
			}
			if len(w.sim.Recipients()) != 3 || len(ids) != 4 {
				t.Errorf("%s: %d recipients at Kira, and %d objects in the state; want 3, and 4 with their user", kind, len(w.sim.Recipients()), len(ids))
			}
		})
	}
}

// A replaced object is not found in place of its replacement.
func TestALostReplacementIsNotWhatItReplaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := virtual(t, nil)
		w.watch.Provokes(slices.Repeat([]simulator.MisbehaviourKind{simulator.SecondObject}, 2+3)...)
		w.run(t, three, engine.PlanOptions{}, true)
		other := strings.ReplaceAll(three, `"Ruiz"`, `"Rojas"`)
		w.sim.SetFaults(simulator.Faults{Rules: []simulator.Fault{{Kind: simulator.DropAfter, Method: "POST", Path: "/v1/recipients"}}})
		if sum, said, _ := w.applied(t, other, engine.ApplyOptions{}); sum.Failed != 3 {
			t.Fatalf("%+v\n%s", sum, said)
		}
		w.sim.SetFaults(simulator.Faults{})
		time.Sleep(25 * time.Hour)
		if sum, said, err := w.applied(t, other, engine.ApplyOptions{}); err != nil || sum.Done[plan.Replace] != 3 {
			t.Fatalf("%+v, %v\n%s", sum, err, said)
		}
		st, err := w.store().Load(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(w.sim.Recipients()) != 6 || len(st.Left) != 3 || len(st.Resources) != 4 {
			t.Errorf("%d recipients at Kira, %d left behind, %d managed; want 6, 3 and 4 with their user",
				len(w.sim.Recipients()), len(st.Left), len(st.Resources))
		}
	})
}

// A request that no plan takes up any more is warned of for as long as nobody
// has dealt with it.
func TestRequestsThatNothingTakesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := virtual(t, nil)
		w.lose(t, aUser)
		nothing := "provider \"kira\" {\n  environment = \"simulator\"\n}\n"
		warned := func(src string) (detail string) {
			w.run(t, src, engine.PlanOptions{}, false)
			for _, e := range w.events {
				if d, ok := e.(event.Diagnostic); ok && d.Code == "unanswered" {
					detail = d.Detail
				}
			}
			return detail
		}
		if got := warned(nothing); !strings.Contains(got, "create kira_user.maria") || !strings.Contains(got, "nobody looks for it") || !strings.Contains(got, "state rm -unanswered kira_user.maria") {
			t.Errorf("the warning says %q", got)
		}
		if got := warned(aUser); !strings.Contains(got, "looks for it") {
			t.Errorf("a plan that takes it up says %q", got)
		}
	})
}
