package engine_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/internal/kira"
	"kiraform/internal/simulator"
	"kiraform/state"
)

// The law of payouts: whatever is edited, renamed, lost and brought back, and
// whichever answers are lost and however much time passes, an amount is paid as
// often at most as it was asked for: once for each period that was written, and once
// for each time that it was asked for again.
func TestLawPayouts(t *testing.T) {
	base := payingWorld(t)
	var runs, faults int
	law(t, func(rt *rapid.T) {
		w := base.copy(t)
		defer w.close()
		w.watch.Allows(simulator.SecondPayout, simulator.SecondObject) // of another period, or asked for again; made anew
		w.sim.Latency = 0
		w.client = func(c *kira.Client) { c.MaxTries = 1 }
		now := time.Now()
		w.sim.Now = func() time.Time { return now }
		m := payoutModel{amount: "100.00", period: "2026-03", name: "rent", asked: make(map[string]map[string]bool), again: make(map[string]int)}
		steps := []string{"run", "run", "run", "lossy", "lossy", "amount", "period", "memo", "rename", "move", "hours", "day", "restore", "lose", "lose", "anew"}
		if rapid.IntRange(0, 3).Draw(rt, "again") == 0 { // which makes the law weaker
			steps = append(steps, "again")
		}
		var story []string
		for range rapid.IntRange(2, 12).Draw(rt, "steps") {
			step := rapid.SampledFrom(steps).Draw(rt, "step")
			story = append(story, step)
			switch step {
			case "run", "lossy", "again":
				if step == "lossy" {
					kind := rapid.SampledFrom([]simulator.FaultKind{simulator.DropAfter, simulator.DropBefore, simulator.ErrorAfter, simulator.NotJSON, simulator.Throttled}).Draw(rt, "fault")
					w.sim.SetFaults(simulator.Faults{Rules: []simulator.Fault{{Kind: kind, Method: "POST", Path: "/v1/virtual-accounts/*/payout", RetryAfter: -1}}})
				}
				m.ask(step == "again")
				_, _, _ = w.invoked(rt, m.src(), engine.InvokeOptions{Addr: m.addr(), Again: step == "again"})
				runs++
				faults += w.faults()
				w.sim.SetFaults(simulator.Faults{})
			case "amount":
				m.amount = rapid.SampledFrom([]string{"100.00", "100", "120.00"}).Draw(rt, "amount")
			case "period":
				m.period = rapid.SampledFrom([]string{"2026-03", "2026-04"}).Draw(rt, "period")
			case "memo":
				m.memo = rapid.SampledFrom([]string{"", "a", "b"}).Draw(rt, "memo")
			case "rename", "move":
				m.rename(step == "move")
			case "hours":
				now = now.Add(13 * time.Hour)
			case "day":
				now = now.Add(25 * time.Hour)
			case "restore":
				w.restoreUnpaid(rt)
			case "anew": // the state is lost, and everybody is made again
				w.forget(rt)
				w.run(rt, sandboxed(paying), engine.PlanOptions{}, true)
				st, err := w.file().Load(t.Context())
				if err == nil {
					w.unpaid = st.Serial
					err = w.file().Save(t.Context(), st)
				}
				if err != nil {
					rt.Fatal(err)
				}
			case "lose":
				st, err := w.store().Load(t.Context())
				if err != nil {
					rt.Fatal(err)
				}
				clear(st.Runs)
				if err := w.store().Save(t.Context(), st); err != nil {
					rt.Fatal(err)
				}
			}
			have := make(map[string]int)
			for _, p := range w.sim.Payouts() {
				amount := strings.Replace(p["amount"].(string), ".00", "", 1)
				have[amount]++
			}
			for amount, n := range have {
				if most := len(m.asked[amount]) + m.again[amount]; n > most {
					st, _ := w.store().Load(t.Context())
					rt.Fatalf("%s was paid %d times, and asked for %d times: %v\n%+v", amount, n, most, story, allRuns(st))
				}
			}
		}
	})
	if !t.Failed() {
		t.Attr("reliability", fmt.Sprintf("| Payouts with lost answers, edits, renames, lost and older states, and days that pass, at random | %d | 0 | %d | 0 | 0 |", runs, faults))
	}
}

func allRuns(st *state.State) []state.Run {
	if st == nil {
		return nil
	}
	return st.AllRuns()
}

// payoutModel is the action as it is written, and the requests.
type payoutModel struct {
	amount, period, memo, name, moved string

	asked map[string]map[string]bool // periods, by amount
	again map[string]int             // by amount
}

func (m *payoutModel) ask(again bool) {
	amount := strings.Replace(m.amount, ".00", "", 1)
	if m.asked[amount] == nil {
		m.asked[amount] = make(map[string]bool)
	}
	m.asked[amount][m.period] = true
	if again {
		m.again[amount]++
	}
}

func (m *payoutModel) rename(moved bool) {
	old := m.name
	m.name = map[string]string{"rent": "flat", "flat": "rent"}[old]
	m.moved = ""
	if moved {
		m.moved = fmt.Sprintf("moved {\n  from = action.kira_payout.%s\n  to   = action.kira_payout.%s\n}\n", old, m.name)
	}
}

func (m *payoutModel) addr() addr.Resource {
	return addr.Resource{Action: true, Kind: "kira_payout", Name: m.name}
}

func (m *payoutModel) src() string {
	action := strings.NewReplacer(`"rent"`, `"`+m.name+`"`, "100.00", m.amount, "2026-03", m.period).Replace(rent)
	if m.memo != "" {
		action = strings.Replace(action, "period ", "memo = \""+m.memo+"\"\n    period ", 1)
	}
	return sandboxed(paying) + action + m.moved
}
