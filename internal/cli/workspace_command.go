package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"kiraform/internal/tell"
	"kiraform/internal/ui/tfjson"
)

func (a *app) workspaceCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "workspace",
		Short: "Have several states for one configuration, each for a place of its own",
		Long: "A state is of one place: an environment, address and account. A workspace is a state with a name,\n" +
			"so that one configuration can be for the sandbox and for production. The one called default has\n" +
			"its state beside the configuration, the others below kiraform.state.d, and with a backend block all\n" +
			"of them are in that. KIRAFORM_WORKSPACE names\n" +
			"one for a single command, and kiraform.workspace is the name in expressions.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			_ = cmd.Help()
			return &exit{code: ExitUsage}
		},
	}
	c.AddCommand(a.workspaceListCommand(), a.workspaceNewCommand(), a.workspaceSelectCommand(),
		a.workspaceShowCommand(), a.workspaceDeleteCommand())
	return c
}

// workspacesReport lists the workspaces.
type workspacesReport []tfjson.Workspace

func (a *app) workspaceListCommand() *cobra.Command {
	var as format
	c := &cobra.Command{
		Use:   "list",
		Short: "List the workspaces, and mark the one that is selected",
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, w, err := a.selectedAnyway()
			if err != nil {
				return err
			}
			kept, err := a.shelf(dir)
			if err != nil {
				return err
			}
			names, err := kept.names(cmd.Context())
			if err != nil {
				return err
			}
			all := make(workspacesReport, len(names))
			for i, name := range names {
				all[i] = tfjson.Workspace{Name: name, IsCurrent: name == w.name}
				if as.forPeople() {
					continue
				}
				switch s, err := kept.open(name).Load(cmd.Context()); {
				case err != nil:
					all[i].Error = err.Error()
				case s != nil:
					all[i].Place = tell.Place(s.Place)
				}
			}
			return a.show(as, all)
		},
	}
	as.bind(c)
	c.Flag("json").Usage += ", with the place that each is of"
	return c
}

// json has the form of Terraform's.
func (r workspacesReport) json() any { return tfjson.OfWorkspaces(r) }

func (r workspacesReport) text(w io.Writer) error {
	for _, l := range r {
		mark := " "
		if l.IsCurrent {
			mark = "*"
		}
		fmt.Fprintf(w, "%s %s\n", mark, l.Name)
	}
	return nil
}

// selected returns the folder of the configuration and the workspace in use.
func (a *app) selected() (dir string, w workspace, err error) {
	if dir, err = a.dir(); err == nil {
		w, err = a.workspace(dir)
	}
	return dir, w, err
}

// selectedAnyway is selected for commands that need no workspace: a name in
// .kiraform/workspace that is none is said, and selects nothing.
func (a *app) selectedAnyway() (dir string, w workspace, err error) {
	dir, w, err = a.selected()
	if err != nil && w.named == selectedName && w.name != "" {
		a.sayf(a.Stderr, "Warning: %v.\nUntil another one is selected, none is: kiraform workspace select default\n", err)
		return dir, workspace{}, nil
	}
	return dir, w, err
}

func (a *app) workspaceShowCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "show",
		Short: "Print the name of the workspace that is selected",
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, w, err := a.selected()
			if err != nil {
				return err
			}
			kept, err := a.shelf(dir)
			if err != nil {
				return err
			}
			if err := known(cmd.Context(), kept, w.name); err != nil {
				return fmt.Errorf("%s: %w", w.named, err)
			}
			fmt.Fprintln(a.Stdout, w.name)
			return nil
		},
	}
}

func (a *app) workspaceNewCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "new NAME",
		Short: "Make a workspace, and select it",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, w, err := a.selectedAnyway()
			if err != nil {
				return err
			}
			return a.newWorkspace(cmd.Context(), dir, args[0], w)
		},
	}
}

func (a *app) newWorkspace(ctx context.Context, dir, name string, now workspace) error {
	if err := checkWorkspace(name, "workspace new"); err != nil {
		return err
	}
	kept, err := a.shelf(dir)
	if err != nil {
		return err
	}
	all, err := kept.names(ctx)
	if err != nil {
		return err
	}
	if slices.Contains(all, name) {
		return fmt.Errorf("there is a workspace %q already. To use it: kiraform workspace select %[1]s", name)
	}
	if err := overridden(name, now); err != nil {
		return err
	}
	if err := kept.room(ctx, name); err != nil {
		return err
	}
	if err := selectWorkspace(dir, name, now); err != nil {
		return err
	}
	fmt.Fprintf(a.Stdout, "Made the workspace %s, and selected it. Its state is empty, and is bound to a place by the first apply.\n", name)
	return nil
}

// overridden refuses to select a workspace where the environment names another.
func overridden(name string, now workspace) error {
	if now.named != "KIRAFORM_WORKSPACE" || now.name == name {
		return nil
	}
	return fmt.Errorf("KIRAFORM_WORKSPACE selects the workspace %s, whatever else is selected. Unset it first", now.name)
}

// selectWorkspace writes down which workspace is selected.
func selectWorkspace(dir, name string, now workspace) error {
	if now.named == "KIRAFORM_WORKSPACE" {
		return nil // by the environment, and for as long as it says so
	}
	path := selectedPath(dir)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(name+"\n"), 0o600)
}

func (a *app) workspaceSelectCommand() *cobra.Command {
	var create bool
	c := &cobra.Command{
		Use:   "select NAME",
		Short: "Select a workspace for the commands that follow",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, w, err := a.selectedAnyway()
			if err != nil {
				return err
			}
			kept, err := a.shelf(dir)
			if err != nil {
				return err
			}
			name := args[0]
			if err := known(cmd.Context(), kept, name); err != nil {
				if create {
					return a.newWorkspace(cmd.Context(), dir, name, w)
				}
				return err
			}
			if err := errors.Join(overridden(name, w), checkWorkspace(name, "workspace select")); err != nil {
				return err
			}
			if err := selectWorkspace(dir, name, w); err != nil {
				return err
			}
			fmt.Fprintf(a.Stdout, "Selected the workspace %s.\n", name)
			return nil
		},
	}
	c.Flags().BoolVar(&create, "or-create", false, "make the workspace if it is not there")
	return c
}
