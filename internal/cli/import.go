package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/internal/ui/words"
)

func (a *app) importCommand() *cobra.Command {
	var f importFlags
	var discover, force bool
	var out string
	c := &cobra.Command{
		Use:   "import (ADDR ID | -discover)",
		Short: "Take an object that lives at Kira into the state",
		Long: "import enters an object that lives at Kira into the state, under the address of a resource that\n" +
			"the configuration has. It changes nothing at Kira. Attributes of the object that Kira cannot show are\n" +
			"sent once by the next apply; plan names them. Those that cannot be sent are assumed to have the\n" +
			"values that are written now, until \"kiraform state trust ADDR\" answers for it.\n" +
			"A recipient has to be one of the user's that its block names, and an account likewise.\n" +
			"With the address of an action, ID is the payout that a run of it made: it is remembered, and not paid again.\n" +
			"An import block does the same as part of plan and apply.\n" +
			"With -discover it writes configuration for all that lives at Kira and is not in the state, with\n" +
			"an import block for each object. Values that are secret, or that Kira cannot show and insists\n" +
			"on, become variables without a value.",
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case discover && len(args) > 0:
				return usage("-discover takes no address and no id")
			case !discover && len(args) != 2:
				return usage("import takes an address and an id, or -discover")
			case discover && force:
				return usage("-force is for one object")
			case !discover && out != "":
				return usage("-out is for -discover")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if discover {
				return a.discover(cmd.Context(), &f, out)
			}
			to, err := addr.Parse(args[0])
			if err != nil {
				return usage("%v", err)
			}
			return a.importing(cmd.Context(), &f, func(ctx context.Context, p *engine.Project) error {
				if to.Action {
					return a.importRun(ctx, p, to, args[1])
				}
				if err := p.Import(ctx, to, args[1], force); err != nil {
					return err
				}
				fmt.Fprintf(a.Stdout, "Imported %s as %s. Nothing was changed at Kira.\n%s", args[1], to, a.nextLines("To see the changes of the next apply", "kiraform plan"))
				return nil
			})
		},
	}
	f.bind(c)
	c.Flags().BoolVar(&discover, "discover", false, "write configuration for all that is not managed")
	c.Flags().BoolVar(&force, "force", false, "import an object though it is marked as one of another state")
	c.Flags().StringVar(&out, "out", "", "with -discover: write to a new `FILE` instead of standard output")
	return c
}

// discover writes configuration for objects that live at Kira and are not
// managed.
func (a *app) discover(ctx context.Context, f *importFlags, out string) error {
	dir, err := a.dir()
	if err != nil {
		return err
	}
	return a.importing(ctx, f, func(ctx context.Context, p *engine.Project) error {
		found, err := p.Discover(ctx)
		if err != nil {
			return err
		}
		if found.Objects == 0 {
			if found.Named > 0 {
				a.sayf(a.Stderr, "All that lives at Kira is managed here, or named by an import block that no apply has carried out yet (%d). To see those: kiraform plan\n", found.Named)
				return nil
			}
			fmt.Fprintln(a.Stderr, "All that lives at Kira is managed here.")
			return nil
		}
		if out == "" {
			_, err = a.whole.Write(found.HCL)
		} else if err = writeNew(in(dir, out), found.HCL); err == nil {
			fmt.Fprintf(a.Stdout, "Wrote %s. Read it first.\n%s", out, a.nextLines("To see the objects that would be taken over", "kiraform plan"))
		}
		fmt.Fprintf(a.Stderr, "Found %s at Kira not managed here. Nothing was changed at Kira.\n", words.Count(found.Objects, "object"))
		if len(found.Variables) > 0 {
			fmt.Fprintf(a.Stderr, "Give these variables their values, as with KIRAFORM_VAR_name:\n  %s\n", strings.Join(found.Variables, "\n  "))
		}
		return err
	})
}

// writeNew writes a file that must not be there yet. It has personal data.
func writeNew(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return existsAlready(path)
	}
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(path)) // half of it would be read
	}
	return nil
}

func existsAlready(path string) error {
	return fmt.Errorf("%s is there already, and is not overwritten. Choose another name", path)
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
func (a *app) importing(ctx context.Context, f *importFlags, then func(context.Context, *engine.Project) error) error {
	run := runFlags{vars: f.vars, state: f.state, lock: f.lock}
	return a.session(ctx, "import", &run, a.read, func(s *session) error {
		return s.looking(func(ctx context.Context) error { return then(ctx, s.project) })
	})
}
