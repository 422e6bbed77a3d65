package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/internal/tell"
	"kiraform/internal/ui/tui"
	"kiraform/internal/ui/words"
	"kiraform/plan"
)

// invokeFlags are the flags that run an action.
type invokeFlags struct {
	addrs addrFlag
	again bool
	known []string
}

func (f *invokeFlags) bind(c *cobra.Command) {
	c.Flags().Var(&f.addrs, "invoke", "run this action, such as action.kira_payout.rent, and do nothing else")
	c.Flags().BoolVar(&f.again, "again", false, "with -invoke: repeat a run that is done")
	c.Flags().StringSliceVar(&f.known, "known", nil, "with -invoke: this `PAYOUT_ID` is another payment, and no reason to stop; may be repeated")
}

// flag is the flag by which a run that goes on is of the same action.
func (f *invokeFlags) flag() (all []string) {
	for _, a := range f.addrs.addrs {
		all = append(all, "-invoke="+a.Shell())
	}
	return all
}

// asked reports whether any of the flags was given.
func (f *invokeFlags) asked() bool { return len(f.addrs.addrs) > 0 || f.again || len(f.known) > 0 }

// check refuses flags that do not go together.
func (f *invokeFlags) check(cmd *cobra.Command) error {
	switch {
	case len(f.addrs.addrs) == 0:
		return usage("-again and -known go with -invoke=ADDR")
	case len(f.addrs.addrs) > 1:
		return usage("-invoke runs one action at a time; its block with for_each counts as one")
	case !f.addrs.addrs[0].Action:
		return usage("-invoke=%s: that is no action; write it as in action.kira_payout.rent", f.addrs.addrs[0])
	}
	for _, name := range []string{"target", "replace", "gone-ok", "same-person", "refresh", "write-moved"} {
		if cmd.Flags().Changed(name) {
			return usage("-%s has no meaning with -invoke, which plans the action only", name)
		}
	}
	return nil
}

// invokeOptions returns the options that the flags ask for.
func (a *app) invokeOptions(f *runFlags) engine.InvokeOptions {
	return engine.InvokeOptions{Addr: f.invoke.addrs.addrs[0], Again: f.invoke.again, Known: f.invoke.known,
		OneTime: a.Environ["KIRAFORM_PAYOUT_OTP"], Workers: f.parallelism}
}

// invoked is an action that is planned, with all that is needed to run it.
type invoked struct {
	*engine.Invoked
	*session
}

// planningInvoke plans an action, and lets then go on with it.
func (a *app) planningInvoke(ctx context.Context, command string, f *runFlags, o engine.InvokeOptions, then func(*invoked) error) error {
	choose := func(*engine.Project) (*audience, error) {
		if f.stream == nil && (f.progress == "auto" || f.progress == "tui") { // there is one thing to look at, and a question
			return a.audience("plain", tui.Options{})
		}
		return a.viewers(f, tui.Options{})
	}
	return a.session(ctx, command, f, choose, func(s *session) (err error) {
		planning, done := until(s.ctx, s.stop)
		defer done()
		iv, err := s.project.PlanInvoke(planning, o)
		if iv != nil {
			defer func() { err = errors.Join(err, iv.Close()) }()
		}
		if err != nil && closed(s.stop) {
			return errInterrupted
		}
		if err != nil {
			return err
		}
		return then(&invoked{iv, s})
	})
}

// planInvoke is plan -invoke.
func (a *app) planInvoke(cmd *cobra.Command, f *runFlags) error {
	if err := f.invoke.check(cmd); err != nil {
		return err
	}
	if err := a.checkOut(cmd.Context(), f.out, f.state); err != nil {
		return err
	}
	return a.planningInvoke(cmd.Context(), "plan", f, a.invokeOptions(f), func(r *invoked) error {
		if err := r.Within(); err != nil {
			return err
		}
		r.project.FinishInvoke("plan", engine.InvokeSummary{}, r.Invoked, r.started())
		if err := f.expectsInvoke(r); err != nil {
			return err
		}
		if f.out != "" {
			saved := r.SavedInvoke(f.wait)
			if err := a.writePlan(r.ctx, f, &saved, r.Invoked.Needed, r.project, a.lasting(f, nil)); err != nil {
				return err
			}
		}
		if r.Needed.Denied() {
			return engine.ErrReported
		}
		if f.detailed && r.Due() {
			return &exit{code: ExitChanges}
		}
		return nil
	})
}

// applyInvoke is apply -invoke.
func (a *app) applyInvoke(cmd *cobra.Command, f *runFlags, l *limitFlags, approved bool) error {
	if err := f.check(); err != nil {
		return err
	}
	if err := f.invoke.check(cmd); err != nil {
		return err
	}
	limits, err := l.limits(f.force)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(limits.Allow, func(a plan.Action) bool { return a != event.Invoke }) {
		return usage("-allow names actions on resources; with -invoke only -allow=invoke has a meaning")
	}
	if err := f.asks("apply", approved || f.digest.want != ""); err != nil {
		return err
	}
	return a.planningInvoke(cmd.Context(), "apply", f, a.invokeOptions(f), func(r *invoked) error {
		if err := f.expectsInvoke(r); err != nil {
			return err
		}
		return a.runInvoke(f, r, permit{approved: approved, reviewed: limits.Invoke || f.digest.want != ""}, "")
	})
}

