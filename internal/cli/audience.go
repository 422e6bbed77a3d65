package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/ui/text"
	"kiraform/internal/ui/tui"
	"kiraform/internal/ui/words"
	"kiraform/state"
)

// audience is who a run is shown to, and who is asked. Whoever it is, the run
// and its exit code are the same.
type audience struct {
	emit event.Sink

	// ask lets a person decide on a plan for a place: to apply it, without some
	// addresses, or to leave it.
	ask func(s *session, command string, place state.Place) (apply bool, without []string, err error)

	// unasked says that the run begins to change something and that nobody will be
	// asked: from then on, and already now, a wish to leave is one to stop. Nil
	// where nobody can leave.
	unasked func()

	// offers says that a plan which was not made to be applied may be.
	offers bool

	// again reports whether the person wants another run, now that one has left
	// something, and whether it is to wait for Kira. Nil means that nobody is asked.
	again func(ctx context.Context, stop <-chan struct{}) (d event.Again, ok bool)

	say   func(string)    // remarks that are no part of the run
	last  func(string)    // the same, for those that have to stay on the screen; nil means to print them
	stops <-chan struct{} // has a value for each time the person asks to stop
	gone  <-chan struct{} // closed when the person has left; nil if that is not known
	lost  <-chan struct{} // closed when the person's terminal has; nil if that is not known
	close func() error    // says that the run is over, and waits until it was seen

	// dismiss says that the run ends early and nobody has to look at it.
	// Running operations are still shown.
	dismiss func()
}

// progresses are the values of -progress, and modes a sentence of them.
var (
	progresses = []string{"auto", "tui", "plain", "json", "quiet"}
	modes      = words.Or(progresses...)
)

// audience chooses how a run is shown; o is for a terminal view. One is taken
// only where it can be: auto falls back to plain text, and asking for it
// elsewhere is an error.
func (a *app) audience(mode string, o tui.Options) (*audience, error) {
	terminal := a.interactive() && a.Environ["TERM"] != "dumb"
	switch mode {
	case "auto":
		if terminal && a.Environ["CI"] == "" {
			return a.screen(o), nil
		}
		return a.reader(false), nil
	case "tui":
		if !terminal {
			return nil, usage("-progress=tui needs a terminal; use -progress=plain")
		}
		return a.screen(o), nil
	case "plain", "quiet":
		return a.reader(mode == "quiet"), nil
	case "json":
		return &audience{
			emit:  event.Timed(a.whole, time.Now),
			ask:   func(*session, string, state.Place) (bool, []string, error) { return false, nil, errNobody },
			say:   a.remark,
			close: func() error { return nil }, dismiss: func() {},
		}, nil
	}
	return nil, usage("-progress=%s: it is one of %s", mode, modes)
}

// viewers are those who follow a run: a program that reads Terraform's stream, or
// whoever -progress names.
func (a *app) viewers(f *runFlags, o tui.Options) (*audience, error) {
	switch {
	case f.shown != nil:
		return f.shown, nil
	case f.stream == nil:
		return a.audience(f.progress, o)
	}
	return &audience{
		emit:  f.stream.Handle,
		ask:   func(*session, string, state.Place) (bool, []string, error) { return false, nil, errNobody },
		say:   a.remark,
		close: func() error { return nil }, dismiss: func() {},
	}, nil
}

// early are those who are told why a run could not begin.
func (a *app) early(f *runFlags) *audience {
	switch {
	case f.shown != nil:
		return f.shown
	case f.stream != nil:
		return &audience{emit: f.stream.Handle, close: func() error { return nil }}
	}
	return a.reader(false)
}

// remarks is where people read text that is no part of a run: beside the output that
// a program reads.
func (a *app) remarks(f *runFlags) io.Writer {
	if f.stream != nil || f.progress == "json" {
		return a.Stderr
	}
	return a.Stdout
}

var errNobody = errors.New("JSON asks nobody, so -auto-approve is needed as well")

