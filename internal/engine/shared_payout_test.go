package engine_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"kiraform/internal/simulator"
	"kiraform/state"
	"kiraform/state/postgres"
	"kiraform/state/postgres/pgtest"
)

// The law of killed payouts where nothing of the run that died is left but its rows
// in the Postgres: the program is sent SIGKILL in the middle of a payout, with
// answers lost, and its folder is deleted; the action is edited, renamed or put back,
// and another machine runs it. No amount is ever paid twice, and in the end the first
// request is paid.
func TestLawKillPayoutsInPostgres(t *testing.T) {
	t.Parallel()
	pgtest.URL(t)
	b, seed := build(t), rand.Uint64()
	t.Logf("seed %d", seed)
	var sum killTally
	beside(t, seed, func(t *testing.T, draw *rand.Rand) { killPayoutInPostgres(t, b, draw, &sum) })
	if !t.Failed() {
		t.Attr("reliability", fmt.Sprintf("| Postgres: SIGKILL at a random moment of a payout, the folder deleted, and before another machine runs it the action is edited, renamed "+
			"or put back; %d of the kills struck after its first request | %d | %d | %d | 0 | 0 |",
			sum.amid.Load(), sum.runs.Load(), sum.killed.Load(), sum.faults.Load()))
	}
}

func killPayoutInPostgres(t *testing.T, b binary, draw *rand.Rand, sum *killTally) {
	t.Helper()
	w := newWorld(t)
	defer w.close()
	w.program = sandboxed(paying)
	m := machine{b, w, pgtest.URL(t)}
	if out, err := m.apply(nil, "apply", "-auto-approve"); err != nil {
		t.Fatalf("make those who pay and are paid: %v\n%s", err, out)
	}
	w.program, w.sim.Latency = sandboxed(paying+rent), killLatency
	if draw.IntN(2) == 0 {
		w.sim.SetFaults(simulator.Faults{Seed: draw.Uint64(), Rules: []simulator.Fault{
			{Kind: simulator.DropAfter, Method: "POST", Path: "/v1/virtual-accounts/*/payout", Chance: 0.5, Times: 4},
			{Kind: simulator.ErrorAfter, Method: "POST", Path: "/v1/virtual-accounts/*/payout", Chance: 0.3, Times: 4},
		}})
	}
	steps := slices.DeleteFunc(slices.Clone(afterKill), func(s afterKillStep) bool { return s.name == "an older state" })
	var story []string
	for range 1 + draw.IntN(2) {
		hit, pause := request(w, 1+draw.IntN(13)), time.Duration(draw.Int64N(int64(2*killLatency)))
		before := len(w.sim.Requests())
		_, err := m.invoke(func(p *os.Process) {
			select {
			case <-hit:
			case <-time.After(5 * time.Second):
			}
			time.Sleep(pause)
			_ = p.Kill()
		})
		sum.runs.Add(1)
		if died(err) {
			sum.killed.Add(1)
			if len(w.sim.Requests()) > before {
				sum.amid.Add(1)
			}
		}
		step := steps[draw.IntN(len(steps))]
		story = append(story, step.name)
		if step.name == "another period" {
			w.watch.Allows(simulator.SecondPayout) // of another month
		}
		step.do(w, t)
	}
	_, _ = m.invoke(nil) // it may stop, and ask a person
	sum.runs.Add(1)
	w.program = sandboxed(paying + rent)
	if all := strings.Join(story, ""); strings.Contains(all, "moved") || strings.Contains(all, "another name") { // the runs may be at the other name
		w.program += "moved {\n  from = action.kira_payout.flat\n  to   = action.kira_payout.rent\n}\n"
	}
	for n := 1; ; n++ {
		sum.runs.Add(1)
		out, err := m.invoke(nil)
		if err == nil {
			break
		}
		if n == 8 {
			t.Fatalf("the run after a kill and %v: %v\n%s", story, err, out)
		}
		w.sim.SetFaults(simulator.Faults{})
		m.decide(t, out)
	}
	sum.faults.Add(int64(w.faults()))
	m.paidOnce(t, story)
}

// invoke runs the payout of the program.
func (m machine) invoke(beside func(*os.Process), args ...string) (string, error) {
	name := "rent"
	if strings.Contains(m.world.program, `"flat"`) {
		name = "flat"
	}
	return m.apply(beside, append([]string{"apply", "-auto-approve", "-invoke=action.kira_payout." + name}, args...)...)
}

// state is the state in the database.
func (m machine) state(t *testing.T) *state.State {
	t.Helper()
	server, err := postgres.Open(m.database)
	if err != nil {
		t.Fatal(err)
	}
	st, err := server.Store("default").Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// decide is a person who looks at Kira for the payout of a run without an answer, as
// [binary.decide] is where the state is in a file.
func (m machine) decide(t *testing.T, said string) {
	t.Helper()
	if strings.Contains(said, "This period was paid already") {
		if out, err := m.invoke(nil, "-again"); err != nil {
			t.Fatalf("-again: %v\n%s", err, out)
		}
		return
	}
	if !strings.Contains(said, "The outcome of") {
		return
	}
	st := m.state(t)
	for _, r := range st.AllRuns() {
		if !r.Unanswered() {
			continue
		}
		args := []string{"state", "rm", "-unanswered", r.Addr.String()}
		for _, p := range m.world.sim.Payouts() {
			if _, known := st.RunOf(p["id"].(string)); !known && p["amount"] == r.Of["amount"] {
				args = []string{"import", r.Addr.String(), p["id"].(string)}
			}
		}
		if out, err := m.apply(nil, args...); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
	}
}

// paidOnce checks that no amount was paid more often than it was asked for, that the
// first request is done, and that every payout at Kira is of a run.
func (m machine) paidOnce(t *testing.T, story []string) {
	t.Helper()
	st, paid, first := m.state(t), make(map[string]int), 0
	for _, p := range m.world.sim.Payouts() {
		paid[p["amount"].(string)]++
		if _, known := st.RunOf(p["id"].(string)); !known {
			t.Fatalf("nobody remembers payout %v, after %v\n%+v", p["id"], story, st.AllRuns())
		}
	}
	most := 1
	if slices.Contains(story, "another period") {
		most = 2
	}
	for _, r := range st.AllRuns() {
		if r.OwnRun() && r.Of["period"] == "2026-03" && r.Of["amount"] == "100.00" {
			first++
		}
	}
	if paid["100.00"] > most || paid["120.00"] > 1 || first != 1 {
		t.Fatalf("paid %v, %d runs of March, after %v\n%+v", paid, first, story, st.AllRuns())
	}
}
