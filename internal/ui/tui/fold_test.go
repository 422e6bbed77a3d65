package tui

import (
	"slices"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"kiraform/internal/event"
)

// A new type of event needs a case in fold, or this panics.
func TestHandlesEveryEvent(t *testing.T) {
	m := play(Options{}, 80, 24, event.Each)
	for i := range event.Each {
		m = send(m, event.Each[i])
		if m.View() == "" && !m.leaving {
			t.Errorf("nothing is shown after a %T", event.Each[i])
		}
	}
}

func TestAnUnknownEventPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("an unknown event goes unnoticed")
		}
	}()
	newRun().fold(noon, nil)
}

// after is the resource of the given events, of which it saw one a second.
func after(events ...event.Event) (*run, *resource) {
	r := newRun()
	for i, e := range events {
		r.fold(noon.Add(time.Duration(i)*time.Second), e)
	}
	return r, r.at["a"]
}

func TestPhases(t *testing.T) {
	planned := event.Planned{Addr: "a", Action: "create"}
	begin := event.Begin{Addr: "a", Action: "create"}
	ended := event.End{Addr: "a", Action: "create", Took: 400 * time.Millisecond}
	for name, c := range map[string]struct {
		events []event.Event
		want   string
	}{
		"planned is queued":                       {[]event.Event{planned}, "· queued"},
		"a need that is not done is waited for":   {[]event.Event{event.Planned{Addr: "a", Action: "create", Needs: []string{"b"}}, event.Planned{Addr: "b", Action: "create"}}, "· waiting for b"},
		"a need that stays as it is is not":       {[]event.Event{event.Planned{Addr: "a", Action: "create", Needs: []string{"b"}}, event.Planned{Addr: "b", Action: event.NoOp}}, "· queued"},
		"begun is worked on":                      {[]event.Event{planned, begin}, "⠋ creating"},
		"the clock starts after a second":         {[]event.Event{planned, begin, event.Refresh{}}, "⠋ creating 1s"},
		"a note says more":                        {[]event.Event{planned, begin, event.Note{Addr: "a", Text: "uploading"}}, "⠋ uploading 1s"},
		"a retry says when":                       {[]event.Event{planned, begin, event.Retry{Addr: "a", Text: "retry 2 of 5 in 3s"}}, "↻ retry 2 of 5 in 3s"},
		"after a retry the clock goes on":         {[]event.Event{planned, begin, event.Retry{Addr: "a", Text: "x"}, event.Note{Addr: "a", Text: "sent"}}, "⠋ sent 2s"},
		"a gate waits for Kira":                   {[]event.Event{planned, event.Gate{Addr: "a", Text: "REVIEW"}, event.Gate{Addr: "a", Text: "STILL"}}, "◷ waiting for Kira (1s): STILL"},
		"an end is done":                          {[]event.Event{planned, begin, ended}, "✓ added in 0.4s"},
		"adopted on the way is adopted":           {[]event.Event{planned, begin, event.Adopted{Addr: "a", ID: "x"}, ended}, "✓ adopted in 0.4s"},
		"adopting shows the id":                   {[]event.Event{planned, begin, event.Adopted{Addr: "a", ID: "x"}}, "⠋ adopted x 1s"},
		"a gate says how much time is left":       {[]event.Event{planned, event.Gate{Addr: "a", Text: "REVIEW", Left: 15 * time.Minute}}, "◷ waiting for Kira (0s, 15m left): REVIEW"},
		"done and not ready waits for Kira":       {[]event.Event{planned, begin, ended, event.Gate{Addr: "a", Text: "no number yet"}}, "◷ waiting for Kira (0s): no number yet"},
		"done and then ready is done":             {[]event.Event{planned, begin, ended, event.Gate{Addr: "a"}, event.Note{Addr: "a", Text: "is ready"}}, "✓ added in 0.4s, is ready"},
		"done and never ready is done at the end": {[]event.Event{planned, begin, ended, event.Gate{Addr: "a"}, event.Finish{}}, "✓ added in 0.4s"},
		"a failure says why":                      {[]event.Event{planned, begin, event.End{Addr: "a", Err: "400\nmore"}}, "✗ failed: 400"},
		"a skip says because of what":             {[]event.Event{planned, event.Skip{Addr: "a", Cause: "b"}}, "⊘ skipped because of b"},
		"deferred says why":                       {[]event.Event{planned, event.Deferred{Addr: "a", Reason: "later"}}, "» deferred: later"},
		"what was running when it ended says so":  {[]event.Event{planned, begin, event.Finish{Stopped: true}}, "· not done: the run ended first"},
		"still counts from the beginning":         {[]event.Event{event.Still{Addr: "a", Action: "create", Elapsed: 9 * time.Second}}, "⠋ working 9s"},
		"an action of a later version has a name": {[]event.Event{event.Planned{Addr: "a", Action: "polish"}, event.Begin{Addr: "a", Action: "polish"}}, "⠋ doing polish"},
	} {
		r, res := after(c.events...)
		sign, _, text := r.saying(res)
		if got := sign + " " + text; got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestStages(t *testing.T) {
	for name, c := range map[string]struct {
		events []event.Event
		want   stage
	}{
		"nothing yet":                     {nil, planning},
		"a plan that grows":               {[]event.Event{event.Planned{Addr: "a"}}, planning},
		"a plan":                          {[]event.Event{event.PlanEnd{}}, reviewing},
		"a plan stays after its run":      {[]event.Event{event.PlanEnd{}, event.Finish{Command: "plan"}}, reviewing},
		"an apply that had nothing to do": {[]event.Event{event.PlanEnd{}, event.Finish{Command: "apply"}}, over},
		"work":                            {[]event.Event{event.PlanEnd{}, event.Begin{Addr: "a"}}, applying},
		"work that ended":                 {[]event.Event{event.PlanEnd{}, event.Begin{Addr: "a"}, event.Finish{}}, over},
		"a plan that failed":              {[]event.Event{event.Diagnostic{}, event.Finish{}}, over},
		"a second start begins from anew": {[]event.Event{event.PlanEnd{}, event.Begin{Addr: "a"}, event.Start{}}, planning},
	} {
		if r, _ := after(c.events...); r.stage() != c.want {
			t.Errorf("%s: stage %d, want %d", name, r.stage(), c.want)
		}
	}
}

func TestEstimate(t *testing.T) {
	for name, c := range map[string]struct {
		p       progress
		elapsed time.Duration
		want    time.Duration
	}{
		"as long as the first half":       {progress{total: 10, settled: 5}, 20 * time.Second, 20 * time.Second},
		"too little is known":             {progress{total: 10, settled: 2}, 20 * time.Second, 0},
		"people are not estimated":        {progress{total: 10, settled: 5, gated: 5}, 20 * time.Second, 0},
		"nothing is left":                 {progress{total: 5, settled: 5}, 20 * time.Second, 0},
		"too early to tell":               {progress{total: 10, settled: 5}, time.Millisecond, 0},
		"less than a second is not said":  {progress{total: 10, settled: 9}, 5 * time.Second, 0},
		"those at Kira are not worked on": {progress{total: 10, settled: 5, gated: 4}, 20 * time.Second, 4 * time.Second},
	} {
		if got, _ := c.p.left(c.elapsed); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// The clock of a run goes on with the ticks, and stops with the run.
func TestTheClockStops(t *testing.T) {
	m := play(Options{}, 80, 24, plan(), work(), end())
	if now := send(m, tick(noon.Add(time.Hour))).run.now; now.Sub(noon) > time.Minute {
		t.Errorf("the clock went on to %v", now)
	}
}

// Without its end, a run that was closed shows its work so far.
func TestClosedWithoutEnd(t *testing.T) {
	m := play(Options{}, 80, 24, plan(), work())
	next, cmd := m.Update(ended{})
	if cmd == nil || !next.(Model).leaving {
		t.Error("a run that ended without trouble keeps the view open")
	}
	m = send(play(Options{}, 80, 24, plan(), append(work(), event.Diagnostic{Severity: "error", Summary: "The state cannot be written"})), ended{})
	shows(t, m, "The state cannot be written", "not done")
}

// Of a run whose end is missing, nobody knows that all is done or that nothing was to do.
func TestARunWithoutAnEndIsNotDone(t *testing.T) {
	for name, events := range map[string][]event.Event{
		"before its plan": plan()[:3],
		"at work":         append(plan(), work()...),
	} {
		m := send(play(Options{Stay: true}, 100, 30, events), ended{})
		shows(t, m, "ended early")
		hides(t, m, "No changes", "done in", "  done")
		if t.Failed() {
			t.Fatal(name)
		}
	}
}

// A resource that is left out takes its dependants along, and taking everything
// in again brings back the plan.
func TestLeavingOutTakesAlongWhatNeedsIt(t *testing.T) {
	r := newRun()
	for _, e := range plan() {
		r.fold(noon, e)
	}
	for _, first := range r.resources {
		for _, second := range r.resources {
			c, _ := r.turn(choice{}, []*resource{first})
			c, _ = r.turn(c, []*resource{second})
			for _, res := range r.resources {
				if _, out := c.excluded(res.Addr); out {
					continue
				}
				for _, need := range res.Needs {
					if because, out := c.excluded(need); out {
						t.Errorf("%s is in, though %s, which it needs, is out because of %s", res.Addr, need, because)
					}
				}
			}
			for len(c.addrs()) > 0 {
				c, _ = r.turn(c, []*resource{r.at[c.addrs()[0]]})
			}
			if all := r.includes(choice{}); r.includes(c) != all {
				t.Errorf("after %s and %s and back, %d of %d are in", first.Addr, second.Addr, r.includes(c), all)
			}
		}
	}
}

func TestNeedsInACircleEnd(t *testing.T) {
	r := newRun()
	r.fold(noon, event.Planned{Addr: "a", Action: "create", Needs: []string{"b"}})
	r.fold(noon, event.Planned{Addr: "b", Action: "create", Needs: []string{"a", "gone"}})
	c, said := r.turn(choice{}, []*resource{r.at["a"]})
	if want := "Left out a, and 1 more that need it."; said != want {
		t.Errorf("said %q, want %q", said, want)
	}
	if c, _ = r.turn(c, []*resource{r.at["b"]}); r.includes(c) != 2 {
		t.Error("taking in the second does not bring back the first")
	}
	if got := r.whyLines(r.at["a"], 80); len(got) == 0 {
		t.Error("nothing says why")
	}
}

func TestNothingSelectedIsNotApplied(t *testing.T) {
	m := play(Options{CanApply: true}, 80, 24, []event.Event{event.Start{Command: "apply"},
		event.Planned{Addr: "kira_user.a", Kind: "kira_user", Action: "create"}, event.PlanEnd{Counts: map[string]int{"create": 1}}})
	shows(t, keys(m, "space", "a"), "Everything is left out, so there is nothing to apply.")
	m = play(Options{CanApply: true}, 80, 24, []event.Event{event.Diagnostic{Severity: "error"}, event.PlanEnd{}})
	shows(t, keys(m, "a"), "The plan has errors: e shows them.")
	m = play(Options{CanApply: true}, 80, 24, []event.Event{insecure, event.PlanEnd{}})
	shows(t, keys(m, "a"), "There is nothing to apply.")
}

func TestTreeKeepsTheOrderOfThePlan(t *testing.T) {
	planned, _ := many(100)
	m := play(Options{}, 80, 24, planned)
	var addrs []string
	for _, res := range m.tree.all {
		addrs = append(addrs, res.Addr)
	}
	if len(addrs) != 100 || !slices.IsSorted(addrs) {
		t.Errorf("%d resources in the order %v", len(addrs), addrs)
	}
}

// A recorded run that is resized, ticked and folded in other batches looks the
// same.
func TestBatchesDoNotMatter(t *testing.T) {
	all := append(append(plan(), work()...), end()...)
	want := screenOf(t, send(New(Options{}), tea.WindowSizeMsg{Width: 100, Height: 30}, batch{noon, all}))
	m := send(New(Options{}), tea.WindowSizeMsg{Width: 100, Height: 30})
	for _, e := range all {
		m = send(m, batch{noon, []event.Event{e}})
	}
	if got := screenOf(t, m); got != want {
		t.Errorf("one by one:\n%s\nall at once:\n%s", got, want)
	}
}

func TestFollowing(t *testing.T) {
	begin := func(a string) event.Event { return event.Begin{Addr: a, Action: "create"} }
	for name, c := range map[string]struct {
		events []event.Event
		want   string
	}{
		"where something happened last":       {[]event.Event{begin("a"), begin("b")}, "b"},
		"a failure":                           {[]event.Event{begin("a"), begin("b"), event.End{Addr: "a", Err: "no"}}, "a"},
		"another that runs, when one ended":   {[]event.Event{begin("a"), begin("b"), event.End{Addr: "a"}}, "b"},
		"what is waited for, if nothing runs": {[]event.Event{event.Gate{Addr: "a"}, event.Gate{Addr: "c"}, begin("b"), event.End{Addr: "b"}}, "a"},
		"nothing, if all has ended":           {[]event.Event{begin("a"), event.End{Addr: "a"}}, ""},
	} {
		r, _ := after(c.events...)
		got := ""
		if res := r.busy(); res != nil {
			got = res.Addr
		}
		if got != c.want {
			t.Errorf("%s: follows %s, want %s", name, got, c.want)
		}
	}
}
