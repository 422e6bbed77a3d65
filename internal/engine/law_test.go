package engine_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/norace"
	"kiraform/internal/simulator"
	"kiraform/plan"
)

// fresh returns an empty world for one draw of a property.
func fresh(t *testing.T, rt *rapid.T) *world {
	dir, err := os.MkdirTemp(t.TempDir(), "")
	if err != nil {
		rt.Fatal(err)
	}
	return worldOf(t, dir)
}

// racedDraws is how many draws of a law look for data races.
const racedDraws = 2

// law checks a property as often as -rapid.checks says. Where data races are looked
// for, those draws are made in a process that looks for none, and a few more in this one.
func law(t *testing.T, holds func(*rapid.T)) {
	t.Helper()
	if norace.Run(t, scratch) {
		checks(t, "rapid.checks", strconv.Itoa(racedDraws))
	}
	rapid.Check(t, holds)
}

// Law 1: the same input gives the same plan, byte for byte.
func TestLawPurity(t *testing.T) {
	law(t, func(rt *rapid.T) {
		w := fresh(t, rt)
		w.run(rt, random(rt), engine.PlanOptions{}, true)
		next := random(rt)
		var said []string
		for range 3 {
			w.run(rt, next, engine.PlanOptions{}, false)
			data, err := json.Marshal(steady(w.events))
			if err != nil {
				rt.Fatal(err)
			}
			said = append(said, string(data))
		}
		if said[0] != said[1] || said[1] != said[2] {
			rt.Fatalf("three plans of one input differ:\n%s\n%s\n%s", said[0], said[1], said[2])
		}
	})
}

// steady leaves out the events that tell of progress.
func steady(events []event.Event) (out []event.Event) {
	for _, e := range events {
		if _, ok := e.(event.Refresh); !ok {
			out = append(out, e)
		}
	}
	return out
}

// Law 2: after an apply, the plan is empty, whatever was there before.
func TestLawConvergence(t *testing.T) {
	law(t, func(rt *rapid.T) {
		w := fresh(t, rt)
		turn(rt, w.sim)
		// The third configuration may want an object again that the second
		// forgets.
		w.watch.Allows(simulator.SecondObject, simulator.IdleRegistration)
		for range rapid.IntRange(1, 3).Draw(rt, "configurations") {
			src := random(rt)
			w.run(rt, src, engine.PlanOptions{}, true)
			if pl := w.run(rt, src, engine.PlanOptions{}, false); !pl.Empty() {
				rt.Fatalf("not empty after an apply:\n%s\n%s", w.said(), src)
			}
		}
	})
}

// turn sets the knobs of a simulator, each of which stands for something on
// which the documents disagree or say nothing.
func turn(rt *rapid.T, sim *simulator.Server) {
	sim.HideProductsAtCreated = rapid.Bool().Draw(rt, "products are hidden")
	sim.ControlOnUpdate = rapid.Bool().Draw(rt, "updates name who is in control")
	sim.MissingFields = rapid.SampledFrom([]string{"", "general", "product"}).Draw(rt, "missing fields")
	sim.KeyReuse = rapid.SampledFrom([]string{"", "conflict"}).Draw(rt, "key reuse")
	sim.Pin = rapid.SampledFrom([]string{"", "2026-04-14"}).Draw(rt, "pin")
}

// Law 6: nothing begins before its needs have ended.
func TestLawOrder(t *testing.T) {
	law(t, func(rt *rapid.T) {
		w := fresh(t, rt)
		pl := w.run(rt, random(rt), engine.PlanOptions{}, true)
		needs := make(map[string][]string)
		acts := make(map[string]bool)
		for _, c := range pl.Changes {
			acts[c.Addr.String()] = c.Action != plan.NoOp
			pl.Each(func(n addr.Resource) { needs[c.Addr.String()] = append(needs[c.Addr.String()], n.String()) }, c.Needs)
		}
		ended := make(map[string]bool)
		for _, e := range w.events {
			switch e := e.(type) {
			case event.Begin:
				for _, n := range needs[e.Addr] {
					if acts[n] && !ended[n] {
						rt.Fatalf("%s began before %s had ended", e.Addr, n)
					}
				}
			case event.End:
				ended[e.Addr] = true
			}
		}
	})
}

// Law 8: one logical request has one key, and no two share one.
func TestLawKeys(t *testing.T) {
	law(t, func(rt *rapid.T) {
		w := fresh(t, rt)
		w.sim.Faults = simulator.Faults{Seed: rapid.Uint64().Draw(rt, "seed"), Rules: []simulator.Fault{
			{Kind: simulator.ErrorAfter, Method: "POST", Path: "/v1/*", Every: 3, Times: 2},
		}}
		w.run(rt, random(rt), engine.PlanOptions{}, true)
		w.run(rt, random(rt), engine.PlanOptions{}, true)
		seen := make(map[string]string)
		for _, r := range w.sim.Requests() {
			if r.Key == "" {
				continue
			}
			what := fmt.Sprint(r.Method, r.Path, r.Digest)
			if was, ok := seen[r.Key]; ok && was != what {
				rt.Fatalf("key %s was used for two requests: %s and %s", r.Key, was, what)
			}
			seen[r.Key] = what
		}
	})
}
