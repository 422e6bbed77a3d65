package engine_test

import (
	"bytes"
	"cmp"
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

	"filippo.io/age"
	"pgregory.net/rapid"

	"kiraform/internal/event"
	"kiraform/internal/simulator"
	"kiraform/internal/simulator/simtest"
	"kiraform/state"
	"kiraform/state/file"
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

	identity, recipient string // of age
	encrypted           bool
	second              string // the folder of another working copy, which takes its turns with the first
	there               bool   // it is its turn
	database            string // where the state is kept, if that is not a file
	key                 string // of all who work on the state in the database
}

func newOutside(t *testing.T, b binary) (d *outside, done func()) {
	top, err := os.MkdirTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	pair, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	d = &outside{binary: b, world: world{sim: newKira(), dir: filepath.Join(top, "one")}, second: filepath.Join(top, "two"),
		identity: pair.String(), recipient: pair.Recipient().String()}
	if err := errors.Join(os.Mkdir(d.dir, 0o700), os.Mkdir(d.second, 0o700)); err != nil {
		t.Fatal(err)
	}
	d.sim.SetLog(func(*http.Request) {
		if n := d.begun.Add(1); n == d.at.Load() {
			if p := d.kill.Load(); p != nil {
				_ = p.Kill()
			}
		}
	})
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

func (d *outside) memory() state.Store {
	if d.database != "" {
		return d.shared()
	}
	return d.file()
}

// file is the state, also while it is encrypted.
func (d *outside) file() file.Store {
	f := d.world.file()
	f.Identity = d.identity
	return f
}

func (d *outside) encrypt() bool {
	d.encrypted = !d.encrypted
	return true
}

func (d *outside) anotherCopy() bool {
	d.there = !d.there
	return true
}

// folder is that of the working copy whose turn it is, with the configuration.
func (d *outside) folder(t failer, src string) string {
	dir := d.dir
	if d.there {
		dir = d.second
	}
	var blocks string
	if d.database != "" {
		blocks += "  backend \"postgres\" {\n    lease = \"5s\"\n  }\n"
	}
	if d.encrypted {
		blocks += fmt.Sprintf("  encryption {\n    recipients = [%q]\n  }\n", d.recipient)
	}
	if blocks != "" {
		src += "kiraform {\n" + blocks + "}\n"
	}
	if err := os.WriteFile(filepath.Join(dir, "main.kira.hcl"), []byte(src), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// start is the program in the folder of a working copy.
func (d *outside) start(dir string, args ...string) *exec.Cmd {
	switch {
	case d.database != "" && args[0] == "state" && (args[1] == "mv" || args[1] == "rm"): // they wait for nobody
	case d.database != "":
		args = append(args[:1:1], append([]string{"-lock-timeout=1m"}, args[1:]...)...)
	case d.there:
		args = append(args, "-state="+d.world.file().Path)
	}
	c := d.command(context.Background(), &d.world, args...)
	c.Dir, c.Env = dir, append(c.Env, "KIRAFORM_AGE_IDENTITY="+d.identity)
	if d.database != "" {
		c.Env = append(c.Env, "KIRAFORM_DATABASE_URL="+d.database, "KIRAFORM_KEY="+cmp.Or(d.key, sharedKey))
	}
	return c
}

func (d *outside) answer(how replies) { d.how.Store(&how) }

func (d *outside) night() bool { return false }

func (d *outside) rekey(t failer, src string, lost bool) bool {
	if d.database != "" {
		d.rekeyShared(t, src, lost)
		return true
	}
	dir, args := d.folder(t, src), []string{"state", "rekey", "-auto-approve"}
	if lost {
		keys, err := filepath.Glob(filepath.Join(d.dir, ".kiraform", "key*"))
		for _, key := range keys {
			err = errors.Join(err, os.Remove(key))
		}
		if err != nil {
			t.Fatal(err)
		}
		if said, err := d.start(dir, "plan").CombinedOutput(); err == nil || !bytes.Contains(said, []byte("state rekey")) {
			t.Fatalf("without the key: %v\n%s", err, said)
		}
		args = append(args, "-trust")
	}
	if said, err := d.start(dir, args...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	return true
}

func (d *outside) state(t failer) *state.State {
	st, err := d.memory().Load(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if st == nil {
		st = state.New("")
	}
	return st
}

func (d *outside) run(t failer, src string, r ride) (out outcome) {
	dir := d.folder(t, src)
	args := []string{"apply", "-auto-approve", "-progress=json", fmt.Sprintf("-parallelism=%d", r.workers)}
	if r.plan {
		args = []string{"plan", "-detailed-exitcode", "-progress=json"}
	}
	if r.refresh {
		args = []string{"refresh", "-auto-approve", "-progress=json"}
	}
	if r.exclude != "" {
		args = append(args, "-exclude="+r.exclude)
	}
	if r.minimal {
		args = append(args, "-minimal-refresh")
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
	c := d.start(dir, args...)
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
