package cli

import "github.com/spf13/cobra"

func (a *app) stateOrphansCommand() *cobra.Command {
	var st stateFlag
	var as format
	c := &cobra.Command{
		Use:   "orphans",
		Short: "List objects that live on at Kira though nothing manages them any more",
		Long: "orphans prints the ledger of objects that were left behind: forgotten, replaced or taken out of the state,\n" +
			"why, and since when. Kira cannot delete, so all of them live on there. An object that was \"gone\" could not\n" +
			"be found any more: it may be that it lives in another account. Objects that a request without an answer may\n" +
			"have made or changed are listed below the ledger, until that is known. An object that was left before the\n" +
			"state was bound to another place is shown with the place that it lives at.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := a.loadState(cmd.Context(), st)
			if err != nil {
				return err
			}
			return a.show(as, reportOrphans(s))
		},
	}
	st.bind(c)
	as.bind(c)
	return c
}
