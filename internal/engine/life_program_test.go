package engine_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kiraform/internal/event"
	"kiraform/internal/simulator"
	"kiraform/internal/simulator/simtest"
	"kiraform/state"
)

var programs = flag.Int("life.programs", 0, "how many long lives the program itself leads; 0 means one for ten checks of a law")

// Law 10 with the real program, a state in a file, and the real SIGKILL.
func TestLawLongLifeOfTheProgram(t *testing.T) {
	b := build(t)
	checks(t, "rapid.steps", "12")
	n := *programs
	if most, err := strconv.Atoi(flag.Lookup("rapid.checks").Value.String()); n == 0 && err == nil {
		n = max(2, most/10)
	}
	checks(t, "rapid.checks", strconv.Itoa(n))
	rapid.Check(t, func(rt *rapid.T) {
		d, done := newOutside(t, b)
		defer done()
		newLife(rt, d).live()
	})
}

// outside is the program itself, in a folder of its own, and a simulator that
// is served to it.
type outside struct {
	binary
	world
	begun atomic.Int64 // requests that arrived
	at    atomic.Int64 // the request with which the program dies; 0 means that it lives
	kill  atomic.Pointer[os.Process]
	how   atomic.Pointer[replies]
}

func newOutside(t *testing.T, b binary) (d *outside, done func()) {
	dir, err := os.MkdirTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	d = &outside{binary: b, world: world{sim: newKira(), dir: dir}}
	d.sim.Log = func(*http.Request) {
		if n := d.begun.Add(1); n == d.at.Load() {
			if p := d.kill.Load(); p != nil {
				_ = p.Kill()
			}
		}
	}
	srv := simtest.Start(d.sim, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if how := d.how.Load(); how == nil || !how.answered(w, r) {
			d.sim.ServeHTTP(w, r)
		}
	}))
	d.url = srv.URL
	return d, srv.Close
}

func (d *outside) kira() *simulator.Server { return d.sim }
func (d *outside) moment() time.Duration   { return 10 * time.Millisecond }

func (d *outside) memory() state.Store { return d.store() }

func (d *outside) answer(how replies) { d.how.Store(&how) }

func (d *outside) night() bool { return false }

func (d *outside) rekey(failer, string, bool) bool { return false }

func (d *outside) state(t failer) *state.State {
	st, err := d.store().Load(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if st == nil {
		st = state.New("")
	}
	return st
}

func (d *outside) run(t failer, src string, r ride) (out outcome) {
	if err := os.WriteFile(filepath.Join(d.dir, "main.kira.hcl"), []byte(src), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"apply", "-auto-approve", "-progress=json", fmt.Sprintf("-parallelism=%d", r.workers)}
	if r.plan {
		args = []string{"plan", "-detailed-exitcode", "-progress=json"}
	}
	if r.wait > 0 {
		args = append(args, "-wait="+r.wait.String())
	}
	if r.out != "" {
		args = append(args, "-out="+r.out)
	}
	if r.target != "" {
		args = append(args, "-target="+r.target)
	}
	for _, a := range r.replace {
		args = append(args, "-replace="+a)
	}
	if r.goneOK > 0 {
		args = append(args, fmt.Sprintf("-gone-ok=%d", r.goneOK))
	}
	if r.saved != "" {
		args = append(args, r.saved)
	}
	c := d.command(context.Background(), &d.world, args...)
	if r.away {
		c.Env = append(c.Env, "KIRA_CLIENT_ID="+otherAccount)
	}
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	d.at.Store(0)
	if r.kill > 0 {
		d.at.Store(d.begun.Load() + int64(r.kill+2)/3) // a request is some moments
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	d.kill.Store(c.Process)
	err := c.Wait()
	d.kill.Store(nil)
	out.said = stderr.String()
	_ = event.Replay(&stdout, out.hear) // it may have died in the middle of a word
	code := 0
	if e, ok := errors.AsType[*exec.ExitError](err); ok {
		code = e.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	out.empty, out.clean = r.plan && code == 0, !r.plan && code == 0
	out.stale = code == 4
	if code != 0 && (!r.plan || code != 2) {
		out.err = fmt.Errorf("exit code %d", code)
	}
	return out
}
