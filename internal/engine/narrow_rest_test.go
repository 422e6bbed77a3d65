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

// narrowly are the runs that do not look at everything, of which each selects all of
// what is written.
func narrowly(t *testing.T, target string) map[string]engine.PlanOptions {
	t.Helper()
	targets, err := addr.ParseAll([]string{target})
	if err != nil {
		t.Fatal(err)
	}
	return map[string]engine.PlanOptions{"-minimal-refresh": {Minimal: true}, "-target": {Targets: targets}}
}

// stands has Kira's people give a user a status.
func stands(t *testing.T, w *world, email, status string) {
	t.Helper()
	if err := w.sim.SetUserStatus(w.userID(t, email), status); err != nil {
		t.Fatal(err)
	}
}

// An object that decides whether there is another one is looked at before the other
// one is let go.
func TestWhatDecidesInstancesIsLookedAt(t *testing.T) {
	const spare = `
resource "kira_user" "spare" {
  count           = INSTANCES
  type            = "individual"
  first_name      = "Ana"
  last_name       = "Ruiz"
  email           = "ana@example.com"
  source_of_funds = "salary"
` + complete + `}
`
	for name, count := range map[string]string{
		"count":       `kira_user.u[0].status == "REVIEW" ? 0 : 1`,
		"a local one": `local.spares`,
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.watch.Allows(simulator.NeedlessSignIn) // each change at Kira signs in
			users := crowd(2, false, false) +
				"locals { spares = kira_user.u[0].status == \"REVIEW\" ? 0 : 1 }\n"
			for range 2 { // the second takes the status into the state
				w.run(t, users+strings.Replace(spare, "INSTANCES", "1", 1), engine.PlanOptions{}, true)
				stands(t, w, "maria0@example.com", "REVIEW")
			}
			src := users + strings.Replace(spare, "INSTANCES", count, 1)
			saved := savedOf(t, w.run(t, src, engine.PlanOptions{}, false), 0)
			if len(saved.Changes) != 1 {
				t.Fatalf("planned was %+v; want the spare one let go", saved.Changes)
			}
			stands(t, w, "maria0@example.com", "VERIFIED")

			for name, o := range narrowly(t, "kira_user.spare") {
				changes, _ := w.planned(t, src, o)
				if len(changes) > 0 {
					t.Errorf("%s: planned was %q; want nothing, since there is one still", name, changes)
				}
			}
			o, err := engine.OptionsOf(&saved)
			if err != nil {
				t.Fatal(err)
			}
			err = w.run(t, src, o, false).Check(t.Context(), &saved)
			if stale, is := errors.AsType[*planfile.StaleError](err); !is || !strings.Contains(stale.Error(), "kira_user.spare[0]: forget is not needed any more") {
				t.Errorf("the saved plan: %v; want that it is stale", err)
			}
		})
	}
}

// A person whose e-mail was changed at Kira is known by it at another address, though
// only that address is looked at.
func TestOneWhoMovedAtKiraIsKnown(t *testing.T) {
	src := strings.NewReplacer("count           = 2", `for_each        = toset(["maria0", "luisa"])`, "maria${count.index}@", "${each.key}@").
		Replace(crowd(2, false, false))
	first := strings.Replace(src, `"luisa"`, `"maria1"`, 1)
	w := newWorld(t)
	w.watch.Allows(simulator.NeedlessSignIn)
	w.run(t, first, engine.PlanOptions{}, true)
	w.put(t, w.userID(t, "maria1@example.com"), `{"email": "luisa@example.com"}`)

	o := narrowly(t, `kira_user.u["luisa"]`)["-target"]
	if r := w.try(t, src, o); r.err == nil || !strings.Contains(w.said(), "half-a-move") {
		t.Errorf("-target: %v\n%s\nwant the other end of the move", r.err, w.said())
	}
	pl := w.run(t, src, engine.PlanOptions{Minimal: true}, false)
	if len(pl.Moves) != 1 {
		t.Errorf("moves are %v; want one", pl.Moves)
	}
	twin := strings.Replace(first, `"maria1"`, `"maria1", "luisa"`, 1) // beside the one that she was
	full, _ := w.planned(t, twin, engine.PlanOptions{})
	narrow, _ := w.planned(t, twin, engine.PlanOptions{Minimal: true})
	same(t, narrow, full...)
}

// An object that moves is looked at, as one that changes is.
func TestAMoveIsLookedAt(t *testing.T) {
	before := crowd(3, false, false)
	w := newWorld(t)
	w.watch.Allows(simulator.NeedlessSignIn)
	w.run(t, before, engine.PlanOptions{}, true)
	w.vanish(t, w.userID(t, "maria1@example.com"))
	after := strings.Replace(before, `"kira_user" "u"`, `"kira_user" "v"`, 1) + "moved {\n  from = kira_user.u\n  to   = kira_user.v\n}\n"
	changes, _ := w.planned(t, after, engine.PlanOptions{Minimal: true})
	same(t, changes, "create kira_user.v[1]")
}
