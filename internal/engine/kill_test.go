package engine_test

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kiraform/internal/engine"
	"kiraform/internal/simulator"
	"kiraform/state"
)

var kills = flag.Int("crash.kills", 5, "how many times to kill the program in the middle of an apply")

// Law 3 with the real program and the real SIGKILL: whenever it strikes, the
// next apply finishes the work, and everything exists exactly once.
func TestLawKill(t *testing.T) {
	b, seed := build(t), rand.Uint64()
	calm := newWorld(t)
	calm.sim.Latency = killLatency
	begun := firstRequest(calm)
	var since time.Time
	if out, err := b.apply(calm, func(*os.Process) { <-begun; since = time.Now() }); err != nil {
		t.Fatalf("an apply that is left alone: %v\n%s", err, out)
	}
	whole := time.Since(since)
	if u, a, r := len(calm.sim.Users()), len(calm.sim.VirtualAccounts()), len(calm.sim.Recipients()); u != 10 || a != 10 || r != 10 {
		t.Fatalf("%d users, %d accounts, %d recipients; want 10 of each", u, a, r)
	}
	t.Logf("seed %d; from its first request to its end, an apply takes %v", seed, whole)

	var sum killTally
	t.Run("kills", func(t *testing.T) {
		for i := range killShards {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				draw := rand.New(rand.NewPCG(seed, uint64(i)))
				for n := i; n < *kills; n += killShards {
					b.kill(t, calm, draw, whole, &sum)
				}
			})
		}
	})
	if t.Failed() {
		return
	}
	t.Attr("reliability", fmt.Sprintf("| The program is sent SIGKILL at a random moment of an apply of 30 resources, over TCP; "+
		"%d of the kills struck after its first request | %d | %d | %d | 0 | 0 |",
		sum.amid.Load(), sum.runs.Load(), sum.killed.Load(), sum.faults.Load()))
}

const killShards = 8

// killTally counts the events of kill tests.
type killTally struct{ runs, killed, amid, faults atomic.Int64 }

// Law 3 again, with a changed mind: between the kill and the next apply the
// configuration is corrected, renamed, or both.
func TestLawKillThenChanged(t *testing.T) {
	b, seed := build(t), rand.Uint64()
	calm := newWorld(t)
	calm.sim.Latency = killLatency
	begun := firstRequest(calm)
	var since time.Time
	if out, err := b.apply(calm, func(*os.Process) { <-begun; since = time.Now() }); err != nil {
		t.Fatalf("an apply that is left alone: %v\n%s", err, out)
	}
	whole := time.Since(since)
	t.Logf("seed %d", seed)
	var sum killTally
	t.Run("kills", func(t *testing.T) {
		for i := range killShards {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				draw := rand.New(rand.NewPCG(seed, uint64(i)))
				for n := i; n < *kills; n += killShards {
					b.killThenChange(t, draw, whole, &sum)
				}
			})
		}
	})
	if !t.Failed() {
		t.Attr("reliability", fmt.Sprintf("| The same, and before the next apply the configuration is corrected, renamed, or both | %d | %d | %d | 0 | 0 |",
			sum.runs.Load(), sum.killed.Load(), sum.faults.Load()))
	}
}

// changes are edits of the configuration that people make after an apply has
// died.
var changes = [][]string{
	{"@example.com", "@example.org"}, // of every user
	{"06600", "06601"},
	{`"Ruiz"`, `"Rojas"`}, // of every payee, none of which can change
	{"kira_user.maria", "kira_user.mary", `"kira_user" "maria"`, `"kira_user" "mary"`},
	{`"act" {`, `"usd" {`},
	{`"spei" {`, `"rent" {`},
}

