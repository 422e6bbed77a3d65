package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"kiraform/internal/engine"
)

func (a *app) refreshCommand() *cobra.Command {
	var f runFlags
	var approved bool
	c := &cobra.Command{
		Use:   "refresh",
		Short: "Take the live objects at Kira into the state",
		Long: "refresh looks at the live objects, shows where they differ from the state, asks, and takes them into\n" +
			"the state. Nothing is changed at Kira. It is another name for apply -refresh-only.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.refreshRun(cmd.Context(), &f, approved)
		},
	}
	f.bind(c)
	a.streams(c, &f)
	c.Flags().BoolVar(&approved, "auto-approve", false, "do not ask")
	return c
}

// refreshOnlyFlag is -refresh-only.
func refreshOnlyFlag(c *cobra.Command, to *bool, usage string) {
	c.Flags().BoolVar(to, "refresh-only", false, usage)
}

// checkRefresh refuses flags that make no sense without a plan.
func (f *runFlags) checkRefresh() error {
	switch {
	case f.refresh == "false":
		return usage("-refresh=false leaves nothing to do here")
	case len(f.targets.addrs)+len(f.replace.addrs) > 0:
		return usage("-target and -replace are about plans, and there is none with -refresh-only")
	}
	return f.check()
}

// refreshPlan shows the changes that a refresh would take into the state.
func (a *app) refreshPlan(ctx context.Context, f *runFlags) error {
	if err := f.checkRefresh(); err != nil {
		return err
	}
	return a.refreshed(ctx, f, false, func(r *refreshed) error {
		r.Finish("plan", r.started())
		if err := unread(r.Unread()); err != nil {
			return err
		}
		if f.detailed && r.Moved > 0 {
			return &exit{code: ExitChanges}
		}
		return nil
	})
}

func (a *app) refreshRun(ctx context.Context, f *runFlags, approved bool) error {
	if err := f.checkRefresh(); err != nil {
		return err
	}
	if err := f.asks("refresh", approved); err != nil {
		return err
	}
	return a.refreshed(ctx, f, true, func(r *refreshed) error {
		if r.Moved > 0 && !approved {
			accept, _, err := r.decide("refresh", r.Place())
			if err != nil {
				return err
			}
			if !accept {
				return &exit{ExitFailed, "refresh cancelled, and the state is as it was"}
			}
		}
		r.acts()
		if err := r.project.Accept(context.WithoutCancel(r.ctx), r.Refreshed); err != nil {
			return err
		}
		r.Finish("refresh", r.started())
		return unread(r.Unread())
	})
}

// refreshed has the live objects, with all that is needed to take them into the
// state.
type refreshed struct {
	*engine.Refreshed
	*session
}

func (a *app) refreshed(ctx context.Context, f *runFlags, canAccept bool, then func(*refreshed) error) error {
	choose := func(p *engine.Project) (*audience, error) {
		o := f.showing(p, canAccept)
		o.Confirm = "" // a key will do: nothing is changed at Kira
		return a.viewers(f, o)
	}
	return a.session(ctx, "refresh", f, choose, func(s *session) (err error) {
		looking, done := until(s.ctx, s.stop)
		defer done()
		r, err := s.project.Refresh(looking, f.planOptions(false))
		defer func() { err = errors.Join(err, r.Close()) }()
		if err != nil && closed(s.stop) {
			return errInterrupted
		}
		if err != nil {
			return err
		}
		return then(&refreshed{Refreshed: r, session: s})
	})
}
