package engine_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"kiraform/internal/simulator"
	"kiraform/state"
	"kiraform/state/postgres"
	"kiraform/state/postgres/pgtest"
)

// sharedKey is the key of the fingerprints of all who work on one state.
const sharedKey = "0123456789abcdef0123456789abcdef"

// shared is the state in the database.
func (d *outside) shared() *postgres.Store {
	server, err := postgres.Open(d.database)
	if err != nil {
		panic(err)
	}
	s := server.Store("default")
	s.Identity = d.identity
	return s
}

// Law 10 with the real program and a state that two working copies share in a
// Postgres: the long life, and the real SIGKILL.
func TestLawLongLifeInPostgres(t *testing.T) {
	pgtest.URL(t)
	b := build(t)
	checks(t, "rapid.steps", "12")
	n := *programs
	if n == 0 {
		n = 2
	}
	checks(t, "rapid.checks", fmt.Sprint(n))
	rapid.Check(t, func(rt *rapid.T) {
		d, done := newOutside(t, b)
		defer done()
		d.database = pgtest.URL(t)
		newLife(rt, d).live()
	})
}

// machine is a place to work at, of which nothing outlives the run.
type machine struct {
	binary
	world    *world
	database string
}

// apply runs the program in a new folder, which is deleted with all that is in it.
func (m machine) apply(beside func(*os.Process), args ...string) (string, error) {
	dir, err := os.MkdirTemp("", "kiraform")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	program := cmp.Or(m.world.program, thirty) + "kiraform {\n  backend \"postgres\" {\n    lease = \"5s\"\n  }\n}\n"
	if err := os.WriteFile(filepath.Join(dir, "main.kira.hcl"), []byte(program), 0o600); err != nil {
		return "", err
	}
	c := m.command(context.Background(), m.world, append(args, "-no-color", "-lock-timeout=1m")...)
	c.Dir, c.Env = dir, append(c.Env, "KIRAFORM_DATABASE_URL="+m.database, "KIRAFORM_KEY="+sharedKey)
	var said strings.Builder
	c.Stdout, c.Stderr = &said, &said
	if err := c.Start(); err != nil {
		return "", err
	}
	if beside != nil {
		beside(c.Process)
	}
	err = c.Wait()
	return said.String(), err
}

// request returns a channel that is closed when w gets its nth request.
func request(w *world, n int) chan struct{} {
	var seen atomic.Int64
	hit := make(chan struct{})
	w.sim.SetLog(func(*http.Request) {
		if seen.Add(1) == int64(n) {
			close(hit)
		}
	})
	return hit
}

// Law 3 where nothing of the run that died is left but its rows in the Postgres: the
// program is killed and its folder deleted, and the next one, on another machine,
// waits for the lease and finishes the work. Everything exists exactly once.
func TestLawKillInPostgres(t *testing.T) {
	t.Parallel()
	pgtest.URL(t)
	b, seed := build(t), rand.Uint64()
	t.Logf("seed %d", seed)
	var sum killTally
	beside(t, seed, func(t *testing.T, draw *rand.Rand) { killInPostgres(t, b, draw, &sum) })
	if !t.Failed() {
		t.Attr("reliability", fmt.Sprintf("| Postgres: SIGKILL at a random request of an apply of 30 resources, and the folder deleted; another machine finishes | %d | %d | %d | 0 | 0 |",
			sum.runs.Load(), sum.killed.Load(), sum.faults.Load()))
	}
}

// beside does half as many kills as elsewhere beside each other, since each waits for
// leases to end. Each draws for itself.
func beside(t *testing.T, seed uint64, kill func(*testing.T, *rand.Rand)) {
	t.Run("beside", func(t *testing.T) {
		for i := range max(2, *kills/2) {
			t.Run(strconv.Itoa(i), func(t *testing.T) {
				t.Parallel()
				kill(t, rand.New(rand.NewPCG(seed, uint64(i))))
			})
		}
	})
}

