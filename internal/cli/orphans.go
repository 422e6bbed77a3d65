package cli

import (
	"cmp"
	"fmt"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"kiraform/internal/engine"
	"kiraform/state"
)

func (a *app) stateOrphansCommand() *cobra.Command {
	var st stateFlag
	var asJSON bool
	c := &cobra.Command{
		Use:   "orphans",
		Short: "List what lives on at Kira though nothing manages it any more",
		Long: "orphans prints the ledger of what was left behind: what was forgotten, replaced or taken out of the\n" +
			"state, why, and since when. Kira cannot delete, so all of it lives on there. What was \"gone\" could not\n" +
			"be found any more: it may be that it lives in another account. What was left before the state was bound to\n" +
			"another place is shown with the place that it lives at.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := a.loadState(cmd.Context(), st)
			if err != nil {
				return err
			}
			if asJSON {
				return a.printJSON(orphansJSON(s.Orphans()))
			}
			a.showPlace(s)
			return a.printOrphans(s.Orphans())
		},
	}
	st.bind(c)
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

type orphan struct {
	Addr    string    `json:"address"`
	ID      string    `json:"id"`
	Why     string    `json:"why"`
	Since   time.Time `json:"since"`
	Created bool      `json:"created_here"`    // false for what lived already and was adopted
	Place   string    `json:"place,omitempty"` // if it is another one than that of the state
}

func orphansJSON(left []state.LeftBehind) []orphan {
	all := make([]orphan, len(left))
	for i, l := range left {
		all[i] = orphan{l.Addr.String(), l.ID, l.Why, l.At.UTC(), !l.Adopted, engine.Where(l.Place).String()}
	}
	return all
}

func (a *app) printOrphans(left []state.LeftBehind) error {
	if len(left) == 0 {
		fmt.Fprintln(a.Stdout, "Nothing was left behind.")
		return nil
	}
	w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
	away := slices.ContainsFunc(left, func(l state.LeftBehind) bool { return !l.Place.IsZero() })
	fmt.Fprint(w, "ADDRESS\tID\tWHY\tSINCE")
	if away {
		fmt.Fprint(w, "\tPLACE")
	}
	fmt.Fprintln(w)
	for _, l := range left {
		why := l.Why
		if l.Adopted {
			why += ", had been adopted"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s", l.Addr, l.ID, why, l.At.UTC().Format(time.DateTime+" UTC"))
		if away {
			fmt.Fprintf(w, "\t%s", cmp.Or(engine.Where(l.Place).String(), "that of the state"))
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}
