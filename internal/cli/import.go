package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/internal/event"
)

func (a *app) importCommand() *cobra.Command {
	var f importFlags
	c := &cobra.Command{
		Use:   "import ADDR ID",
		Short: "Take what lives at Kira into the state",
		Long: "import enters an object that lives at Kira into the state, under the address of a resource that\n" +
			"the configuration has. It changes nothing at Kira. What Kira cannot show of the object is sent\n" +
			"once by the next apply; plan says which attributes those are.\n" +
			"An import block does the same as part of plan and apply.",
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			to, err := addr.Parse(args[0])
			if err != nil {
				return usage("%v", err)
			}
			return a.importing(cmd.Context(), &f, func(ctx context.Context, p *engine.Project) error {
				if err := p.Import(ctx, to, args[1]); err != nil {
					return err
				}
				fmt.Fprintf(a.Stdout, "Imported %s as %s. Nothing was changed at Kira.\nRun \"kiraform plan\" to see what the next apply would send.\n", args[1], to)
				return nil
			})
		},
	}
	f.bind(c)
	return c
}

// importFlags are the flags of the commands that only look at Kira.
type importFlags struct {
	vars  varFlags
	state stateFlag
	lock  lockFlags
}

func (f *importFlags) bind(c *cobra.Command) {
	f.vars.bind(c)
	f.state.bind(c)
	f.lock.bind(c)
}

// importing opens the project, keeps other runs away, and lets then look.
func (a *app) importing(ctx context.Context, f *importFlags, then func(context.Context, *engine.Project) error) (err error) {
	view := a.view()
	o, err := a.options("import", f.vars, f.state, view.Handle)
	if err != nil {
		return err
	}
	f.lock.set(&o)
	ctx, _, done := a.stops(ctx)
	defer done()
	view.Handle(event.Start{Format: 1, Command: "import"})
	project, err := engine.Open(o)
	if err != nil {
		return err
	}
	unlock, err := project.Lock(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	return then(ctx, project)
}
