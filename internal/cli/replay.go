package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"kiraform/internal/event"
	"kiraform/internal/ui/tui"
	"kiraform/internal/ui/words"
)

// replayed are the values of its -progress: a recording is JSON already.
var replayed = slices.DeleteFunc(slices.Clone(progresses), func(mode string) bool { return mode == "json" })

func (a *app) replayCommand() *cobra.Command {
	var progress string
	var speed float64
	var step bool
	c := &cobra.Command{
		Use:   "replay FILE",
		Short: "Show a recorded run again",
		Long: "replay shows a run that was recorded with -progress=json, in the terminal view or as text, as it\n" +
			"happened. It reads nothing but the file, and changes nothing. With -step the next event comes when\n" +
			"a key is pressed: space in the view, enter otherwise.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !(speed >= 0) || math.IsInf(speed, 1) {
				return usage("-speed must be 0 or more, not %v", speed)
			}
			return a.replay(cmd.Context(), args[0], progress, &player{speed: speed, step: step})
		},
	}
	c.Flags().StringVar(&progress, "progress", "auto", "show the run as `MODE`: "+words.Or(replayed...))
	c.Flags().Float64Var(&speed, "speed", 1, "play `N` times as fast as it happened; 0 is at once")
	c.Flags().BoolVar(&step, "step", false, "wait for a key before each event")
	c.Flags().Bool("read-only", true, "show the view without the keys that change something; a replay always is")
	return c
}

func (a *app) replay(ctx context.Context, path, progress string, p *player) (err error) {
	if progress == "json" {
		return usage("%s is JSON already", path)
	}
	dir, err := a.dir()
	if err != nil {
		return err
	}
	f, err := os.Open(in(dir, path))
	if err != nil {
		return fmt.Errorf("read the recording: %w", err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return fmt.Errorf("read the recording: %w", &fs.PathError{Op: "read", Path: path, Err: syscall.EISDIR})
	}
	o := tui.Options{ReadOnly: true, Stay: true, Clock: p.now}
	if !p.step && p.speed > 0 {
		p.held = make(chan bool, 16)
		o.Pause = func(hold bool) { notify(p.held, hold) }
	}
	if p.step {
		p.steps = make(chan struct{}, 16) // as many as are typed before one is shown
		o.Step = func() { notify(p.steps, struct{}{}) }
	}
	who, err := a.audience(progress, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, who.close()) }()
	if p.step && who.gone == nil {
		go presses(a.Stdin, p.steps)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-a.Interrupts:
			who.dismiss()
		case <-who.gone:
		case <-ctx.Done():
		}
		cancel()
	}()
	if err := p.play(ctx, f, who.emit); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// presses passes on each line of input as a key press, and closes the channel
// at the end of the input.
func presses(from io.Reader, to chan<- struct{}) {
	defer close(to)
	for s := bufio.NewScanner(from); s.Scan(); {
		to <- struct{}{}
	}
}

// player shows the events of a recording in time.
type player struct {
	speed float64
	step  bool
	held  chan bool     // has a value for each time that the recording is held, or let go on; nil if nobody can
	steps chan struct{} // has a value for each key press; closed when none will follow

	mu    sync.Mutex
	at    time.Time // of the latest event, or of the hold after it, by the recording
	shown time.Time // when that was shown, by the clock on the wall
	stood bool      // the recording is held
}

// play ends with the recording, or early and without an error when ctx does.
func (p *player) play(ctx context.Context, from io.Reader, to event.Sink) error {
	n, said := 0, false
	for m, err := range event.Moments(from) {
		if err != nil {
			return err
		}
		if !p.due(ctx, m.At) {
			return nil
		}
		p.show(m.At)
		to(m.Event)
		n, said = n+1, said || concludes(m.Event)
	}
	switch {
	case n == 0:
		return errors.New("there is nothing in it")
	case !said:
		return errUnfinished
	}
	return nil
}

// errUnfinished is the error for a recording of which nobody can know how the run ended.
var errUnfinished = errors.New("the recording ends before its run does: that was killed or stopped, or a part of the file is missing")

// concludes reports whether e says how a run ended: a run that fails before it has a
// plan ends with the error.
func concludes(e event.Event) bool {
	switch e := e.(type) {
	case event.Finish:
		return true
	case event.Diagnostic:
		return e.Severity == "error"
	}
	return false
}

// due waits until it is time for an event. It reports false if it never is.
func (p *player) due(ctx context.Context, at time.Time) bool {
	if p.step {
		select {
		case _, ok := <-p.steps:
			return ok
		case <-ctx.Done():
			return false
		}
	}
	for {
		var wait time.Duration
		if now := p.now(); p.speed > 0 && !p.at.IsZero() && at.After(now) {
			wait = time.Duration(min(float64(at.Sub(now))/p.speed, float64(time.Hour*24*365)))
		}
		select {
		case hold := <-p.held:
			if hold && !p.hold(ctx) {
				return false
			}
		case <-time.After(wait):
			return ctx.Err() == nil
		case <-ctx.Done():
			return false
		}
	}
}

// hold has the time of the recording stand still until it is let go on. It reports
// false if that never happens.
func (p *player) hold(ctx context.Context) bool {
	p.mu.Lock()
	p.stood = true
	if !p.at.IsZero() {
		p.at = p.at.Add(time.Duration(float64(time.Since(p.shown)) * p.speed))
	}
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		p.stood, p.shown = false, time.Now()
		p.mu.Unlock()
	}()
	for {
		select {
		case hold := <-p.held:
			if !hold {
				return true
			}
		case <-ctx.Done():
			return false
		}
	}
}

func (p *player) show(at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at, p.shown = at, time.Now()
}

// now is the time in the recording: it stands still between steps. A recording
// without times happens now.
func (p *player) now() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.at.IsZero():
		return time.Now()
	case p.step, p.speed == 0, p.stood:
		return p.at
	}
	return p.at.Add(time.Duration(float64(time.Since(p.shown)) * p.speed))
}
