package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/kira"
	"kiraform/internal/tell"
	"kiraform/internal/ui/words"
	"kiraform/state"
)

func (a *app) doctorCommand() *cobra.Command {
	d := &doctor{app: a}
	var as format
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Look at all that a run rests on, and name the remedies",
		Long: "doctor looks at the configuration, the state and its lock, whether files can be written, the key of the\n" +
			"fingerprints, the place, the sign-in, the clock, the version pin and the webhook. Each is a line: ok, warn\n" +
			"or fail, with the line to type. It sends a sign-in and one GET, makes and removes an empty folder, changes\n" +
			"nothing else, takes no lock, and exits with 1 if something fails.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, cancel := a.interruptible(cmd.Context())
			defer cancel()
			if err := d.look(ctx); err != nil {
				return err
			}
			if err := a.show(as, &d.report); err != nil {
				return err
			}
			if !d.report.OK {
				return &exit{code: ExitFailed}
			}
			return nil
		},
	}
	d.vars.bind(c)
	d.state.bind(c)
	as.bind(c)
	return c
}

// doctor looks at one thing after the other; a thing that cannot be looked at
// without another one is left out.
type doctor struct {
	*app
	vars   varFlags
	state  stateFlag
	dir    string
	report doctorReport
}

func (d *doctor) look(ctx context.Context) (err error) {
	if d.dir, err = d.app.dir(); err != nil {
		return err
	}
	d.report = doctorReport{OK: true}
	st := d.lookAtState(ctx)
	d.lookAtKey(st)
	project := d.lookAtFiles(ctx)
	if project == nil {
		return nil
	}
	defer func() { err = errors.Join(err, project.Close()) }()
	d.lookAtKira(ctx, project, st)
	d.lookAtObjects(st)
	return nil
}

// lookAtState loads the state, and returns an empty one if there is none.
func (d *doctor) lookAtState(ctx context.Context) *state.State {
	none := state.New("")
	store, err := d.stateStore(ctx, d.state)
	if err != nil {
		d.fail("state", d.safe(err), "")
		return none
	}
	d.lookAtLock(ctx, store)
	defer d.lookAtFolders(store)
	s, err := store.Load(ctx)
	switch {
	case err != nil:
		d.fail("state", d.safe(err), "kiraform state history")
		return none
	case s == nil:
		d.ok("state", "there is none yet: the first apply makes it")
		return none
	}
	text := fmt.Sprintf("%s, serial %d", words.Count(len(s.Resources), "resource"), s.Serial)
	if store.path != "" {
		text += ", in " + inside(d.dir, store.path)
	}
	if n := len(s.Intents); n > 0 {
		d.warn("state", text+fmt.Sprintf("; of %s it is not known how it went", words.Count(n, "request")), "kiraform plan")
		return s
	}
	d.ok("state", text)
	return s
}

func (d *doctor) lookAtLock(ctx context.Context, store kept) {
	s, err := store.LockStatus(ctx)
	switch {
	case err != nil:
		d.fail("lock", d.safe(err), "")
	case s.Held:
		d.warn("lock", fmt.Sprintf("held by %s", s.Holder), "kiraform plan -lock-timeout=5m")
	case s.Holder != (state.Holder{}):
		d.ok("lock", fmt.Sprintf("free; %s died with it, and the next run takes up its work", s.Holder))
	default:
		d.ok("lock", "free")
	}
}

// lookAtKey looks for the key that the state names. It makes none.
func (d *doctor) lookAtKey(s *state.State) {
	keys := d.keys(d.dir, d.state)
	_, err := keys.Have(s.KeyID)
	other, lost := errors.AsType[*state.OtherKeyError](err)
	switch {
	case lost:
		next := rekeyCommand(d.state)
		if other.Env != "" {
			next = "unset KIRAFORM_KEY"
		}
		d.fail("key", "the state was written with the key "+other.Want+", which is not here", next)
	case errors.Is(err, fs.ErrNotExist):
		d.ok("key", "there is none yet: the first apply makes it, in .kiraform/key")
	case err != nil:
		d.fail("key", d.safe(err), "")
	case keys.Env != "":
		d.ok("key", "in KIRAFORM_KEY")
	default:
		d.lookAtKeyFile(keys.Paths)
	}
}

