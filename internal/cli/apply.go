package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"kiraform/internal/engine"
	"kiraform/internal/tell"
	"kiraform/state"
)

func (a *app) applyCommand() *cobra.Command {
	var f runFlags
	var l limitFlags
	var approved, destroy, refreshOnly bool
	c := &cobra.Command{
		Use:   "apply [PLANFILE]",
		Short: "Make Kira match the configuration",
		Long: "apply plans, shows the plan, asks, and carries it out. A change that a person at Kira has to make\n" +
			"possible is waited for with -wait, and otherwise deferred: the next apply takes it up. Interrupt\n" +
			"once to start nothing more, twice to cancel running operations; both leave a state that is true.\n" +
			"With a PLANFILE, exactly that plan is carried out, without a question except for production, or\n" +
			"refused with exit code 4 if it was edited, or anything that it rests on has changed. Values from\n" +
			"-var are in it, except for sensitive variables: those are given again, as KIRAFORM_VAR_name. -wait\n" +
			"may only be longer than it was. With -expect-digest only the plan is carried out that has the\n" +
			"digest. With -invoke an action is run, and nothing else is done: once, however often it is asked\n" +
			"for.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.invoke.asked() {
				if destroy || refreshOnly || len(args) == 1 {
					return usage("-invoke goes with neither a saved plan nor -destroy nor -refresh-only")
				}
				return a.applyInvoke(cmd, &f, &l, approved)
			}
			if refreshOnly {
				if len(args) == 1 || destroy || f.digest.want != "" {
					return usage("-refresh-only goes with neither a saved plan nor -destroy nor -expect-digest")
				}
				return a.refreshRun(cmd.Context(), &f, approved)
			}
			if len(args) == 1 {
				if err := a.isPlanFile(args[0], "apply -target="); err != nil {
					return err
				}
				return a.applySaved(cmd, &f, &l, args[0], approved)
			}
			command := "apply"
			if destroy {
				command = "destroy"
			}
			return a.applyRun(cmd.Context(), command, &f, &l, approved, destroy)
		},
	}
	f.bind(c)
	f.invoke.bind(c)
	l.bind(c)
	f.digest.bind(c)
	a.streams(c, &f)
	c.Flags().BoolVar(&approved, "auto-approve", false, "do not ask")
	c.Flags().BoolVar(&destroy, "destroy", false, "forget everything, like the command destroy")
	refreshOnlyFlag(c, &refreshOnly, "take the live objects into the state, and change nothing at Kira")
	c.Flags().BoolVar(&f.detailed, "detailed-exitcode", false, "exit with 3 if something is deferred")
	c.Flags().DurationVar(&f.wait, "wait", 0, "wait up to `DURATION` for changes that have to happen at Kira")
	c.Flags().StringVar(&f.listen, "listen", "", "with -wait, take in events on this `ADDRESS` as well, like \"webhook listen\"")
	return c
}

func (a *app) destroyCommand() *cobra.Command {
	var f runFlags
	var l limitFlags
	var approved bool
	c := &cobra.Command{
		Use:   "destroy",
		Short: "Forget everything that is managed here",
		Long: "destroy takes everything out of the state. Kira cannot delete: the objects live on there, and are\n" +
			"entered in the ledger of objects that were left behind.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.applyRun(cmd.Context(), "destroy", &f, &l, approved, true)
		},
	}
	f.bind(c)
	l.bind(c)
	f.digest.bind(c)
	a.streams(c, &f)
	c.Flags().BoolVar(&approved, "auto-approve", false, "do not ask")
	return c
}