// killThenChange lets an apply die, and finishes with another configuration.
func (b binary) killThenChange(t *testing.T, draw *rand.Rand, whole time.Duration, sum *killTally) {
	t.Helper()
	w := newWorld(t)
	defer w.close()
	w.watch.Allows(simulator.SecondObject, simulator.IdlePut) // a corrected payee is another one
	w.sim.Latency = killLatency
	if draw.IntN(2) == 0 {
		w.sim.SetFaults(simulator.Faults{Seed: draw.Uint64(), Rules: lostAnswers[:2]})
	}
	begun, moment := firstRequest(w), time.Duration(draw.Int64N(int64(whole)))
	_, err := b.apply(w, func(p *os.Process) {
		select {
		case <-begun:
		case <-time.After(10 * time.Second):
		}
		time.Sleep(moment)
		_ = p.Kill()
	})
	if died(err) {
		sum.killed.Add(1)
	}
	w.program = thirty
	moved := draw.IntN(2) == 0 // users; with another e-mail as well they would be other people
	for i, c := range changes {
		if draw.IntN(3) == 0 && (i != 0 || !moved) && (i != 3 || moved) {
			w.program = strings.NewReplacer(c...).Replace(w.program)
		}
	}
	sum.runs.Add(int64(1 + b.finish(t, w)))
	sum.faults.Add(int64(w.faults()))
	w.accounted(t)
	if pl := w.run(t, w.program, engine.PlanOptions{}, false); !pl.Empty() {
		t.Fatalf("there is something left to do:\n%s", w.said())
	}
}

// accounted checks that there are ten users and ten accounts, and that every
// object at Kira is in the state, in the ledger, or warned of.
func (w *world) accounted(t *testing.T) {
	t.Helper()
	st, err := w.store().Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	known := make(map[string]bool)
	for _, o := range st.Resources {
		known[o.ID] = true
	}
	for _, l := range st.Left {
		known[l.ID] = true
	}
	if u, a := len(w.sim.Users()), len(w.sim.VirtualAccounts()); u != 10 || a != 10 || len(st.Resources) != 30 {
		t.Fatalf("%d users, %d accounts and %d resources in the state; want 10, 10 and 30\n%s", u, a, len(st.Resources), w.program)
	}
	unknown := 0
	for _, r := range w.sim.Recipients() {
		if !known[r["id"].(string)] {
			unknown++
		}
	}
	for _, in := range st.Open() {
		if in.Creates() && in.Unanswered() && in.Addr.Kind == "kira_recipient" {
			unknown--
		}
	}
	if unknown > 0 {
		t.Fatalf("%d payees at Kira are neither in the state nor in the ledger, and no plan warns of them\n%s", unknown, w.program)
	}
}

// kill lets an apply die, and the next one finish the work.
func (b binary) kill(t *testing.T, calm *world, draw *rand.Rand, whole time.Duration, sum *killTally) {
	t.Helper()
	w := newWorld(t)
	defer w.close()
	sameKey(t, calm, w)
	w.sim.Latency = killLatency
	if draw.IntN(2) == 0 {
		w.sim.SetFaults(simulator.Faults{Seed: draw.Uint64(), Rules: lostAnswers[:2]})
	}
	begun, moment := firstRequest(w), time.Duration(draw.Int64N(int64(whole)))
	if draw.IntN(5) == 0 { // from the start of the process on
		begun = make(chan struct{})
		close(begun)
	}
	_, err := b.apply(w, func(p *os.Process) {
		select {
		case <-begun:
		case <-time.After(10 * time.Second):
		}
		time.Sleep(moment)
		_ = p.Kill()
	})
	if died(err) {
		sum.killed.Add(1)
		if len(w.sim.Requests()) > 0 {
			sum.amid.Add(1)
		}
	}
	sum.runs.Add(int64(1 + b.finish(t, w)))
	sum.faults.Add(int64(w.faults()))
	compare(t, w, calm, thirty)
	if pl := w.run(t, thirty, engine.PlanOptions{}, false); !pl.Empty() {
		t.Fatalf("there is something left to do:\n%s", w.said())
	}
}

