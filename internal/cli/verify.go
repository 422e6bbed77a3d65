package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kiraform/internal/addr"
	"kiraform/schema/kinds"
)

func (a *app) verifyCommand() *cobra.Command {
	var f runFlags
	var how string
	c := &cobra.Command{
		Use:   "verify ADDR",
		Short: "Have Kira verify a user again, such as one that it rejected",
		Long: "verify has Kira verify a user again, with what it knows of the user by now. Correct what was wrong\n" +
			"first, and apply. With -type=embedded-link it prints a link to a form for the user to fill in. The\n" +
			"status is for Kira to change: the next plan shows it.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(kinds.Verifications, how) {
				return usage("-type is one of %s, not %q", strings.Join(kinds.Verifications, " and "), how)
			}
			at, err := addresses(args)
			if err != nil {
				return err
			}
			return a.verify(cmd.Context(), &f, at[0], how)
		},
	}
	f.vars.bind(c)
	f.state.bind(c)
	c.Flags().StringVar(&how, "type", kinds.Verifications[0], "`api` takes what Kira knows, embedded-link asks the user")
	return c
}

// verify takes no lock: an apply that waits for just this may hold it.
func (a *app) verify(ctx context.Context, f *runFlags, at addr.Resource, how string) error {
	return a.session(ctx, "verify", f, a.read, func(s *session) error {
		v, err := s.project.Verify(s.ctx, at, how)
		if err != nil {
			return err
		}
		fmt.Fprintf(a.Stdout, "Kira verifies %s again [verification %s, %s].\n", at, v.ID, v.Status)
		if v.Link != "" && how == "embedded-link" {
			fmt.Fprintf(a.Stdout, "The user has to fill in this form:\n%s\n", v.Link)
		}
		return nil
	})
}
