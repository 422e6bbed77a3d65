package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kiraform/internal/engine"
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

// watch shows the status whenever it is another one than before. With JSON each is a
// line of its own.
func (a *app) watch(ctx context.Context, every time.Duration, as format, look func(context.Context) (*engine.Statuses, error)) error {
	ctx, cancel := a.interruptible(ctx)
	defer cancel()
	before := ""
	for first := true; ; first = false {
		s, err := look(ctx)
		switch {
		case ctx.Err() != nil:
			return errUnwatched
		case err != nil && first:
			return err
		case err != nil:
			fmt.Fprintf(a.Stderr, "kiraform: %s. Looking again in %s\n", a.safe(err), every)
		default:
			if before, err = a.showChange(as, reportStatus(s), before); err != nil {
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

// showChange shows a report unless it says the same as before, and returns its text to
// compare the next one with.
func (a *app) showChange(as format, r statusReport, before string) (string, error) {
	r.Requests = 0 // which is no change
	var b strings.Builder
	if err := r.text(&b); err != nil || b.String() == before {
		return before, err
	}
	if !as.forPeople() {
		return b.String(), a.showLine(r)
	}
	at := time.Now().Format("15:04:05")
	switch {
	case a.color(a.noColor):
		fmt.Fprintf(a.Stdout, "\x1b[H\x1b[2J%s  %s\n", at, "ctrl-c ends")
	case before != "":
		fmt.Fprintf(a.Stdout, "\n%s\n", at)
	default:
		fmt.Fprintln(a.Stdout, at)
	}
	_, err := fmt.Fprint(a.Stdout, b.String())
	return b.String(), err
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