// firstRequest returns a channel that is closed when w gets its first request.
func firstRequest(w *world) chan struct{} {
	begun := make(chan struct{})
	first := sync.OnceFunc(func() { close(begun) })
	w.sim.SetLog(func(*http.Request) { first() })
	return begun
}

// killLatency is the time that each request takes, so that kills find some on
// their way.
const killLatency = 3 * time.Millisecond

// binary is the program, built.
type binary string

// built builds the program once for all tests, as "make build" does.
var built = sync.OnceValues(func() (binary, error) {
	path := filepath.Join(scratch, "kiraform")
	c := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", path, "kiraform")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the program: %w\n%s", err, out)
	}
	return binary(path), nil
})

func build(t *testing.T) binary {
	t.Helper()
	b, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// apply runs the program in w until it ends, and beside during that.
func (b binary) apply(w *world, beside func(*os.Process)) (out []byte, err error) {
	return b.say(w, new(spoken), beside)
}

// say is apply, with all that the program says in said.
func (b binary) say(w *world, said *spoken, beside func(*os.Process)) (out []byte, err error) {
	if err := w.settle(); err != nil {
		return nil, err
	}
	c := b.command(context.Background(), w, "apply", "-auto-approve", "-no-color")
	c.Stdout, c.Stderr = said, said
	if err := c.Start(); err != nil {
		return nil, err
	}
	if beside != nil {
		beside(c.Process)
	}
	err = c.Wait()
	return []byte(said.String()), err
}

func (b binary) command(ctx context.Context, w *world, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, string(b), args...)
	c.Dir = w.dir
	c.Env = append(slices.DeleteFunc(os.Environ(), func(s string) bool { return strings.HasPrefix(s, "KIRA") }),
		"KIRA_BASE_URL="+w.url+"/sandbox", "KIRA_API_KEY=k", "KIRA_PASSWORD=p",
		"KIRA_CLIENT_ID=51000000-0000-4000-8000-000000000000")
	return c
}

// settle writes the configuration of w, and the key where the program looks
// for it. From now on the state is in the file.
func (w *world) settle() error {
	w.onDisk = true
	key := filepath.Join(w.dir, "key")
	if _, err := state.LoadKey(key, ""); err != nil {
		return err
	}
	data, err := os.ReadFile(key)
	if err != nil {
		return err
	}
	hidden := filepath.Join(w.dir, ".kiraform")
	return errors.Join(os.MkdirAll(hidden, 0o700), os.WriteFile(filepath.Join(hidden, "key"), data, 0o600),
		os.WriteFile(filepath.Join(w.dir, "main.kira.hcl"), []byte(cmp.Or(w.program, thirty)), 0o600))
}

// finish applies until nothing fails any more, and returns how often.
func (b binary) finish(t *testing.T, w *world) int {
	t.Helper()
	for n := 1; ; n++ {
		out, err := b.apply(w, nil)
		if err == nil {
			return n
		}
		if n == 5 {
			t.Fatalf("the apply after a kill: %v\n%s", err, out)
		}
	}
}

// died reports whether err is the end of a process that was killed.
func died(err error) bool {
	e, ok := errors.AsType[*exec.ExitError](err)
	return ok && e.ExitCode() == -1
}

// thirty is ten people, each with an account and a recipient.
var thirty = strings.Replace(strings.Replace(strings.Replace(`
provider "kira" {
  environment = "sandbox"
}
locals {
  people = toset(["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"])
}
`+maria, "type  ", "for_each           = local.people\n  type  ", 1), `"maria@example.com"`, `"${each.key}@example.com"`, 1), `"Maria"`, `"M-${each.key}"`, 1) + `
resource "kira_virtual_account" "act" {
  for_each = local.people
  user_id  = kira_user.maria[each.key].id
  type     = "US_BANK"
  provider = "act"
  mode     = "fiat"
}
resource "kira_recipient" "spei" {
  for_each   = local.people
  user_id    = kira_user.maria[each.key].id
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
