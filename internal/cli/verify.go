package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kiraform/internal/addr"
	"kiraform/internal/tell"
	"kiraform/internal/ui/words"
	"kiraform/schema/kinds"
	"kiraform/state"
)

func (a *app) verifyCommand() *cobra.Command {
	var f runFlags
	var how string
	var approved bool
	c := &cobra.Command{
		Use:   "verify ADDR",
		Short: "Have Kira verify a user again, such as one that it rejected",
		Long: "verify has Kira verify a user again, with the facts that it has of the user by now. Correct the\n" +
			"mistakes first, and apply. With -type=embedded-link it prints a link to a form for the user to fill\n" +
			"in. The status is for Kira to change: the next plan shows it.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(kinds.Verifications, how) {
				return usage("-type is one of %s, not %q", words.And(kinds.Verifications...), how)
			}
			at, err := addresses(args)
			if err != nil {
				return err
			}
			return a.verify(cmd.Context(), &f, at[0], how, approved)
		},
	}
	f.vars.bind(c)
	f.state.bind(c)
	f.heard.bind(c)
	c.Flags().BoolVar(&approved, "auto-approve", false, "do not ask, in production either")
	c.Flags().StringVar(&how, "type", kinds.Verifications[0], "`WAY` of verifying: api takes the facts that Kira has, embedded-link asks the user")
	return c
}

// approveVerify asks before something is done in production.
func (a *app) approveVerify(s *session, at addr.Resource, place state.Place) error {
	fmt.Fprintf(a.Stdout, "\nDo you want Kira to verify %s again, on %s?\n  Only 'production' will be accepted to approve.\n\n  Enter a value: ",
		at, tell.Place(place))
	answer, err := a.readLine(s.ctx, s.stop)
	if err != nil {
		return err
	}
	if strings.TrimSpace(answer) != "production" {
		return &exit{ExitFailed, "verify cancelled, and nothing was sent"}
	}
	fmt.Fprintln(a.Stdout)
	return nil
}

// verify takes no lock: an apply that waits for just this may hold it.
func (a *app) verify(ctx context.Context, f *runFlags, at addr.Resource, how string, approved bool) error {
	return a.session(ctx, "verify", f, a.read, func(s *session) error {
		s.acts()
		v, err := s.project.Verify(s.ctx, at, how, func(place state.Place) error {
			if approved || !place.Production() {
				return nil
			}
			return a.approveVerify(s, at, place)
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(a.Stdout, "Kira verifies %s again [verification %s, %s].\n", at, v.ID, v.Status)
		if v.Link != "" && how == "embedded-link" {
			fmt.Fprintf(a.Stdout, "The user has to fill in this form:\n%s\n", v.Link)
		}
		fmt.Fprint(a.Stdout, a.nextLines("To see the outcome", "kiraform status -watch "+at.Shell()))
		return nil
	})
}
