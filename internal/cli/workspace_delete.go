package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/internal/tell"
	"kiraform/internal/ui/words"
	"kiraform/state"
)

func (a *app) workspaceDeleteCommand() *cobra.Command {
	var force bool
	c := &cobra.Command{
		Use:   "delete NAME",
		Short: "Delete a workspace, with its state and the history of it",
		Long: "delete refuses the workspace that is selected, one that another run works in and, without -force,\n" +
			"one whose state still manages something. Kira cannot delete: the objects of the state live on there,\n" +
			"and are listed. The world of an embedded simulator is deleted with its workspace.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.deleteWorkspace(cmd.Context(), args[0], force)
		},
	}
	c.Flags().BoolVar(&force, "force", false, "delete it although it manages something")
	return c
}

func (a *app) deleteWorkspace(ctx context.Context, name string, force bool) (err error) {
	dir, w, err := a.selectedAnyway()
	if err != nil {
		return err
	}
	switch {
	case name == defaultWorkspace:
		return errors.New("the workspace default cannot be deleted: it is there without being made")
	case name == w.name:
		return fmt.Errorf("the workspace %s is selected. Select another one first: kiraform workspace select default", name)
	}
	shelf, err := a.shelf(dir)
	if err != nil {
		return err
	}
	if err := checkWorkspace(name, "workspace delete"); err != nil {
		return err
	}
	all, err := shelf.names(ctx)
	if err != nil {
		return err
	}
	if !slices.Contains(all, name) {
		return fmt.Errorf("there is no workspace %q.%s \"kiraform workspace list\" lists them", name, diag.DidYouMean(name, all))
	}
	store := shelf.open(name)
	unlock, err := store.Lock(ctx, a.holder("workspace delete"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	s, err := store.Load(ctx)
	switch {
	case err != nil && !force:
		return err
	case s != nil && len(s.Resources)+len(s.Intents)+len(s.Runs) > 0 && !force:
		return inTheWay(name, s)
	}
	return a.clear(ctx, shelf, name, store, s)
}

// clear deletes a workspace whose lock is held, and lists all that its state knew of; s
// is nil if it cannot be read.
func (a *app) clear(ctx context.Context, from shelf, name string, held kept, s *state.State) error {
	if err := from.remove(ctx, name, held); err != nil {
		return err
	}
	fmt.Fprintf(a.Stdout, "Deleted the workspace %s.\n", name)
	if s != nil {
		a.printLiving(s)
	}
	return nil
}

// inTheWay is the error for a workspace whose state s is still needed.
func inTheWay(name string, s *state.State) error {
	var first string
	if len(s.Resources) > 0 {
		first = "\nRun \"kiraform destroy\" in it first."
	}
	for i, a := range unansweredAddrs(s) {
		if i == 0 {
			first += "\nOnce you have looked at Kira for the objects of the requests without an answer:"
		}
		first += fmt.Sprintf("\n  KIRAFORM_WORKSPACE=%s kiraform state rm -unanswered %s", name, a.Shell())
	}
	runs := ""
	if len(s.Runs) > 0 {
		runs = fmt.Sprintf(" and remembers %s of actions, which nothing else does", words.Count(len(s.Runs), "run"))
	}
	return fmt.Errorf("the state of the workspace %s manages %s and has %s without an answer%s.%s\n"+
		"To forget where they are: kiraform workspace delete -force %[1]s",
		name, words.Count(len(s.Resources), "resource"), words.Count(len(s.Intents), "request"), runs, first)
}

// unansweredAddrs returns the addresses of the requests without an answer, each once.
func unansweredAddrs(s *state.State) (all []addr.Resource) {
	for _, in := range s.Intents {
		all = append(all, in.Addr)
	}
	slices.SortFunc(all, addr.Resource.Compare)
	return slices.Compact(all)
}

// printLiving lists all that s knew of and that lives on at Kira.
func (a *app) printLiving(s *state.State) {
	if len(s.Resources)+len(s.Left)+len(s.Intents) == 0 {
		return
	}
	if s.Place.World != "" {
		fmt.Fprintln(a.Stdout, "Its simulated world went with it.")
		return
	}
	where := tell.Place(s.Place).String()
	if where == "" {
		where = "Kira"
	}
	defer a.printUnanswered(s, where)
	if len(s.Resources)+len(s.Left) == 0 {
		return
	}
	fmt.Fprintf(a.Stdout, "These live on at %s, and nothing manages them any more:\n", where)
	for _, r := range slices.SortedFunc(maps.Keys(s.Resources), addr.Resource.Compare) {
		fmt.Fprintf(a.Stdout, "  %s %s\n", r, s.Resources[r].ID)
	}
	for _, l := range s.Orphans() {
		fmt.Fprintf(a.Stdout, "  %s %s\n", l.Addr, l.ID)
	}
}

// printUnanswered lists the requests of s whose effect nobody knows.
func (a *app) printUnanswered(s *state.State, where string) {
	if len(s.Intents) == 0 {
		return
	}
	fmt.Fprintf(a.Stdout, "These requests had no answer, and their objects may live on at %s:\n", where)
	open := slices.SortedFunc(maps.Values(s.Intents), func(x, y state.Intent) int {
		return cmp.Or(x.Addr.Compare(y.Addr), x.At.Compare(y.At), cmp.Compare(x.Key, y.Key))
	})
	for _, in := range open {
		fmt.Fprintf(a.Stdout, "  %s %s, of %s\n", in.Action, in.Addr, words.Moment(in.At))
	}
}
