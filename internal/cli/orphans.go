package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"kiraform/internal/engine"
	"kiraform/internal/format"
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
			"be found any more: it may be that it lives in another account. What a request without an answer may have\n" +
			"made or changed is listed below the ledger, until that is known. What was left before the state was bound to\n" +
			"another place is shown with the place that it lives at.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := a.loadState(cmd.Context(), st)
			if err != nil {
				return err
			}
			if asJSON {
				return a.printJSON(orphansJSON(s))
			}
			a.showPlace(s)
			if err := a.printOrphans(s.Orphans()); err != nil {
				return err
			}
			return a.printDoubts(s.Open())
		},
	}
	st.bind(c)
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

func orphansJSON(s *state.State) []format.Orphan {
	all := []format.Orphan{}
	for _, l := range s.Orphans() {
		all = append(all, format.Orphan{Addr: l.Addr.String(), ID: l.ID, Why: l.Why, Since: l.At.UTC(), Created: !l.Adopted, Place: engine.Where(l.Place).String()})
	}
	for _, in := range s.Open() {
		if why, id := doubt(in); in.Unanswered() {
			all = append(all, format.Orphan{Addr: in.Addr.String(), ID: id, Why: why, Since: in.At.UTC(), Created: in.Creates()})
		}
	}
	return all
}

// doubt is what a request without an answer may have done, and to which object.
func doubt(in state.Intent) (why, id string) {
	if in.Creates() {
		return "may exist", ""
	}
	return "may have been changed", in.ID
}

// printDoubts lists what requests without an answer may have left.
func (a *app) printDoubts(open []state.Intent) error {
	w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
	for _, title := range []string{"May exist", "May have been changed"} {
		headed := false
		for _, in := range open {
			why, id := doubt(in)
			if !in.Unanswered() || !strings.EqualFold(why, title) {
				continue
			}
			if !headed {
				fmt.Fprintf(w, "\n%s, since a request got no answer:\n", title)
				headed = true
			}
			fmt.Fprintf(w, "%s\t%s\t%s\n", in.Addr, cmp.Or(id, "no id is known"), in.At.UTC().Format(time.DateTime+" UTC"))
		}
	}
	return w.Flush()
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
