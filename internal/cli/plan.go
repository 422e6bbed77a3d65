package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"kiraform/apply"
	"kiraform/internal/engine"
	"kiraform/internal/event"
)

func (a *app) planCommand() *cobra.Command {
	var f runFlags
	var destroy bool
	c := &cobra.Command{
		Use:   "plan",
		Short: "Show what apply would do",
		Long: "plan looks at what is live, compares it with the configuration and shows what apply would do.\n" +
			"It changes nothing, neither at Kira nor in the state. With -detailed-exitcode it exits with 2\n" +
			"if there are changes.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.check(); err != nil {
				return err
			}
			return a.run(cmd.Context(), "plan", &f, func(r *planned) error {
				r.Advise()
				if f.detailed && !r.Empty() {
					return &exit{code: ExitChanges}
				}
				return nil
			}, destroy)
		},
	}
	f.bind(c)
	c.Flags().BoolVar(&f.detailed, "detailed-exitcode", false, "exit with 2 if there are changes")
	c.Flags().BoolVar(&destroy, "destroy", false, "plan to forget everything")
	c.Flags().DurationVar(&f.wait, "wait", 0, "plan as if apply -wait=`DURATION` followed")
	return c
}

// planned is a plan, with all that is needed to carry it out.
type planned struct {
	*engine.Planned
	project *engine.Project
	ctx     context.Context
	stop    <-chan struct{}
	emit    event.Sink
	summary apply.Summary
}

// run opens the project, keeps other runs away, plans, and lets then go on
// with the plan.
func (a *app) run(ctx context.Context, command string, f *runFlags, then func(*planned) error, destroy bool) (err error) {
	view := a.view()
	o, err := a.options(command, f.vars, f.state, view.Handle)
	if err != nil {
		return err
	}
	f.lock.set(&o)
	ctx, stop, done := a.stops(ctx)
	defer done()
	view.Handle(event.Start{Format: 1, Command: command})
	project, err := engine.Open(o)
	if err != nil {
		return err
	}
	unlock, err := lockUnless(ctx, stop, project)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	pl, err := project.Plan(ctx, engine.PlanOptions{
		Destroy: destroy, NoRefresh: !f.refresh, Wait: f.wait > 0,
		Targets: f.targets.addrs, Replace: f.replace.addrs, Workers: f.parallelism,
	})
	defer func() { err = errors.Join(err, pl.Close()) }()
	if err != nil {
		return err
	}
	return then(&planned{Planned: pl, project: project, ctx: ctx, stop: stop, emit: view.Handle})
}
