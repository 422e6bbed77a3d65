package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/state"
)

func (a *app) workspaceCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "workspace",
		Short: "Have several states for one configuration, each for a place of its own",
		Long: "A state is of one place: an environment, address and account. A workspace is a state with a name,\n" +
			"so that one configuration can be for the sandbox and for production. The one called default has\n" +
			"its state beside the configuration, the others below kiraform.state.d. KIRAFORM_WORKSPACE names\n" +
			"one for a single command, and kiraform.workspace is the name in expressions.",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return fmt.Errorf("there is no command \"workspace %s\".%s", args[0], suggestion(cmd, args[0]))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			_ = cmd.Help()
			return &exit{code: ExitUsage}
		},
	}
	c.AddCommand(a.workspaceListCommand(), a.workspaceNewCommand(), a.workspaceSelectCommand(),
		a.workspaceShowCommand(), a.workspaceDeleteCommand())
	return c
}

type listedWorkspace struct {
	Name    string      `json:"name"`
	Current bool        `json:"current"`
	Place   event.Place `json:"place"` // empty until a run binds the state
}

func (a *app) workspaceListCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "list",
		Short: "List the workspaces, and mark the one that is selected",
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, w, err := a.selected()
			if err != nil {
				return err
			}
			names, err := workspaces(dir)
			if err != nil {
				return err
			}
			all := make([]listedWorkspace, len(names))
			for i, name := range names {
				all[i] = listedWorkspace{Name: name, Current: name == w.name}
				if !asJSON {
					continue
				}
				s, err := a.stored(statePath(dir, name)).Load(cmd.Context())
				if err != nil {
					return err
				}
				if s != nil {
					all[i].Place = engine.Where(s.Place)
				}
			}
			if asJSON {
				return a.printJSON(all)
			}
			for _, l := range all {
				mark := " "
				if l.Current {
					mark = "*"
				}
				fmt.Fprintf(a.Stdout, "%s %s\n", mark, l.Name)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON, with the place that each is of")
	return c
}

// selected returns the folder of the configuration and the workspace in use.
func (a *app) selected() (dir string, w workspace, err error) {
	if dir, err = a.dir(); err == nil {
		w, err = a.workspace(dir)
	}
	return dir, w, err
}

func (a *app) workspaceShowCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "show",
		Short: "Print the name of the workspace that is selected",
		RunE: func(*cobra.Command, []string) error {
			_, w, err := a.selected()
			if err == nil {
				fmt.Fprintln(a.Stdout, w.name)
			}
			return err
		},
	}
}

func (a *app) workspaceNewCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "new NAME",
		Short: "Make a workspace, and select it",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			dir, w, err := a.selected()
			if err != nil {
				return err
			}
			return a.newWorkspace(dir, args[0], w)
		},
	}
}

func (a *app) newWorkspace(dir, name string, now workspace) error {
	if err := checkWorkspace(name, "workspace new"); err != nil {
		return err
	}
	if knownWorkspace(dir, name) == nil {
		return fmt.Errorf("there is a workspace %q already. To use it: kiraform workspace select %[1]s", name)
	}
	if err := overridden(name, now); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(statePath(dir, name)), 0o700); err != nil {
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
		RunE: func(_ *cobra.Command, args []string) error {
			dir, w, err := a.selected()
			if err != nil {
				return err
			}
			name := args[0]
			if err := knownWorkspace(dir, name); err != nil {
				if create {
					return a.newWorkspace(dir, name, w)
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

func (a *app) workspaceDeleteCommand() *cobra.Command {
	var force bool
	c := &cobra.Command{
		Use:   "delete NAME",
		Short: "Delete a workspace, with its state and the history of it",
		Long: "delete refuses the workspace that is selected, one that another run works in and, without -force,\n" +
			"one whose state still manages something. Kira cannot delete: what the state knew of lives on there,\n" +
			"and is printed. The world of an embedded simulator is deleted with its workspace.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.deleteWorkspace(cmd.Context(), args[0], force)
		},
	}
	c.Flags().BoolVar(&force, "force", false, "delete it although it manages something")
	return c
}

func (a *app) deleteWorkspace(ctx context.Context, name string, force bool) (err error) {
	dir, w, err := a.selected()
	if err != nil {
		return err
	}
	switch {
	case name == defaultWorkspace:
		return errors.New("the workspace default cannot be deleted: it is there without being made")
	case name == w.name:
		return fmt.Errorf("the workspace %s is selected. Select another one first: kiraform workspace select default", name)
	}
	if err := errors.Join(checkWorkspace(name, "workspace delete"), knownWorkspace(dir, name)); err != nil {
		return err
	}
	store := a.stored(statePath(dir, name))
	unlock, err := store.Lock(ctx, a.holder("workspace delete"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	s, err := store.Load(ctx)
	switch {
	case err != nil && !force:
		return err
	case s != nil && len(s.Resources)+len(s.Intents) > 0 && !force:
		return fmt.Errorf("the state of the workspace %s manages %s and has %s without an answer. "+
			"Run \"kiraform destroy\" in it first; or, to forget where they are: kiraform workspace delete -force %[1]s",
			name, plural(len(s.Resources), "resource"), plural(len(s.Intents), "request"))
	}
	if err := os.RemoveAll(filepath.Dir(store.Path)); err != nil {
		return err
	}
	fmt.Fprintf(a.Stdout, "Deleted the workspace %s.\n", name)
	if s != nil {
		a.printLiving(s)
	}
	return nil
}

// printLiving lists all that s knew of and that lives on at Kira.
func (a *app) printLiving(s *state.State) {
	if len(s.Resources)+len(s.Left) == 0 {
		return
	}
	if s.Place.World != "" {
		fmt.Fprintln(a.Stdout, "Its simulated world went with it.")
		return
	}
	where := engine.Where(s.Place).String()
	if where == "" {
		where = "Kira"
	}
	fmt.Fprintf(a.Stdout, "These live on at %s, and nothing manages them any more:\n", where)
	for _, r := range slices.SortedFunc(maps.Keys(s.Resources), addr.Resource.Compare) {
		fmt.Fprintf(a.Stdout, "  %s %s\n", r, s.Resources[r].ID)
	}
	for _, l := range s.Left {
		fmt.Fprintf(a.Stdout, "  %s %s\n", l.Addr, l.ID)
	}
}
