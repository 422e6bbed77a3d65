package cli

import "github.com/spf13/cobra"

func (a *app) stateOrphansCommand() *cobra.Command {
	var st stateFlag
	var as format
	c := &cobra.Command{
		Use:   "orphans",
		Short: "List what lives on at Kira though nothing manages it any more",
		Long: "orphans prints the ledger of what was left behind: what was forgotten, replaced or taken out of the\n" +
			"state, why, and since when. Kira cannot delete, so all of it lives on there. What was \"gone\" could not\n" +
			"be found any more: it may be that it lives in another account. What a request without an answer may have\n" +
			"made or changed is listed below the ledger, until that is known. What was left before the state was bound to\n" +
			"another place is shown with the place that it lives at.",
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