// lookAtKeyFile warns of a key that others can read.
func (d *doctor) lookAtKeyFile(paths []string) {
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			continue
		}
		name := inside(d.dir, path)
		if info.Mode().Perm()&0o077 != 0 && filepath.Separator == '/' {
			d.warn("key", "in "+name+", which others can read", "chmod 600 "+name)
			return
		}
		d.ok("key", "in "+name)
		return
	}
	d.ok("key", "at hand")
}

// lookAtFiles compiles the configuration. It returns nil if that cannot be done.
func (d *doctor) lookAtFiles(ctx context.Context) *engine.Project {
	if empty, err := unwritten(d.dir); err == nil && empty {
		d.fail("configuration", "there is none in this folder", "kiraform init -environment=simulator")
		return nil
	}
	n := 0
	count := func(e event.Event) {
		if x, ok := e.(event.Diagnostic); ok && x.Severity == "error" {
			n++
		}
	}
	o, err := d.options(ctx, "doctor", d.vars, d.state, count)
	if err != nil {
		d.fail("configuration", d.safe(err), "")
		return nil
	}
	project, err := engine.OpenUnvalued(o)
	switch {
	case errors.Is(err, engine.ErrReported):
		d.fail("configuration", fmt.Sprintf("there %s in it", are(n, "mistake")), "kiraform validate")
		return nil
	case err != nil:
		d.fail("configuration", d.safe(err), "kiraform validate")
		return nil
	}
	d.ok("configuration", "it can be read")
	return project
}

// clockSkew is how far the clocks may be apart before people wonder at the times
// that they see.
const clockSkew = 2 * time.Minute

// lookAtKira looks at the place, signs in, and compares the clocks.
func (d *doctor) lookAtKira(ctx context.Context, p *engine.Project, s *state.State) {
	place, err := p.Where(ctx)
	if err != nil {
		name := "token"
		if _, refused := errors.AsType[refusedAddress](err); refused || place.Environment == "" && d.signsIn() {
			name = "place"
		}
		d.fail(name, d.safe(err), "")
		return
	}
	probe, err := p.Probe(ctx, s)
	if errors.Is(err, engine.ErrOtherPlace) {
		d.fail("place", fmt.Sprintf("%s, and the state is of %s", tell.Place(place), tell.Place(s.Place)), "kiraform plan")
		return
	}
	if _, unused := unusedAddress(p.Env, place); unused {
		d.warn("place", tell.Place(place).String()+"; KIRA_BASE_URL is not used", "")
	} else {
		d.ok("place", tell.Place(place).String())
	}
	switch {
	case err != nil:
		next := ""
		if e, ok := errors.AsType[*kira.Error](err); ok && (e.Status == 401 || e.Status == 403) {
			next = "export KIRA_API_KEY=... KIRA_CLIENT_ID=... KIRA_PASSWORD=..."
		}
		d.fail("token", d.safe(err), next)
		return
	case probe.Embedded:
		d.ok("token", "none is needed: the simulator is built in")
		d.ok("clock", "that of this machine is the simulator's, too")
		return
	}
	d.ok("token", fmt.Sprintf("signed in, and asked in %s", probe.Took.Round(time.Millisecond)))
	d.lookAtClock(probe.Date)
}

// signsIn reports whether all that it takes to sign in is in the environment.
func (d *doctor) signsIn() bool {
	return d.Environ["KIRA_API_KEY"] != "" && d.Environ["KIRA_CLIENT_ID"] != "" && d.Environ["KIRA_PASSWORD"] != ""
}

func (d *doctor) lookAtClock(date time.Time) {
	apart := time.Since(date)
	switch {
	case date.IsZero():
		d.ok("clock", "Kira does not say its time")
	case apart.Abs() > clockSkew:
		way := "behind"
		if apart > 0 {
			way = "before"
		}
		d.warn("clock", fmt.Sprintf("this machine is %s %s Kira", apart.Abs().Round(time.Second), way), "set the clock of this machine")
	default:
		d.ok("clock", "as Kira's")
	}
}
