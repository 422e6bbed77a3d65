package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/tell"
)

func (a *app) readinessCommand() *cobra.Command {
	var vars varFlags
	var st stateFlag
	var heard heardFlag
	var refresh bool
	var as format
	c := &cobra.Command{
		Use:   "readiness [ADDR...]",
		Short: "Show what users lack for the products that accounts are of",
		Long: "readiness shows, for each user of the configuration, whether Kira has all that it requires of\n" +
			"the user for each product, and the HCL to add where it has not. A user that exists is judged by\n" +
			"what Kira shows of it, one that does not by Kira's documents. That a user is ready does not mean\n" +
			"that it is verified. With -refresh=false nothing is asked of Kira.",
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			only, err := areas(args)
			if err != nil {
				return err
			}
			view := a.textView(as.beside(a.Stdout), false)
			defer view.Flush()
			o, err := a.options(cmd.Context(), "readiness", vars, st, view.Handle)
			if err != nil {
				return err
			}
			if err := heard.set(a, &o); err != nil {
				return err
			}
			project, err := engine.Open(o)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, project.Close()) }()
			ctx, cancel := a.interruptible(cmd.Context())
			defer cancel()
			unlock, err := project.Lock(ctx)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, unlock()) }()
			if refresh {
				place, err := project.Where(ctx)
				if err != nil {
					return err
				}
				view.Handle(event.Start{Command: "readiness", Place: tell.Place(place)})
			}
			users, of, err := project.Readiness(ctx, refresh, only)
			if err == nil && !refresh && !of.IsZero() {
				view.Handle(event.Start{Command: "readiness", Place: tell.Place(of)})
			}
			view.Flush()
			if err != nil {
				return err
			}
			return a.show(as, reportReadiness(users))
		},
	}
	vars.bind(c)
	st.bind(c)
	heard.bind(c)
	c.Flags().BoolVar(&refresh, "refresh", true, "look at the live objects first")
	as.bind(c)
	return c
}
