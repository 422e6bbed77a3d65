package apply_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"

	"kiraform/apply"
	"kiraform/internal/addr"
	"kiraform/internal/eval"
	"kiraform/internal/event"
	"kiraform/plan"
	"kiraform/state"
)

// strict is a program in which postconditions of some objects do not hold.
type strict struct {
	program
	unmet map[string]bool
}

func (s strict) Check(a addr.Resource, _ *eval.Later, _ *eval.Values) hcl.Diagnostics {
	if !s.unmet[a.Name] {
		return nil
	}
	return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Postcondition", Detail: "It does not hold."}}
}

// drawn is a run that a law is tried with.
type drawn struct {
	plan *plan.Plan
	st   *state.State
	run  run
	api  api
	o    apply.Options
	stop time.Duration // 0 means never
}

// draw makes a plan in which every action may occur, and a world in which everything
// that can go wrong may do so.
func draw(rt *rapid.T) *drawn {
	d := &drawn{plan: planned(), st: state.New("l"), api: api{fail: map[string]error{}, opens: map[string]time.Time{}, adopts: map[string]string{}}}
	unmet := make(map[string]bool)
	var names []addr.Resource
	for i := range rapid.IntRange(1, 8).Draw(rt, "resources") {
		a := addr.Resource{Kind: rapid.SampledFrom([]string{"thing", "slow"}).Draw(rt, "kind"), Name: fmt.Sprint("r", i)}
		c := create(a)
		c.Action = rapid.SampledFrom([]plan.Action{plan.Create, plan.Create, plan.Create, plan.Update, plan.Replace, plan.Adopt, plan.Forget, plan.Gone,
			plan.Defer, plan.NoOp, plan.Read}).Draw(rt, "action")
		switch c.Action {
		case plan.Create:
			if rapid.IntRange(0, 5).Draw(rt, "exists") == 0 {
				d.api.adopts[a.Name] = "theirs-" + a.Name
			}
		case plan.Read:
			a.Data = true
			c.Addr, c.Prior = a, state.Object{ID: "read"}
		case plan.Defer:
			c.Why = "it has to wait"
		default:
			salt := state.Salt("salt-" + a.Name)
			seen := cty.ObjectVal(map[string]cty.Value{"id": cty.StringVal("old-" + a.Name), "name": cty.StringVal(a.Name), "number": cty.NullVal(cty.String)})
			c.Prior = state.Object{ID: "old-" + a.Name, Salt: salt, Seen: theKey(rt).Seal(&kind, salt, seen)}
			if c.Action != plan.Adopt {
				d.st.Resources[a] = c.Prior
			}
		}
		for _, n := range names {
			if rapid.IntRange(0, 3).Draw(rt, "needs") == 0 {
				c.Needs = append(c.Needs, n)
			}
		}
		switch rapid.IntRange(0, 9).Draw(rt, "trouble") {
		case 0:
			d.api.fail[a.Name] = errors.New("no")
		case 1:
			d.api.opens[a.Name] = start.Add(time.Duration(rapid.IntRange(1, 20).Draw(rt, "opens")) * time.Second)
		case 2:
			unmet[a.Name] = true
		}
		names = append(names, a)
		d.plan.Changes = append(d.plan.Changes, c)
	}
	d.api.ready = start.Add(time.Duration(rapid.IntRange(0, 12).Draw(rt, "ready")) * time.Second)
	d.api.ends = rapid.IntRange(0, 3).Draw(rt, "ends") == 0
	d.api.final = rapid.IntRange(0, 3).Draw(rt, "final") == 0
	d.o = apply.Options{Program: strict{unmet: unmet}, Provider: &d.api, Workers: rapid.IntRange(1, 3).Draw(rt, "workers"),
		Wait: time.Duration(rapid.SampledFrom([]int{0, 0, 3, 15}).Draw(rt, "wait")) * time.Second}
	if rapid.IntRange(0, 2).Draw(rt, "stops") == 0 {
		d.stop = time.Duration(rapid.IntRange(1, 8).Draw(rt, "stop"))*time.Second - 500*time.Millisecond
	}
	if rapid.IntRange(0, 5).Draw(rt, "breaks") == 0 {
		d.run.journal.breaks = rapid.IntRange(1, 9).Draw(rt, "record")
	}
	return d
}

