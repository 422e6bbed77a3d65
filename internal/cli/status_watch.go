package cli

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kiraform/internal/engine"
	"kiraform/internal/event"
)

// watchFlag is -watch: how long to wait before looking again; 0 for looking once.
type watchFlag struct{ every time.Duration }

func (f *watchFlag) bind(c *cobra.Command) {
	c.Flags().DurationVar(&f.every, "watch", 0, "look again every `DURATION`, which is 10s if none is given, until nothing waits")
	c.Flags().Lookup("watch").NoOptDefVal = "10s"
}

func (f *watchFlag) check(c *cobra.Command) error {
	if c.Flags().Changed("watch") && f.every < time.Second {
		return usage("-watch must be at least 1s: Kira has a limit of requests")
	}
	return nil
}

// errUnwatched is the end of a watch that a person ended while something waited.
var errUnwatched = &exit{ExitFailed, "interrupted while something still waits; nothing was changed"}

// A watcher shows the status whenever it is another one than before. With JSON each is a
// line of its own.
type watcher struct {
	*app
	every   time.Duration
	as      format
	status  string             // that was shown last
	said    []event.Diagnostic // of the last look
	trouble string             // of the last look, if it failed
}

func (a *app) watch(ctx context.Context, every time.Duration, as format, look func(context.Context, event.Sink) (*engine.Statuses, error)) error {
	ctx, cancel := a.interruptible(ctx)
	defer cancel()
	w := &watcher{app: a, every: every, as: as}
	for first := true; ; first = false {
		var said []event.Diagnostic
		s, err := look(ctx, func(e event.Event) {
			if d, ok := e.(event.Diagnostic); ok {
				said = append(said, d)
			}
		})
		switch {
		case ctx.Err() != nil:
			return errUnwatched
		case err != nil && first:
			w.tell(said)
			return err
		case err != nil:
			w.fails(said, a.safe(err))
		default:
			if err := w.shows(said, w.reportStatus(s)); err != nil {
				return err
			}
			if waiting(s) == 0 {
				return unread(s.Unread)
			}
		}
		select {
		case <-time.After(every):
		case <-ctx.Done():
			return errUnwatched
		}
	}
}

// fails tells of a look that failed, unless the one before it failed in the same way.
func (w *watcher) fails(said []event.Diagnostic, trouble string) {
	w.tell(w.news(said))
	if trouble != w.trouble {
		w.sayf(w.Stderr, "kiraform: %s. Looking again every %s\n", strings.TrimSuffix(trouble, "."), w.every)
	}
	w.trouble = trouble
}

// shows shows a report unless it says the same as before, and those of the diagnostics
// that are new. A screen that is cleared gets all of them again.
func (w *watcher) shows(said []event.Diagnostic, r statusReport) error {
	r.Requests = 0 // which is no change
	r = r.carried(w.carry).(statusReport)
	var b strings.Builder
	if err := r.text(w.page(&b)); err != nil {
		return err
	}
	again := b.String() == w.status && w.trouble == ""
	before := w.status
	w.status, w.trouble = b.String(), ""
	news := w.news(said)
	switch {
	case again:
		w.tell(news)
		return nil
	case !w.as.forPeople():
		w.tell(news)
		return w.showLine(r)
	}
	at := time.Now().Format("15:04:05")
	switch {
	case w.color(w.noColor):
		fmt.Fprint(w.raw, "\x1b[H\x1b[2J") // which others than us may not send
		fmt.Fprintf(w.Stdout, "%s  %s\n", at, "ctrl-c ends")
		news = said
	case before != "":
		fmt.Fprintf(w.Stdout, "\n%s\n", at)
	default:
		fmt.Fprintln(w.Stdout, at)
	}
	w.tell(news)
	_, err := fmt.Fprint(w.Stdout, b.String())
	return err
}

// news are those of the diagnostics that the last look did not have.
func (w *watcher) news(said []event.Diagnostic) (all []event.Diagnostic) {
	for _, d := range said {
		if !slices.ContainsFunc(w.said, func(o event.Diagnostic) bool { return reflect.DeepEqual(o, d) }) {
			all = append(all, d)
		}
	}
	w.said = said
	return all
}

// tell shows diagnostics, folded.
func (w *watcher) tell(all []event.Diagnostic) {
	view := w.textView(w.as.beside(w.Stdout), true)
	for _, d := range all {
		view.Handle(d)
	}
	view.Flush()
}

// waiting counts the resources that wait, or could not be looked at.
func waiting(s *engine.Statuses) int {
	n := 0
	for _, o := range s.Resources {
		if o.Standing == engine.Waits || o.Standing == engine.Unknown {
			n++
		}
	}
	return n
}