func killInPostgres(t *testing.T, b binary, draw *rand.Rand, sum *killTally) {
	t.Helper()
	w := newWorld(t)
	defer w.close()
	w.sim.Latency = killLatency
	if draw.IntN(2) == 0 {
		w.sim.SetFaults(simulator.Faults{Seed: draw.Uint64(), Rules: lostAnswers[:2]})
	}
	at := 1 + draw.IntN(40)
	hit := request(w, at)
	m := machine{b, w, pgtest.URL(t)}
	_, err := m.apply(func(p *os.Process) {
		select {
		case <-hit:
		case <-time.After(20 * time.Second):
		}
		_ = p.Kill()
	}, "apply", "-auto-approve")
	if died(err) {
		sum.killed.Add(1)
	}
	for n := 1; ; n++ {
		sum.runs.Add(1)
		out, err := m.apply(nil, "apply", "-auto-approve")
		if err == nil {
			break
		}
		if n == 5 {
			t.Fatalf("the apply after a kill at request %d: %v\n%s", at, err, out)
		}
	}
	sum.faults.Add(int64(w.faults()))
	if u, a, r := len(w.sim.Users()), len(w.sim.VirtualAccounts()), len(w.sim.Recipients()); u != 10 || a != 10 || r != 10 {
		t.Fatalf("after a kill at request %d there are %d users, %d accounts, %d recipients; want 10 of each", at, u, a, r)
	}
	if out, err := m.apply(nil, "plan", "-detailed-exitcode"); err != nil {
		t.Fatalf("after a kill at request %d there is something left to do: %v\n%s", at, err, out)
	}
	server, err := postgres.Open(m.database)
	if err != nil {
		t.Fatal(err)
	}
	st, err := server.Store("default").Load(t.Context())
	if err != nil || len(st.Resources) != 30 || len(st.Intents) != 0 {
		t.Fatalf("the state has %d resources and %d open requests, %v", len(st.Resources), len(st.Intents), err)
	}
}

// A run that loses its lock in the middle sends nothing from then on: not the request
// that waits for its turn, and no other.
func TestALockThatIsLostStopsTheRun(t *testing.T) {
	pgtest.URL(t)
	b := build(t)
	w := newWorld(t)
	defer w.close()
	m := machine{b, w, pgtest.URL(t)}
	hit, gone := make(chan struct{}), make(chan struct{})
	var seen atomic.Int64
	w.sim.SetLog(func(*http.Request) {
		if seen.Add(1) == 8 {
			close(hit)
			<-gone // it has no answer before
		}
	})
	out, err := m.apply(func(*os.Process) {
		<-hit
		defer close(gone)
		pgtest.Exec(t, m.database, "update kiraform.workspaces set fence = fence + 1, holder = null, lease_until = null")
	}, "apply", "-auto-approve", "-parallelism=1")
	e, ended := errors.AsType[*exec.ExitError](err)
	if !ended || e.ExitCode() != 1 || !strings.Contains(strings.Join(strings.Fields(out), " "), state.ErrLost.Error()) {
		t.Fatalf("%v\n%s", err, out)
	}
	sent := len(w.sim.Requests())
	if sent > 12 {
		t.Errorf("of about 40 requests %d were sent, though the lock was lost at the eighth", sent)
	}
	if out, err := m.apply(nil, "apply", "-auto-approve"); err != nil {
		t.Fatalf("the next apply: %v\n%s", err, out)
	}
	if u, a, r := len(w.sim.Users()), len(w.sim.VirtualAccounts()), len(w.sim.Recipients()); u != 10 || a != 10 || r != 10 {
		t.Fatalf("there are %d users, %d accounts, %d recipients; want 10 of each", u, a, r)
	}
}

// leased is a store whose lock is lost when a test says so.
type leased struct {
	state.Store
	lost context.Context
}

func (l leased) Held(context.Context) error { return context.Cause(l.lost) }

func (l leased) While(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(l.lost, func() { cancel(context.Cause(l.lost)) })
	return ctx, func() { stop(); cancel(nil) }
}

// A run that waits for the people at Kira, and loses its lock meanwhile, waits no more.
func TestARunThatWaitsLosesItsLock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newInside(t)
		d.sim.VerifyAfter = 0 // nobody verifies anybody
		lost, lose := context.WithCancelCause(context.Background())
		d.store = leased{d.store, lost}
		time.AfterFunc(10*time.Minute, func() { lose(state.ErrLost) })
		began := time.Now()
		out := d.run(t, crowd(1, true, false), ride{wait: 24 * time.Hour})
		if took := time.Since(began); took > 11*time.Minute || out.clean {
			t.Errorf("it went on for %v, %v\n%s", took, out.err, out.said)
		}
	})
}