// start is when the clock of a bubble begins.
var start = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func (d *drawn) do(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if d.stop > 0 {
			stop := make(chan struct{})
			time.AfterFunc(d.stop, func() { close(stop) })
			d.o.Stop = stop
			defer time.Sleep(d.stop) // until the timer has gone off
		}
		d.run.do(t, d.plan, d.st, d.o)
	})
}

// The law of counts: each planned change of a resource is counted once, by the last
// word of the events about it; a resource that was not to change only if it failed;
// and an object that is not ready apart from that.
func TestLawCounts(t *testing.T) {
	var seen [5]int // how often each fate was drawn
	rapid.Check(t, func(rt *rapid.T) {
		d := draw(rt)
		was := make(map[string]plan.Action)
		for i := range d.plan.Changes {
			was[d.plan.Changes[i].Addr.String()] = d.plan.Changes[i].Action
		}
		d.do(t)
		last, unready := make(map[string]apply.Fate), make(map[string]int)
		for _, e := range d.run.events {
			switch e := e.(type) {
			case event.End:
				last[e.Addr] = apply.Done
				if e.Err != "" {
					last[e.Addr] = apply.Failed
				}
			case event.Skip:
				last[e.Addr] = apply.Skipped
			case event.Deferred:
				last[e.Addr] = apply.Deferred
			case event.Unready:
				unready[e.Addr]++
			}
		}
		want := make(map[apply.Fate]int)
		for a, action := range was {
			if fate := last[a]; action != plan.NoOp || fate == apply.Failed {
				want[fate]++
				seen[fate]++
			}
		}
		sum := d.run.sum
		got := map[apply.Fate]int{apply.Failed: sum.Failed, apply.Skipped: sum.Skipped, apply.Deferred: sum.Deferred, apply.Undone: sum.Undone}
		for _, n := range sum.Done {
			got[apply.Done] += n
		}
		for f := range got {
			if got[f] != want[f] {
				rt.Fatalf("%+v (%v)\nby the events %v, in the order undone, done, failed, skipped, deferred\n%v\n%q", sum, d.run.err, want, was, d.run.log)
			}
		}
		if len(unready) != sum.Unready {
			rt.Fatalf("%d not ready, and the events name %v\n%q", sum.Unready, unready, d.run.log)
		}
		for a, n := range unready {
			if n > 1 || d.st.Resources[mustParse(rt, a)].ID == "" {
				rt.Fatalf("%s is said %d times not to be ready\n%+v\n%q", a, n, d.st.Resources, d.run.log)
			}
		}
		for a, action := range was {
			if fate := sum.Fate(mustParse(rt, a)); fate != last[a] && (action != plan.NoOp || last[a] == apply.Failed) {
				rt.Fatalf("%s: %d by the summary, and %d by the events\n%q", a, fate, last[a], d.run.log)
			}
		}
	})
	t.Logf("undone, done, failed, skipped and deferred were %v", seen)
}

func mustParse(rt *rapid.T, text string) addr.Resource {
	a, err := addr.Parse(text)
	if err != nil {
		rt.Fatal(err)
	}
	return a
}

// A run that ended before anything was done has each change as not done.
func TestUntouched(t *testing.T) {
	waits := create(thing("waits"))
	waits.Action = plan.Defer
	still := create(thing("still"))
	still.Action = plan.NoOp
	sum := apply.Untouched(planned(create(thing("a")), create(thing("b"), "a"), waits, still))
	if !sum.Stopped || sum.Undone != 2 || sum.Deferred != 1 || len(sum.Done) != 0 || sum.Failed+sum.Skipped+sum.Unready != 0 {
		t.Errorf("%+v", sum)
	}
}
