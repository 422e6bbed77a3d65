package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/internal/event"
)

func (a *app) statusCommand() *cobra.Command {
	var f runFlags
	var as format
	var watch watchFlag
	c := &cobra.Command{
		Use:   "status [ADDR...]",
		Short: "Show what users and accounts wait for, since when, and what to do",
		Long: "status looks at the users and accounts of the configuration and the state, at the objects made of\n" +
			"accounts, and at payouts that are under way, and shows where each stands at Kira, what it waits\n" +
			"for, when Kira last changed it, and what to do. It changes nothing, takes no lock, and exits with 0 whatever it shows, or with 1 if it\n" +
			"could not look. With -refresh=false nothing is asked of Kira, and the state is shown as it is.\n" +
			"With -watch it looks again and again, shows each change, and ends once nothing waits any more;\n" +
			"an interrupt before that is 1.",
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			only, err := areas(args)
			if err != nil {
				return err
			}
			if err := f.check(); err != nil {
				return err
			}
			if err := watch.check(cmd); err != nil {
				return err
			}
			look := func(ctx context.Context, emit event.Sink) (*engine.Statuses, error) {
				return a.status(ctx, &f, only, emit)
			}
			if watch.every > 0 {
				return a.watch(cmd.Context(), watch.every, as, look)
			}
			ctx, cancel := a.interruptible(cmd.Context())
			defer cancel()
			view := a.textView(as.beside(a.Stdout), true)
			s, err := look(ctx, view.Handle)
			view.Flush()
			if err != nil {
				return err
			}
			if err := a.show(as, a.reportStatus(s)); err != nil {
				return err
			}
			return unread(s.Unread)
		},
	}
	f.vars.bind(c)
	f.state.bind(c)
	f.heard.bind(c)
	f.refresh.bind(c)
	c.Flags().IntVar(&f.parallelism, "parallelism", 10, "send at most `N` requests at once")
	as.bind(c)
	watch.bind(c)
	return c
}

// status takes no lock: an apply that waits for just these users may hold it.
func (a *app) status(ctx context.Context, f *runFlags, only []addr.Resource, emit event.Sink) (s *engine.Statuses, err error) {
	o, err := a.options(ctx, "status", f.vars, f.state, emit)
	if err != nil {
		return nil, err
	}
	if err := f.heard.set(a, &o); err != nil {
		return nil, err
	}
	project, err := engine.Open(o)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, project.Close()) }()
	return project.Status(ctx, f.planOptions(false), only)
}
