package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/internal/event"
)

func (a *app) statusCommand() *cobra.Command {
	var f runFlags
	var asJSON bool
	c := &cobra.Command{
		Use:   "status [ADDR...]",
		Short: "Show what users and accounts wait for, since when, and what to do",
		Long: "status looks at the users and accounts of the configuration and the state, and at what is made of\n" +
			"accounts, and shows where each stands at Kira, what it waits for, when Kira last changed it, and\n" +
			"what to do. It changes nothing, takes no lock, and exits with 0 whatever it shows, or with 1 if it\n" +
			"could not look. With -refresh=false nothing is asked of Kira, and the state is shown as it is.",
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			only, err := addresses(args)
			if err != nil {
				return err
			}
			if err := f.check(); err != nil {
				return err
			}
			return a.status(cmd.Context(), &f, only, asJSON)
		},
	}
	f.vars.bind(c)
	f.state.bind(c)
	f.heard.bind(c)
	f.refresh.bind(c)
	c.Flags().IntVar(&f.parallelism, "parallelism", 10, "send at most `N` requests at once")
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

// status takes no lock: an apply that waits for just these users may hold it.
func (a *app) status(ctx context.Context, f *runFlags, only []addr.Resource, asJSON bool) (err error) {
	out := a.Stdout
	if asJSON {
		out = io.Discard
	}
	o, err := a.options("status", f.vars, f.state, a.textView(out, true).Handle)
	if err != nil {
		return err
	}
	if err := f.heard.set(a, &o); err != nil {
		return err
	}
	project, err := engine.Open(o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, project.Close()) }()
	ctx, cancel := a.interruptible(ctx)
	defer cancel()
	s, err := project.Status(ctx, f.planOptions(false), only)
	if err != nil {
		return err
	}
	if asJSON {
		err = a.printJSON(s)
	} else {
		a.showStatus(s)
	}
	if err == nil {
		err = unread(s.Unread)
	}
	return err
}

func (a *app) showStatus(s *engine.Statuses) {
	if where := s.Place.String(); where != "" {
		fmt.Fprintf(a.Stdout, "On %s.\n\n", where)
	}
	if len(s.Resources) == 0 {
		fmt.Fprintln(a.Stdout, "There are no users or accounts, in the configuration or in the state.")
		return
	}
	w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "RESOURCE\tSTATUS\tSINCE\tWAITS FOR")
	n := make(map[engine.Standing]int)
	for _, r := range s.Resources {
		n[r.Standing]++
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.Addr, shownStatus(r), shownSince(r), shownWait(r))
	}
	_ = w.Flush() // to a writer that cannot fail more than Stdout can
	a.showNext(s)
	fmt.Fprintf(a.Stdout, "\n%s: %d ready, %d waiting, %d ended.", plural(len(s.Resources), "resource"), n[engine.Ready], n[engine.Waits], n[engine.HasEnd])
	if n[engine.Unknown] > 0 {
		fmt.Fprintf(a.Stdout, " %d could not be looked at.", n[engine.Unknown])
	}
	fmt.Fprintln(a.Stdout)
	if s.Unproven > 0 {
		fmt.Fprintf(a.Stdout, "%s unproven: what Kira does not show of it was assumed (kiraform state trust ADDR).\n", plural(s.Unproven, "object"))
	}
	if s.Requests > 0 {
		fmt.Fprintf(a.Stdout, "%s to Kira.\n", plural(int(s.Requests), "request"))
	}
}

func shownStatus(r engine.Status) string {
	switch {
	case r.ID == "":
		return "not made"
	case r.Status == "":
		return "not shown"
	}
	return event.Foreign(r.Status).String()
}

// shownSince is when Kira last changed an object: it says no more.
func shownSince(r engine.Status) string {
	if r.Since == nil {
		return "-"
	}
	return r.Since.UTC().Format("2006-01-02 15:04 UTC")
}

func shownWait(r engine.Status) string {
	switch r.Standing {
	case engine.Ready:
		return "nothing: it is ready"
	case engine.HasEnd:
		return "nothing: it has ended, and cannot be used"
	}
	return event.Foreign(r.Waits).String()
}

// showNext says what to do, each thing once, for all that it is about.
func (a *app) showNext(s *engine.Statuses) {
	var order []string
	of := make(map[string][]string)
	for _, r := range s.Resources {
		if r.Then == "" {
			continue
		}
		if !slices.Contains(order, r.Then) {
			order = append(order, r.Then)
		}
		of[r.Then] = append(of[r.Then], r.Addr.String())
	}
	for i, next := range order {
		if i == 0 {
			fmt.Fprintln(a.Stdout, "\nWhat to do:")
		}
		fmt.Fprintf(a.Stdout, "  %s\n    %s\n", strings.Join(of[next], ", "), event.Foreign(next))
	}
}