// reader is somebody who reads text, line by line.
func (a *app) reader(quiet bool) *audience {
	view := a.textView(a.Stdout, quiet)
	return &audience{emit: view.Handle, ask: a.prompt, say: a.remark,
		close: func() error { view.Flush(); return nil }, dismiss: func() {}}
}

// read chooses a reader, for commands that are never looked at.
func (a *app) read(*engine.Project) (*audience, error) { return a.reader(false), nil }

func (a *app) remark(text string) { fmt.Fprintln(a.Stderr, text) }

func (a *app) textView(out io.Writer, quiet bool) *text.View {
	return text.New(a.textOptions(out, quiet))
}

func (a *app) textOptions(out io.Writer, quiet bool) text.Options {
	return text.Options{Out: out, Err: a.Stderr, Color: a.color(a.noColor), Width: min(a.Width, 120), Screen: a.Width, Quiet: quiet, Compact: a.compact, Carry: a.carry}
}

// screen is somebody at a terminal. The last picture of the view stays behind
// as text once it has gone.
func (a *app) screen(o tui.Options) *audience {
	keys := newDesk()
	decisions := keys.decisions
	o.Decide = keys.decide
	o.Color, o.Carry = a.color(a.noColor), a.carry
	o.Back = tui.AskBackground(a.Environ["COLORFGBG"])
	o.Editor, o.Save = a.editor(), a.saveMarkdown
	if f, ok := a.Stdin.(*os.File); ok {
		o.Input = f // which tells when the terminal is closed
	}
	if f, ok := a.raw.(*os.File); ok {
		o.Output = f // for addresses that are copied
	}
	view := tui.Start(o)
	last := &epilogue{text: func(out io.Writer, quiet bool) *text.View {
		o := a.textOptions(out, quiet)
		o.Brief = true
		return text.New(o)
	}}
	dismissed := make(chan struct{})
	dismiss := sync.OnceFunc(func() { close(dismissed) })
	return &audience{
		emit: event.Tee(view.Handle, last.handle),
		ask: func(s *session, _ string, _ state.Place) (bool, []string, error) {
			keys.asks()
			d, err := decided(s.ctx, decisions, view, s.stop)
			apply, ok := d.(event.Apply)
			s.waits = apply.Wait
			return ok, apply.Without, err
		},
		again: func(ctx context.Context, stop <-chan struct{}) (event.Again, bool) {
			d, _ := decided(ctx, decisions, view, stop)
			again, ok := d.(event.Again)
			return again, ok
		},
		last:    last.remark,
		offers:  o.CanApply,
		stops:   keys.stops,
		unasked: keys.unasked,
		gone:    view.Done(),
		lost:    view.Lost(),
		say:     func(string) {}, // the view says it itself
		dismiss: func() { dismiss(); view.Stopping() },
		close: func() (err error) {
			view.Close()
			select {
			case <-view.Done():
				err = view.Wait()
			case <-dismissed:
				err = view.Leave()
			case <-a.Interrupts: // the run is over, and only looked at
				err = view.Leave()
			}
			last.show(a.Stdout)
			if err != nil {
				return fmt.Errorf("terminal view: %w", err)
			}
			return nil
		},
	}
}

// decided waits for the decision of a person who looks at a plan. A terminal
// that is closed, and being told to stop, are no answer.
func decided(ctx context.Context, decisions <-chan event.Decision, view *tui.View, stop <-chan struct{}) (event.Decision, error) {
	select {
	case d := <-decisions:
		return d, nil
	case <-view.Done():
		select {
		case d := <-decisions: // the last thing that it did
			return d, nil
		default:
			return nil, errInterrupted
		}
	case <-stop:
		return nil, errInterrupted
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// errInterrupted is the end of a run that was stopped before it changed
// anything.
var errInterrupted = &exit{ExitFailed, "interrupted, and nothing was changed"}
