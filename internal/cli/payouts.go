package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"kiraform/internal/actions"
	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/ui/words"
	"kiraform/schema"
)

func (a *app) payoutsCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "payouts",
		Short: "Look at payouts",
		Long: "payouts shows the payouts of the users that are managed here, whoever made them, and which action made\n" +
			"which. Payouts are made by actions: kiraform apply -invoke=action.kira_payout.NAME.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			_ = cmd.Help()
			return &exit{code: ExitUsage}
		},
	}
	c.AddCommand(a.payoutsListCommand(), a.payoutsShowCommand())
	return c
}

func (a *app) payoutsListCommand() *cobra.Command {
	var f runFlags
	var as format
	c := &cobra.Command{
		Use:   "list",
		Short: "List payouts, the newest first, and runs without an answer",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.lookAtPayouts(cmd.Context(), &f, as, func(ctx context.Context, p *engine.Project) error {
				list, err := p.Payouts(ctx)
				if err != nil {
					return err
				}
				return a.show(as, (*payoutsReport)(list))
			})
		},
	}
	f.vars.bind(c)
	f.state.bind(c)
	as.bind(c)
	return c
}

func (a *app) payoutsShowCommand() *cobra.Command {
	var f runFlags
	var as format
	c := &cobra.Command{
		Use:   "show PAYOUT_ID",
		Short: "Show one payout as it is now",
		Long: "show looks at one payout at Kira. Its status is CREATED, PENDING, IN_REVIEW, PROCESSING, COMPLETED, FAILED or\n" +
			"CANCELLED. A completed payout may still come back: it is FAILED then.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.lookAtPayouts(cmd.Context(), &f, as, func(ctx context.Context, p *engine.Project) error {
				one, where, err := p.Payout(ctx, args[0])
				if err != nil {
					return err
				}
				return a.show(as, payoutReport{one, where})
			})
		},
	}
	f.vars.bind(c)
	f.state.bind(c)
	as.bind(c)
	return c
}

// lookAtPayouts opens the project for a look that changes nothing and takes no
// lock.
func (a *app) lookAtPayouts(ctx context.Context, f *runFlags, as format, do func(context.Context, *engine.Project) error) (err error) {
	view := a.textView(as.beside(a.Stdout), true)
	defer view.Flush()
	o, err := a.options(ctx, "payouts", f.vars, f.state, view.Handle)
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

// payoutsReport lists the payouts.
type payoutsReport actions.PayoutList

func (list *payoutsReport) json() any { return (*actions.PayoutList)(list) }

func (list *payoutsReport) text(out io.Writer) error {
	if where := list.Place.String(); where != "" {
		fmt.Fprintf(out, "On %s.\n\n", where)
	}
	if len(list.Payouts)+len(list.Open) == 0 {
		fmt.Fprintln(out, "Nothing was paid out by the users that are managed here.")
		return nil
	}
	var all table
	if len(list.Payouts) > 0 {
		all.row("CREATED", "STATUS", "AMOUNT", "TO", "BY", "ID")
	}
	for _, p := range list.Payouts {
		all.row(shownCreated(p), event.Foreign(p.Status), event.Foreign(p.Amount+" "+p.Currency), event.Foreign(cmp.Or(p.Recipient, "-")), shownBy(p), event.Foreign(p.ID))
	}
	if err := all.write(out); err != nil {
		return err
	}
	for i, r := range list.Open {
		if i == 0 {
			fmt.Fprintln(out, "\nNobody knows whether these were paid: no answer came.")
		}
		fmt.Fprintf(out, "  %s: %s, since %s\n", r.Action, event.Foreign(r.Amount), words.Minute(r.Since))
	}
	return nil
}

// payoutReport is one payout, and where it was made.
type payoutReport struct {
	actions.PaidOut
	where event.Place
}

func (r payoutReport) json() any { return r.PaidOut }

func (r payoutReport) text(out io.Writer) error {
	p, where := r.PaidOut, r.where
	if place := where.String(); place != "" {
		fmt.Fprintf(out, "On %s.\n\n", place)
	}
	var all table
	for _, line := range [][2]string{
		{"id", p.ID}, {"status", p.Status}, {schema.PaysAmount, p.Amount + " " + p.Currency}, {"fees", p.Fee}, {"arrives", p.Arrives},
		{"from", p.Account}, {"to", p.Recipient}, {"created", shownCreated(p)}, {"by", shownBy(p)},
	} {
		if line[1] != "" {
			all.row(line[0], event.Foreign(line[1]))
		}
	}
	return all.write(out)
}

func shownCreated(p actions.PaidOut) string {
	if p.Created == nil {
		return "-"
	}
	return words.Moment(*p.Created)
}

// shownBy is the action that made a payout.
func shownBy(p actions.PaidOut) string {
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
