package engine_test

import (
	"errors"
	"strings"
	"testing"

	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/internal/norace"
	"kiraform/internal/planfile"
	"kiraform/internal/simulator"
	"kiraform/plan"
	"kiraform/schema"
)

// narrowed is a crowd with a recipient each that is made, of which the block of one
// user says something else now.
func narrowed(t *testing.T) (w *world, before, after string) {
	t.Helper()
	w = newWorld(t)
	w.watch.Allows(simulator.NeedlessSignIn) // each change at Kira signs in
	before = crowd(12, false, true)
	after = strings.Replace(before, `"designer"`, `count.index == 7 ? "teacher" : "designer"`, 1)
	w.run(t, before, engine.PlanOptions{}, true)
	return w, before, after
}

// planned plans src and returns the changes, each as its address and its paths, and
// how many requests that took.
func (w *world) planned(t *testing.T, src string, o engine.PlanOptions) (changes []string, requests int) {
	t.Helper()
	n := len(w.sim.Requests())
	pl := w.run(t, src, o, false)
	for i := range pl.Changes {
		c := &pl.Changes[i]
		if c.Action == plan.NoOp {
			continue
		}
		var text strings.Builder
		text.WriteString(string(c.Action) + " " + c.Addr.String())
		for _, r := range c.Because {
			text.WriteString(" " + schema.PathString(r.Path))
		}
		changes = append(changes, text.String())
	}
	return changes, len(w.requests(n))
}

func same(t *testing.T, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "; ") != strings.Join(want, "; ") {
		t.Errorf("planned was %q, want %q", got, want)
	}
}

// With -target, the objects that are selected are looked at, and those that they
// need, and no other.
func TestATargetIsLookedAtAlone(t *testing.T) {
	w, before, _ := narrowed(t)
	targets, err := addr.ParseAll([]string{"kira_recipient.r[3]"})
	if err != nil {
		t.Fatal(err)
	}
	o := engine.PlanOptions{Targets: targets}
	if changes, n := w.planned(t, before, o); n > 2 || len(changes) > 0 {
		t.Errorf("%d requests, %q; want a look at the recipient and its user", n, changes)
	}
	w.put(t, w.userID(t, "maria1@example.com"), `{"address_city": "Puebla"}`) // whose recipient it is
	w.put(t, w.userID(t, "maria2@example.com"), `{"address_city": "Puebla"}`)
	changes, _ := w.planned(t, before, o)
	same(t, changes, "update kira_user.u[1] address_city")

	w.vanish(t, w.userID(t, "maria1@example.com"))
	changes, _ = w.planned(t, before, o)
	same(t, changes, "create kira_recipient.r[3]", "create kira_user.u[1]")
}

// With -minimal-refresh, the objects that change are looked at, and those that they
// need. Kira's own changes of these are seen, and others are not.
func TestAMinimalRefreshLooksAtChanges(t *testing.T) {
	w, before, after := narrowed(t)
	o := engine.PlanOptions{Minimal: true}
	if changes, n := w.planned(t, before, o); n != 0 || len(changes) > 0 {
		t.Errorf("%d requests, %q; want none, since nothing changes", n, changes)
	}
	if said := w.said(); !strings.Contains(said, "warning minimal-refresh") || !strings.Contains(said, "36 other objects") {
		t.Errorf("it says\n%s\nand not how much was not looked at", said)
	}
	changes, n := w.planned(t, after, o)
	if same(t, changes, "update kira_user.u[7] occupation"); n != 1 {
		t.Errorf("%d requests; want one, for the user that changes", n)
	}
	w.put(t, w.userID(t, "maria7@example.com"), `{"address_city": "Puebla"}`)
	w.put(t, w.userID(t, "maria2@example.com"), `{"address_city": "Puebla"}`)
	changes, _ = w.planned(t, after, o)
	same(t, changes, "update kira_user.u[7] address_city occupation")

	w.run(t, after, o, true)
	if u := w.userID(t, "maria7@example.com"); u == "" {
		t.Error("the user is gone")
	}
	changes, _ = w.planned(t, after, engine.PlanOptions{})
	same(t, changes, "update kira_user.u[2] address_city")
}

// What is gone may be a sign that everything is, so that everything is looked at.
func TestAMinimalRefreshThatMissesSomethingLooksAtEverything(t *testing.T) {
	w, _, after := narrowed(t)
	w.vanish(t, w.userID(t, "maria7@example.com"))
	w.vanish(t, w.userID(t, "maria2@example.com"))
	changes, _ := w.planned(t, after, engine.PlanOptions{Minimal: true})
	all := strings.Join(changes, "; ")
	if !strings.Contains(all, "create kira_user.u[7]") || !strings.Contains(all, "create kira_user.u[2]") {
		t.Errorf("planned was %q; want both made again", changes)
	}
}

