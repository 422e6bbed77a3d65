package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/internal/tell"
	"kiraform/schema/kinds"
	"kiraform/state"
)

func (a *app) showCommand() *cobra.Command {
	var st stateFlag
	c := &cobra.Command{
		Use:   "show [PLANFILE]",
		Short: "Show everything in the state, or a saved plan",
		Long: "show shows the state or, with a PLANFILE, what that plan does, once it has seen with the key of the\n" +
			"fingerprints that the file is as it was saved.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				f, err := a.readPlan(args[0], st)
				if err != nil {
					return err
				}
				f.Show(a.view().Handle)
				return nil
			}
			s, err := a.loadState(cmd.Context(), st)
			if err != nil {
				return err
			}
			a.showPlace(s)
			if len(s.Resources) == 0 {
				fmt.Fprintln(a.Stdout, "The state is empty: nothing is managed here.")
			}
			for i, r := range s.Addrs() {
				if i > 0 {
					fmt.Fprintln(a.Stdout)
				}
				a.showResource(s, r)
			}
			if len(s.Outputs) > 0 {
				fmt.Fprintln(a.Stdout, "\nOutputs:")
				fmt.Fprintln(a.Stdout)
				a.showOutputs(s)
			}
			return nil
		},
	}
	st.bind(c)
	return c
}

// showPlace says where the objects of s live, once that is known.
func (a *app) showPlace(s *state.State) {
	if where := engine.Where(s.Place).String(); where != "" {
		fmt.Fprintf(a.Stdout, "Of %s.\n\n", where)
	}
}

func (a *app) showResource(s *state.State, r addr.Resource) {
	a.view().Resource(tell.Object(r, kinds.Schemas()[r.Kind], s.Resources[r]))
}
