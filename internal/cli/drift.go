package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/tell"
)

func (a *app) driftCommand() *cobra.Command {
	var f runFlags
	var as format
	var how reviewFlags
	c := &cobra.Command{
		Use:   "drift",
		Short: "Report changes at Kira since the last apply",
		Long: "drift compares the live objects with the last apply and with the configuration, and says of every\n" +
			"attribute that differs who made it differ. It changes nothing, neither at Kira nor in the state. It\n" +
			"exits with 2 if anything changed, or is gone, at Kira. Attributes that Kira itself sets, such as a\n" +
			"status, are no drift, and neither are changes that only the configuration has; objects that have\n" +
			"ended there, such as a rejected user, are named all the same. With -format it is rendered for reviewers.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := errors.Join(f.check(), how.checkOnly(!as.forPeople())); err != nil {
				return err
			}
			return a.drift(cmd.Context(), &f, as, how)
		},
	}
	f.vars.bind(c)
	f.state.bind(c)
	f.lock.bind(c)
	f.refresh.bind(c)
	f.heard.bind(c)
	c.Flags().IntVar(&f.parallelism, "parallelism", 10, "send at most `N` requests at once")
	as.bind(c)
	how.bind(c)
	return c
}

func (a *app) drift(ctx context.Context, f *runFlags, as format, how reviewFlags) error {
	if f.refresh == "false" {
		return usage("-refresh=false leaves nothing to compare with")
	}
	if how.format != "" {
		return a.reviewDrift(ctx, f, how)
	}
	choose := func(*engine.Project) (*audience, error) {
		view := a.textView(as.beside(a.Stdout), false)
		return &audience{emit: view.Handle, say: a.remark, close: func() error { view.Flush(); return nil }, dismiss: func() {}}, nil
	}
	return a.session(ctx, "drift", f, choose, func(s *session) error {
		d, err := s.drift(f)
		if err != nil {
			return err
		}
		if err := a.show(as, reportDrift(tell.Place(s.project.Place()), d)); err != nil {
			return err
		}
		return drifted(d)
	})
}

// drift looks for drift.
func (s *session) drift(f *runFlags) (d *engine.Drift, err error) {
	err = s.looking(func(ctx context.Context) error {
		d, err = s.project.Drift(ctx, f.planOptions(false))
		return err
	})
	return d, err
}

// drifted is the end of a look for drift.
func drifted(d *engine.Drift) error {
	if err := unread(d.Unread); err != nil || !d.Drifted() {
		return err
	}
	return &exit{code: ExitChanges}
}

// reviewDrift renders the drift for those who review it elsewhere or, if nothing
// could be compared, the mistakes.
func (a *app) reviewDrift(ctx context.Context, f *runFlags, how reviewFlags) error {
	said := event.Review{Version: Version}
	f.shown = &audience{emit: gather(&said), say: a.remark, close: func() error { return nil }, dismiss: func() {}}
	var written bool
	err := a.session(ctx, "drift", f, func(*engine.Project) (*audience, error) { return f.shown, nil }, func(s *session) error {
		d, err := s.drift(f)
		if err != nil {
			return err
		}
		written = true
		if err := a.writeReview(s.project.DriftReview(d), how, ""); err != nil {
			return err
		}
		return drifted(d)
	})
	if !written && errors.Is(err, engine.ErrReported) {
		said.Personal = f.project.Personal()
		return errors.Join(a.writeReview(said, how, ""), err)
	}
	return err
}