// A saved plan that is made again looks at the objects that its changes rest on.
// Whatever becomes of these makes it stale, and nothing else does.
func TestASavedPlanLooksAtWhatItRestsOn(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	for _, tt := range []struct {
		name      string
		meanwhile func(t *testing.T, w *world)
		stale     string // "" for a plan that holds
	}{
		{name: "nothing moved"},
		{name: "another object changed", meanwhile: func(t *testing.T, w *world) {
			w.put(t, w.userID(t, "maria2@example.com"), `{"address_city": "Puebla"}`)
		}},
		{name: "the object changed", meanwhile: func(t *testing.T, w *world) {
			w.put(t, w.userID(t, "maria7@example.com"), `{"address_city": "Puebla"}`)
		}, stale: "kira_user.u[7]: the object at Kira has changed"},
		{name: "an object that Kira had changed was put right", meanwhile: func(t *testing.T, w *world) {
			w.put(t, w.userID(t, "maria4@example.com"), `{"address_city": "Ciudad de Mexico"}`)
		}, stale: "kira_user.u[4]: update is not needed any more"},
		{name: "the object is gone", meanwhile: func(t *testing.T, w *world) {
			w.vanish(t, w.userID(t, "maria7@example.com"))
		}, stale: "kira_user.u[7]: planned was update, now it is create"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w, _, after := narrowed(t)
			w.put(t, w.userID(t, "maria4@example.com"), `{"address_city": "Puebla"}`)
			saved := savedOf(t, w.run(t, after, engine.PlanOptions{}, false), 0)
			if tt.meanwhile != nil {
				tt.meanwhile(t, w)
			}
			o, err := engine.OptionsOf(&saved)
			if err != nil {
				t.Fatal(err)
			}
			n := len(w.sim.Requests())
			err = w.run(t, after, o, false).Check(t.Context(), &saved)
			if asked := w.requests(n); tt.stale == "" && len(asked) > 2 {
				t.Errorf("asked for %v; want a look at the two users that change", asked)
			}
			stale, is := errors.AsType[*planfile.StaleError](err)
			switch {
			case is != (tt.stale != ""):
				t.Errorf("it is stale: %v; want %q", err, tt.stale)
			case is && !strings.Contains(stale.Error(), tt.stale):
				t.Errorf("it says\n%v\nand not %q", stale, tt.stale)
			}
		})
	}
}

// An output of a saved plan may have a value that Kira changed, and that is ignored.
func TestASavedPlanLooksAtItsOutputs(t *testing.T) {
	w, before, _ := narrowed(t)
	src := strings.Replace(before, "  type            = ", "  lifecycle { ignore_changes = [address_city] }\n  type            = ", 1) + `
output "city" { value = kira_user.u[4].address_city }
`
	w.run(t, src, engine.PlanOptions{}, true)
	w.put(t, w.userID(t, "maria4@example.com"), `{"address_city": "Puebla"}`)
	saved := savedOf(t, w.run(t, src, engine.PlanOptions{}, false), 0)
	o, err := engine.OptionsOf(&saved)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.run(t, src, o, false).Check(t.Context(), &saved); err != nil {
		t.Error(err)
	}
}

// A plan that looks at a part is made once if that is as it was, and once more if it is
// not, however much else there turns out to be to look at.
func TestAPlanOfAPartIsMadeTwiceAtMost(t *testing.T) {
	if norace.Run(t, scratch) {
		return
	}
	w, before, after := narrowed(t)
	targets, err := addr.ParseAll([]string{"kira_recipient.r[3]"})
	if err != nil {
		t.Fatal(err)
	}
	target := engine.PlanOptions{Targets: targets}
	made := func(name, src string, o engine.PlanOptions, want int) {
		t.Helper()
		if pl := w.run(t, src, o, false); pl.Plans() != want {
			t.Errorf("%s: %d plans were made, want %d", name, pl.Plans(), want)
		}
	}
	made("a target that is as it was", before, target, 1)
	made("a change of another block", after, target, 1)
	made("a minimal refresh without changes", before, engine.PlanOptions{Minimal: true}, 1)
	made("a minimal refresh with a change", after, engine.PlanOptions{Minimal: true}, 1)
	w.put(t, w.userID(t, "maria2@example.com"), `{"address_city": "Puebla"}`)
	made("a move of an object that is not looked at", before, target, 1)
	w.put(t, w.userID(t, "maria1@example.com"), `{"address_city": "Puebla"}`) // whose recipient it is
	made("a move of the target's user", before, target, 2)
	w.vanish(t, w.userID(t, "maria1@example.com"))
	made("a user who is gone", before, target, 2)
}
