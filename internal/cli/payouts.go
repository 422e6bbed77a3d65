package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"kiraform/internal/engine"
	"kiraform/internal/event"
)

func (a *app) payoutsCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "payouts",
		Short: "Look at what was paid out",
		Long: "payouts shows the payouts of the users that are managed here, whoever made them, and which action made\n" +
			"which. Payouts are made by actions: kiraform apply -invoke=action.kira_payout.NAME.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(a.payoutsListCommand(), a.payoutsShowCommand())
	return c
}

func (a *app) payoutsListCommand() *cobra.Command {
	var f runFlags
	var asJSON bool
	c := &cobra.Command{
		Use:   "list",
		Short: "List payouts, the newest first, and runs without an answer",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.lookAtPayouts(cmd.Context(), &f, asJSON, func(ctx context.Context, p *engine.Project) error {
				list, err := p.Payouts(ctx)
				switch {
				case err != nil:
					return err
				case asJSON:
					return a.printJSON(list)
				}
				return a.printPayouts(list)
			})
		},
	}
	f.vars.bind(c)
	f.state.bind(c)
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

func (a *app) payoutsShowCommand() *cobra.Command {
	var f runFlags
	var asJSON bool
	c := &cobra.Command{
		Use:   "show PAYOUT_ID",
		Short: "Show one payout as it is now",
		Long: "show looks at one payout at Kira. Its status is CREATED, PENDING, IN_REVIEW, PROCESSING, COMPLETED, FAILED or\n" +
			"CANCELLED. A completed payout may still come back: it is FAILED then.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.lookAtPayouts(cmd.Context(), &f, asJSON, func(ctx context.Context, p *engine.Project) error {
				one, where, err := p.Payout(ctx, args[0])
				switch {
				case err != nil:
					return err
				case asJSON:
					return a.printJSON(one)
				}
				return a.printPayout(one, where)
			})
		},
	}
	f.vars.bind(c)
	f.state.bind(c)
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

// lookAtPayouts opens the project for a look that changes nothing and takes no
// lock.
func (a *app) lookAtPayouts(ctx context.Context, f *runFlags, asJSON bool, do func(context.Context, *engine.Project) error) (err error) {
	out := a.Stdout
	if asJSON {
		out = io.Discard
	}
	o, err := a.options(ctx, "payouts", f.vars, f.state, a.textView(out, true).Handle)
	if err != nil {
		return err
	}
	project, err := engine.Open(o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, project.Close()) }()
	ctx, cancel := a.interruptible(ctx)
	defer cancel()
	return do(ctx, project)
}

func (a *app) printPayouts(list *engine.PayoutList) error {
	if where := list.Place.String(); where != "" {
		fmt.Fprintf(a.Stdout, "On %s.\n\n", where)
	}
	if len(list.Payouts)+len(list.Open) == 0 {
		fmt.Fprintln(a.Stdout, "Nothing was paid out by the users that are managed here.")
		return nil
	}
	w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
	if len(list.Payouts) > 0 {
		fmt.Fprintln(w, "CREATED\tSTATUS\tAMOUNT\tTO\tBY\tID")
	}
	for _, p := range list.Payouts {
		fmt.Fprintf(w, "%s\t%s\t%s %s\t%s\t%s\t%s\n", shownCreated(p), event.Foreign(p.Status), event.Foreign(p.Amount), event.Foreign(p.Currency),
			event.Foreign(orDash(p.Recipient)), shownBy(p), event.Foreign(p.ID))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for i, r := range list.Open {
		if i == 0 {
			fmt.Fprintln(a.Stdout, "\nNobody knows whether these were paid: no answer came.")
		}
		fmt.Fprintf(a.Stdout, "  %s: %s, since %s\n", r.Action, event.Foreign(r.Amount), r.Since.Format("2006-01-02 15:04 UTC"))
	}
	return nil
}

func (a *app) printPayout(p engine.PaidOut, where event.Place) error {
	if place := where.String(); place != "" {
		fmt.Fprintf(a.Stdout, "On %s.\n\n", place)
	}
	w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
	for _, line := range [][2]string{
		{"id", p.ID}, {"status", p.Status}, {"amount", p.Amount + " " + p.Currency}, {"fees", p.Fee}, {"arrives", p.Arrives},
		{"from", p.Account}, {"to", p.Recipient}, {"created", shownCreated(p)}, {"by", shownBy(p)},
	} {
		if line[1] != "" {
			fmt.Fprintf(w, "%s\t%s\n", line[0], event.Foreign(line[1]))
		}
	}
	return w.Flush()
}

func shownCreated(p engine.PaidOut) string {
	if p.Created == nil {
		return "-"
	}
	return p.Created.Format(time.DateTime) + " UTC"
}

// shownBy is the action that made a payout.
func shownBy(p engine.PaidOut) string {
	switch {
	case p.Known:
		return "somebody else, as -known said"
	case p.Action == "":
		return "nobody here"
	case p.Period != "":
		return p.Action + " (" + p.Period + ")"
	}
	return p.Action
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
