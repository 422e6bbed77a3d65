package engine_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kiraform/internal/engine"
	"kiraform/internal/simulator"
	"kiraform/internal/simulator/simtest"
)

// The worst thing this program could do is to pay twice. It is killed with SIGKILL
// in the middle of a payout, with answers lost; then the action is edited, renamed
// with and without a moved block, put back, or an older state is brought back, and
// it is run again and killed again. No amount is ever paid twice.
func TestLawKillPayouts(t *testing.T) {
	b, seed := build(t), rand.Uint64()
	base := payingWorld(t)
	calm := base.copy(t)
	begun := firstRequest(calm)
	var since time.Time
	if out, err := b.invoke(calm, func(*os.Process) { <-begun; since = time.Now() }); err != nil {
		t.Fatalf("a run that is left alone: %v\n%s", err, out)
	}
	whole := time.Since(since)
	calm.paid(t, "100.00")
	t.Logf("seed %d; from its first request to its end, a run takes %v", seed, whole)

	var sum killTally
	t.Run("kills", func(t *testing.T) {
		for i := range killShards {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				draw := rand.New(rand.NewPCG(seed, uint64(i)))
				for n := i; n < *kills; n += killShards {
					b.killPayout(t, base.copy(t), draw, whole, &sum)
				}
			})
		}
	})
	if !t.Failed() {
		t.Attr("reliability", fmt.Sprintf("| The program is sent SIGKILL at a random moment of a payout, and before the next run the action is edited, renamed, "+
			"put back, or an older state is brought back; %d of the kills struck after its first request | %d | %d | %d | 0 | 0 |",
			sum.amid.Load(), sum.runs.Load(), sum.killed.Load(), sum.faults.Load()))
	}
}

// payingWorld returns a world in which there is somebody to pay, to be copied.
func payingWorld(t *testing.T) *world {
	w := newWorld(t)
	w.onDisk = true
	w.sim.World = filepath.Join(t.TempDir(), "world.json")
	w.run(t, sandboxed(paying), engine.PlanOptions{}, true)
	return w
}

// sandboxed is a program for a Kira that is served.
func sandboxed(src string) string { return strings.Replace(src, `"simulator"`, `"sandbox"`, 1) }

