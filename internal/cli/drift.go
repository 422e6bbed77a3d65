package cli

import (
	"context"

	"github.com/spf13/cobra"

	"kiraform/internal/engine"
)

func (a *app) driftCommand() *cobra.Command {
	var f runFlags
	var as format
	c := &cobra.Command{
		Use:   "drift",
		Short: "Report what changed at Kira since it was applied",
		Long: "drift compares the live objects with the last apply and with the configuration, and says of every\n" +
			"attribute that differs who made it differ. It changes nothing, neither at Kira nor in the state. It\n" +
			"exits with 2 if anything changed, or is gone, at Kira. Attributes that Kira itself sets, such as a\n" +
			"status, are no drift, and neither are changes that only the configuration has; objects that have\n" +
			"ended there, such as a rejected user, are named all the same.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.check(); err != nil {
				return err
			}
			return a.drift(cmd.Context(), &f, as)
		},
	}
	f.vars.bind(c)
	f.state.bind(c)
	f.lock.bind(c)
	f.refresh.bind(c)
	c.Flags().IntVar(&f.parallelism, "parallelism", 10, "send at most `N` requests at once")
	as.bind(c)
	return c
}

func (a *app) drift(ctx context.Context, f *runFlags, as format) error {
	if f.refresh == "false" {
		return usage("-refresh=false leaves nothing to compare with")
	}
	choose := func(*engine.Project) (*audience, error) {
		return &audience{emit: a.textView(as.beside(a.Stdout), false).Handle, say: a.remark, close: func() error { return nil }}, nil
	}
	return a.session(ctx, "drift", f, choose, func(s *session) error {
		d, err := s.project.Drift(s.ctx, f.planOptions(false))
		if err != nil {
			return err
		}
		err = a.show(as, reportDrift(engine.Where(s.project.Place()), d))
		if err == nil {
			err = unread(d.Unread)
		}
		if err == nil && d.Drifted() {
			err = &exit{code: ExitChanges}
		}
		return err
	})
}