// expectsInvoke returns an error if the run is not the one that was approved.
func (f *runFlags) expectsInvoke(r *invoked) error {
	if f.digest.want == "" {
		return nil
	}
	switch is, why := r.Digest(); {
	case !r.Due():
		return nil // it was done
	case is == "":
		return &exit{ExitStale, "the plan has no digest, so nothing was done: " + why}
	case is != f.digest.want:
		return f.digest.another(is)
	}
	return nil
}

// permit holds the consents that a person has given before the run.
type permit struct {
	approved bool // by -auto-approve
	reviewed bool // by -allow=invoke, a saved plan or its digest
}

// runInvoke asks, and carries out.
func (a *app) runInvoke(f *runFlags, r *invoked, p permit, saved string) error {
	if err := r.Within(); err != nil {
		return err
	}
	if r.Needed.Denied() {
		return engine.ErrReported
	}
	if r.Due() {
		if err := a.approveInvoke(f, r, p); err != nil {
			return err
		}
	}
	r.acts()
	sum, err := r.project.Invoke(r.ctx, r.Invoked, engine.ApplyOptions{Workers: f.parallelism, Wait: f.wait, Stop: r.stop, Saved: saved})
	r.project.FinishInvoke("invoke", sum, r.Invoked, r.started())
	switch {
	case err != nil && !errors.Is(err, engine.ErrReported):
		return err
	case err != nil, !sum.OK():
		return &exit{code: ExitFailed}
	case sum.Unready > 0 && f.detailed:
		return &exit{code: ExitDeferred}
	}
	return nil
}

// approveInvoke lets a person approve of the run. In production the amount is
// typed; where nobody can type it, the run has to be allowed or approved before,
// and limited.
func (a *app) approveInvoke(f *runFlags, r *invoked, p permit) error {
	amount, production := r.Amount(), r.Place().Production()
	if production && (p.approved || !a.interactive() || !f.input) {
		switch {
		case !p.reviewed:
			return &exit{ExitFailed, "without a person at a terminal, an action in production has to be allowed: with -allow=invoke, by a saved plan, or with -expect-digest. Nothing was sent"}
		case amount != "" && r.project.MaxPayout() == "":
			return &exit{ExitFailed, "without a person at a terminal, payouts in production need a limit: write kiraform { max_payout = \"...\" }. Nothing was sent"}
		}
		return nil
	}
	if p.approved || p.reviewed && !production {
		return nil
	}
	if f.progress == "json" {
		return errNobody
	}
	yes, happens := "yes", "kiraform will run the action described above on %s."
	if production {
		if yes = amount; yes == "" {
			yes = "production"
		}
	}
	fmt.Fprint(a.Stdout, words.Fit(fmt.Sprintf("\nDo you want to run this action?\n  %s\n  Only '%s' will be accepted to approve.\n\n  Enter a value: ",
		fmt.Sprintf(happens, tell.Place(r.Place())), yes), a.Width))
	defer r.ponders()()
	answer, err := a.readLine(r.ctx, r.stop)
	if err != nil {
		return err
	}
	if strings.TrimSpace(answer) != yes {
		return &exit{ExitFailed, "apply cancelled, and nothing was sent"}
	}
	fmt.Fprintln(a.Stdout)
	return nil
}

// applySavedInvoke plans an action again, and runs it if that comes out as it was
// saved.
func (a *app) applySavedInvoke(cmd *cobra.Command, f *runFlags, saved *savedRun, path string, approved bool) error {
	f.invoke.addrs.addrs = []addr.Resource{saved.Invoke.Addr}
	o := a.invokeOptions(f)
	o.Again, o.Known, o.Place, o.Anew = saved.Invoke.Again, slices.Clone(saved.Invoke.Known), saved.Place, saved.options.Again
	err := a.planningInvoke(cmd.Context(), "apply", f, o, func(r *invoked) error {
		if err := r.Check(r.ctx, saved.File); err != nil {
			return err
		}
		if err := f.expectsInvoke(r); err != nil {
			return err
		}
		// A saved plan is carried out without a question, except in production.
		p := permit{approved: approved || !r.Place().Production(), reviewed: true}
		return a.runInvoke(f, r, p, saved.ID)
	})
	return staleElsewhere(staleAgain(err, saved.File, path))
}

// staleElsewhere makes another place than that of a saved plan a stale plan, and likewise
// an action that is not there any more.
func staleElsewhere(err error) error {
	if errors.Is(err, engine.ErrOtherPlace) || errors.Is(err, engine.ErrNoAction) {
		return &exit{code: ExitStale} // said already
	}
	if refused, ok := errors.AsType[refusedAddress](err); ok {
		return &exit{ExitStale, refused.Error()}
	}
	return err
}