func (a *app) applyRun(ctx context.Context, command string, f *runFlags, l *limitFlags, approved, destroy bool) error {
	if err := f.check(); err != nil {
		return err
	}
	limits, err := l.limits(f.force)
	if err != nil {
		return err
	}
	if err := f.asks(command, approved); err != nil {
		return err
	}
	f.approved = approved
	return a.run(ctx, command, f, f.planOptions(destroy), func(r *planRun) (err error) {
		deaf, err := a.hear(f, r.session)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, deaf()) }()
		if err := f.digest.expects(r); err != nil {
			return err
		}
		limits.Rules, limits.Extra = limits.Rules || f.digest.want != "", limits.Extra || f.digest.want != "" // which covers them
		if err := r.Within(limits); err != nil {
			return err
		}
		switch {
		case r.Empty() || approved:
		case f.digest.want != "":
			if err := a.approveWhole(command, "a plan with a digest", f, r); err != nil {
				return err
			}
		default:
			apply, without, err := r.decide(command, r.Place())
			if err != nil {
				return err
			}
			if !apply && r.more {
				return &exit{ExitFailed, command + " cancelled, and nothing more was changed"}
			}
			if !apply {
				return &exit{ExitFailed, command + " cancelled, and nothing was changed"}
			}
			if err := r.waitToo(f); err != nil {
				return err
			}
			if err := r.Without(without); err != nil {
				return err
			}
			if err := r.Within(limits); err != nil {
				return err
			}
		}
		return a.carryOut(command, f, r, limits)
	})
}

// carryOut applies the plan. From here on nobody is asked.
func (a *app) carryOut(command string, f *runFlags, r *planRun, limits engine.Limits) error {
	r.acts()
	if r.unasked != nil {
		r.unasked()
	}
	sum, err := r.project.Apply(r.ctx, r.Proposal, engine.ApplyOptions{Workers: f.parallelism, Wait: f.wait, Stop: r.stop, Allow: limits.Allow,
		Saved: r.saved})
	r.project.Outputs(r.State)
	r.Finish(command, sum, r.started())
	r.left = err == nil && r.ctx.Err() == nil && (!sum.OK() || sum.Waits())
	switch {
	case err != nil:
		return err
	case !sum.OK(), len(r.Unread()) > 0:
		return &exit{code: ExitFailed}
	case sum.Waits() && f.detailed:
		return &exit{code: ExitDeferred}
	}
	return nil
}

// prompt asks a reader whether to go on.
func (a *app) prompt(s *session, command string, place state.Place) (bool, []string, error) {
	question, yes := "Do you want to perform these actions?", "yes"
	where := tell.Place(place)
	happens := fmt.Sprintf("kiraform will perform the actions described above on %s.", where)
	if where.Production {
		question = fmt.Sprintf("Apply to PRODUCTION at %s, account %s?", where.Address, where.Account)
		yes = "production" // not a word that fingers type by themselves
	}
	switch command {
	case "destroy":
		question = "Do you really want to forget all of these?"
		if where.Production {
			question = fmt.Sprintf("Forget all of these, in PRODUCTION at %s, account %s?", where.Address, where.Account)
		}
	case "refresh":
		question, happens, yes = "Do you want to take this into the state?", fmt.Sprintf("Nothing is changed on %s.", where), "yes"
	}
	fmt.Fprintf(a.Stdout, "\n%s\n  %s\n  Only '%s' will be accepted to approve.\n\n  Enter a value: ", question, happens, yes)
	answer, err := a.readLine(s.ctx, s.stop)
	if err != nil || strings.TrimSpace(answer) != yes {
		return false, nil, err
	}
	fmt.Fprintln(a.Stdout)
	return true, nil, nil
}

// readLine reads one line. An interrupt, or the end of the input, is no answer.
func (a *app) readLine(ctx context.Context, stop <-chan struct{}) (string, error) {
	type line struct {
		text string
		any  bool
		err  error
	}
	got := make(chan line, 1)
	go func() {
		s := bufio.NewScanner(a.Stdin)
		any := s.Scan()
		got <- line{s.Text(), any, s.Err()}
	}()
	select {
	case l := <-got:
		if !l.any { // what follows begins a line
			fmt.Fprintln(a.Stdout)
		}
		return l.text, l.err
	case <-stop:
		fmt.Fprintln(a.Stdout)
		return "", nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