// copy returns a world as w is, with a Kira of its own.
func (w *world) copy(t *testing.T) *world {
	t.Helper()
	dir, file := t.TempDir(), filepath.Join(t.TempDir(), "world.json")
	if err := errors.Join(os.CopyFS(dir, os.DirFS(w.dir)), copyFile(w.sim.World, file)); err != nil {
		t.Fatal(err)
	}
	c := &world{onDisk: true, sim: &simulator.Server{VerifyAfter: -1, ActivateAfter: -1, World: file, Latency: killLatency}, dir: dir, program: sandboxed(paying + rent)}
	c.watch = simtest.Behave(t, c.sim)
	srv := simtest.Start(c.sim, nil)
	c.url, c.home, c.close = srv.URL, srv.URL, srv.Close
	st, err := c.file().Load(context.Background())
	if err == nil {
		st.Place.Address = srv.URL + "/sandbox" // it is the same Kira at another port
		err = c.file().Save(context.Background(), st)
		c.unpaid = st.Serial
	}
	if err == nil {
		err = c.file().Save(context.Background(), st)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func copyFile(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o600)
}

// invoke runs the action of w with the program, until it ends or is killed.
func (b binary) invoke(w *world, beside func(*os.Process), args ...string) (out []byte, err error) {
	if err := w.settle(); err != nil {
		return nil, err
	}
	name := "rent"
	if strings.Contains(w.program, `"flat"`) {
		name = "flat"
	}
	c := b.command(context.Background(), w, append([]string{"apply", "-auto-approve", "-no-color", "-invoke=action.kira_payout." + name}, args...)...)
	var said strings.Builder
	c.Stdout, c.Stderr = &said, &said
	if err := c.Start(); err != nil {
		return nil, err
	}
	if beside != nil {
		beside(c.Process)
	}
	err = c.Wait()
	return []byte(said.String()), err
}

type afterKillStep struct {
	name string
	do   func(w *world, t failer)
}

// afterKill has the edits that people make to an action after a run of it has
// died.
var afterKill = []afterKillStep{
	{"nothing", func(*world, failer) {}},
	{"nothing", func(*world, failer) {}},
	{"another amount", func(w *world, _ failer) {
		w.program = sandboxed(paying + strings.Replace(rent, `"100.00"`, `"120.00"`, 1))
	}},
	{"another period", func(w *world, _ failer) {
		w.program = sandboxed(paying + strings.Replace(rent, "2026-03", "2026-04", 1))
	}},
	{"another memo", func(w *world, _ failer) {
		w.program = sandboxed(paying + strings.Replace(rent, "period ", "memo = \"x\"\n    period ", 1))
	}},
	{"another name", func(w *world, _ failer) { w.program = sandboxed(paying + strings.Replace(rent, `"rent"`, `"flat"`, 1)) }},
	{"moved", func(w *world, _ failer) {
		w.program = sandboxed(paying+strings.Replace(rent, `"rent"`, `"flat"`, 1)) + "moved {\n  from = action.kira_payout.rent\n  to   = action.kira_payout.flat\n}\n"
	}},
	{"an older state", func(w *world, t failer) { w.restoreUnpaid(t) }},
	{"put back", func(w *world, _ failer) { w.program = sandboxed(paying + rent) }},
}

// killPayout lets a payout die, again and again, and then puts the action back and
// finishes. Whatever was done in between, each amount was paid once at most, and
// the first request is paid.
func (b binary) killPayout(t *testing.T, w *world, draw *rand.Rand, whole time.Duration, sum *killTally) {
	t.Helper()
	defer w.close()
	if draw.IntN(2) == 0 {
		w.sim.SetFaults(simulator.Faults{Seed: draw.Uint64(), Rules: []simulator.Fault{
			{Kind: simulator.DropAfter, Method: "POST", Path: "/v1/virtual-accounts/*/payout", Chance: 0.5, Times: 4},
			{Kind: simulator.ErrorAfter, Method: "POST", Path: "/v1/virtual-accounts/*/payout", Chance: 0.3, Times: 4},
			{Kind: simulator.DropBefore, Chance: 0.05, Times: 3},
		}})
	}
	var story []string
	for range 1 + draw.IntN(3) {
		begun, moment := firstRequest(w), time.Duration(draw.Int64N(int64(whole)))
		if draw.IntN(5) == 0 { // from the start of the process on
			begun = make(chan struct{})
			close(begun)
		}
		before := len(w.sim.Requests())
		_, err := b.invoke(w, func(p *os.Process) {
			select {
			case <-begun:
			case <-time.After(10 * time.Second):
			}
			time.Sleep(moment)
			_ = p.Kill()
		})
		sum.runs.Add(1)
		if died(err) {
			sum.killed.Add(1)
			if len(w.sim.Requests()) > before {
				sum.amid.Add(1)
			}
		}
		step := afterKill[draw.IntN(len(afterKill))]
		story = append(story, step.name)
		if step.name == "another period" {
			w.watch.Allows(simulator.SecondPayout) // of another month
		}
		step.do(w, t)
	}
	_, _ = b.invoke(w, nil) // it may stop, and ask a person
	sum.runs.Add(1)
	w.once(t, story)
	w.program = sandboxed(paying + rent)
	if strings.Contains(strings.Join(story, ""), "moved") || strings.Contains(strings.Join(story, ""), "another name") { // the runs may be at the other name
		w.program += "moved {\n  from = action.kira_payout.flat\n  to   = action.kira_payout.rent\n}\n"
	}
	sum.runs.Add(int64(b.finishPayout(t, w, story)))
	sum.faults.Add(int64(w.faults()))
	w.once(t, story)
	w.remembered(t, story)
}

// remembered checks that the first request is done, and that every payout at Kira
// is of a run.
func (w *world) remembered(t *testing.T, story []string) {
	t.Helper()
	st, err := w.file().Load(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	first := 0
	for _, r := range st.AllRuns() {
		if r.OwnRun() && r.Of["period"] == "2026-03" && r.Of["amount"] == "100.00" {
			first++
		}
	}
	if first != 1 {
		t.Fatalf("%d runs of March are done, after %v\n%+v", first, story, st.AllRuns())
	}
	for _, p := range w.sim.Payouts() {
		if _, known := st.RunOf(p["id"].(string)); !known {
			t.Fatalf("nobody remembers payout %v, after %v\n%+v", p["id"], story, st.AllRuns())
		}
	}
}

// once checks that no amount was paid more often than it was asked for: that of
// March may be paid for April too, if both were written.
func (w *world) once(t *testing.T, story []string) {
	t.Helper()
	paid := make(map[string]int)
	for _, p := range w.sim.Payouts() {
		paid[p["amount"].(string)]++
	}
	most := 1
	if strings.Contains(strings.Join(story, ""), "another period") {
		most = 2
	}
	if paid["100.00"] > most || paid["120.00"] > 1 {
		st, _ := w.file().Load(context.Background())
		t.Fatalf("paid %v, after %v\n%+v", paid, story, st.AllRuns())
	}
}

// finishPayout runs the action, as it was at first, until it is done. Where nobody
// but a person can tell the outcome of a run, one looks at Kira.
func (b binary) finishPayout(t *testing.T, w *world, story []string) int {
	t.Helper()
	for n := 1; ; n++ {
		out, err := b.invoke(w, nil)
		if err == nil {
			return n
		}
		if n == 8 {
			t.Fatalf("the run after a kill and %v: %v\n%s", story, err, out)
		}
		w.sim.SetFaults(simulator.Faults{})
		b.decide(t, w, string(out))
	}
}

// decide is a person who looks at Kira for the payout of a run without an
// answer: if Kira shows its payout, it is remembered, and else the run is
// ended.
func (b binary) decide(t *testing.T, w *world, said string) {
	t.Helper()
	if strings.Contains(said, "This period was paid already") { // the other amount of March was asked for as well
		out, err := b.invoke(w, nil, "-again")
		if err != nil {
			t.Fatalf("-again: %v\n%s", err, out)
		}
		return
	}
	if !strings.Contains(said, "run-unanswered") && !strings.Contains(said, "The outcome of") {
		return
	}
	st, err := w.file().Load(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range st.AllRuns() {
		if !r.Unanswered() {
			continue
		}
		args := []string{"state", "rm", "-unanswered", r.Addr.String()}
		for _, p := range w.sim.Payouts() {
			if _, known := st.RunOf(p["id"].(string)); !known && p["amount"] == r.Of["amount"] {
				args = []string{"import", r.Addr.String(), p["id"].(string)}
			}
		}
		if out, err := b.command(context.Background(), w, args...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
	}
}
