package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/internal/tell"
	"kiraform/internal/ui/words"
)

func (a *app) stateRebindCommand() *cobra.Command {
	var f importFlags
	var approved bool
	var missing int
	c := &cobra.Command{
		Use:   "rebind",
		Short: "Bind the state to the Kira that its objects live at now",
		Long: "A state is of one place: environment, address and account. rebind binds it to the place that the\n" +
			"configuration and the environment name now, after it has read every object of the state there by\n" +
			"its id. If one is missing or cannot be read, or the answer to a create never came, nothing is changed. Objects that Kira never shows, such as the webhook\n" +
			"registration, are sent once more by the next apply if the account is another one, or if there is\n" +
			"no other object. Nothing is changed at Kira.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if missing < 0 {
				return usage("-missing-ok must not be negative")
			}
			return a.rebind(cmd.Context(), &f, missing, approved)
		},
	}
	f.bind(c)
	c.Flags().BoolVar(&approved, "auto-approve", false, "do not ask")
	c.Flags().IntVar(&missing, "missing-ok", 0, "bind the state although `N` of its objects are not there")
	return c
}

func (a *app) rebind(ctx context.Context, f *importFlags, missing int, approved bool) error {
	run := runFlags{vars: f.vars, state: f.state, lock: f.lock}
	return a.session(ctx, "state rebind", &run, a.read, func(s *session) (err error) {
		looking, done := until(s.ctx, s.stop)
		defer done()
		r, err := s.project.Rebind(looking, 10)
		if r != nil {
			defer func() { err = errors.Join(err, r.Close()) }()
		}
		if closed(s.stop) {
			return errInterrupted
		}
		if err != nil {
			return err
		}
		where := tell.Place(r.To)
		switch {
		case r.Of == r.To:
			fmt.Fprintf(a.Stdout, "The state is of %s already.\n", where)
			return nil
		case len(r.Unanswered()) > 0:
			return stillUnanswered(r)
		case len(r.Missing) > missing:
			return tooManyMissing(r)
		}
		if !approved {
			if err := a.approveRebind(s, r); err != nil {
				return err
			}
		}
		s.acts()
		if err := s.project.Bind(context.WithoutCancel(s.ctx), r); err != nil {
			return err
		}
		fmt.Fprintf(a.Stdout, "The state is of %s now.\n", where)
		if len(r.Missing) > 0 {
			fmt.Fprintf(a.Stdout, "These are not there:%s\n", notFound(r))
		}
		if r.Unproven() {
			fmt.Fprintf(a.Stdout, "Kira never shows these, so the next apply sends them once more:%s\n", indented(r.Unshown))
		}
		return nil
	})
}

// tooManyMissing names the objects that are not there, and how to go on.
func tooManyMissing(r *engine.Rebinding) error {
	anew := ""
	if r.To.Loopback() && !r.To.Production() {
		anew = "To begin anew in a new world: kiraform simulator reset\n"
	}
	return fmt.Errorf("of %s that Kira can show, %d cannot be found at %s, so the state stays as it is.\n%s"+
		"To bind it all the same: kiraform state rebind -missing-ok=%d\nMissing:%s",
		words.Count(r.Found+len(r.Missing), "object"), len(r.Missing), tell.Place(r.To), anew, len(r.Missing), notFound(r))
}

// notFound lists the missing objects, and why if one may be there.
func notFound(r *engine.Rebinding) string {
	var b strings.Builder
	for _, m := range r.Missing {
		fmt.Fprintf(&b, "\n  %s", m)
		if err := r.Failed[m]; err != nil {
			fmt.Fprintf(&b, " (cannot be read: %v)", err)
		}
	}
	return b.String()
}

// stillUnanswered says which creates have to be ended before the state leaves
// its place.
func stillUnanswered(r *engine.Rebinding) error {
	var b strings.Builder
	for _, u := range r.Unanswered() {
		fmt.Fprintf(&b, "\n  kiraform state rm -unanswered %s", u.Shell())
	}
	of := "the place that the state was of, which it does not name"
	if !r.Of.IsZero() {
		of = tell.Place(r.Of).String()
	}
	return fmt.Errorf("a run asked Kira to create an object, and there was no answer. Its object is at %s, "+
		"and %s would be asked to make it once more, so the state stays as it is.\n"+
		"Apply where it was sent, to take it into the state. If you know its outcome, end it:%s", of, tell.Place(r.To), b.String())
}

// approveRebind asks whether the state is to be bound.
func (a *app) approveRebind(s *session, r *engine.Rebinding) error {
	where, yes := tell.Place(r.To), "yes"
	if where.Production {
		yes = "production"
	}
	was := "not known"
	if of := tell.Place(r.Of).String(); of != "" {
		was = of
	}
	fmt.Fprintf(a.Stdout, "\nDo you want to bind the state to %s?\n  Until now its place is %s.\n  %s of it found, %d missing.\n"+
		"  Only '%s' will be accepted to approve.\n\n  Enter a value: ", where, was, words.Count(r.Found, "object"), len(r.Missing), yes)
	answer, err := a.readLine(s.ctx, s.stop)
	if err != nil {
		return err
	}
	if strings.TrimSpace(answer) != yes {
		return &exit{ExitFailed, "state rebind cancelled, and nothing was changed"}
	}
	fmt.Fprintln(a.Stdout)
	return nil
}

func indented(addrs []addr.Resource) string {
	var b strings.Builder
	for _, r := range addrs {
		fmt.Fprintf(&b, "\n  %s", r)
	}
	return b.String()
}
