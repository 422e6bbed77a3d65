package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"kiraform/apply"
	"kiraform/internal/engine"
	"kiraform/internal/ui/words"
)

func (a *app) planCommand() *cobra.Command {
	var f runFlags
	var destroy, refreshOnly bool
	moved := movedFile{app: a}
	c := &cobra.Command{
		Use:   "plan",
		Short: "Show the changes that apply would make",
		Long: "plan looks at the live objects, compares them with the configuration and shows what apply would do.\n" +
			"It changes nothing, neither at Kira nor in the state. With -detailed-exitcode it exits with 2 if\n" +
			"there are changes. Digest is a digest of the changes to approve, for -expect-digest, and not of when\n" +
			"they can happen: it stays the same while Kira verifies people. With -invoke it shows the effect of\n" +
			"running an action: of a payout its fees, the balance and the recipient. With -json, standard output\n" +
			"is a stream in Terraform's format, and messages to people go to standard error.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.check(); err != nil {
				return err
			}
			if err := moved.check(refreshOnly); err != nil {
				return err
			}
			if f.invoke.asked() {
				if destroy || refreshOnly {
					return usage("-invoke goes with neither -destroy nor -refresh-only")
				}
				return a.planInvoke(cmd, &f)
			}
			if refreshOnly {
				if f.out != "" || destroy || f.digest.want != "" {
					return usage("-refresh-only goes with none of -out, -destroy and -expect-digest: there is no plan")
				}
				return a.refreshPlan(cmd.Context(), &f)
			}
			if err := a.checkOut(cmd.Context(), f.out, f.state); err != nil {
				return err
			}
			o := f.planOptions(destroy)
			defer moved.report()
			return a.run(cmd.Context(), "plan", &f, o, func(r *planRun) error {
				r.Advise()
				if !r.offers {
					r.Finish("plan", apply.Summary{}, r.started())
				}
				if err := f.digest.expects(r); err != nil {
					return err
				}
				if f.out != "" {
					if err := a.savePlan(&f, r); err != nil {
						return err
					}
				}
				if err := moved.write(r.Proposal); err != nil {
					return err
				}
				if r.offers && !r.Empty() {
					return a.goOn(&f, r)
				}
				if err := unread(r.Unread()); err != nil {
					return err
				}
				if r.Denied() {
					return engine.ErrReported
				}
				if f.detailed && !r.Empty() {
					return &exit{code: ExitChanges}
				}
				return nil
			})
		},
	}
	f.bind(c)
	f.digest.bind(c)
	f.invoke.bind(c)
	c.Flags().BoolVar(&f.detailed, "detailed-exitcode", false, "exit with 2 if there are changes")
	c.Flags().BoolVar(&destroy, "destroy", false, "plan to forget everything")
	refreshOnlyFlag(c, &refreshOnly, "show only where the live objects differ from the state")
	c.Flags().StringVar(&f.out, "out", "", "save the plan to `FILE`, for apply FILE")
	moved.bind(c)
	a.streams(c, &f)
	c.Flags().DurationVar(&f.wait, "wait", 0, "plan as if apply -wait=`DURATION` followed")
	return c
}

// unread is the end of a run that could not look at everything.
func unread(addrs []string) error {
	if len(addrs) == 0 {
		return nil
	}
	return &exit{ExitFailed, fmt.Sprintf("%s could not be read: %s", words.Count(len(addrs), "resource"), strings.Join(addrs, ", "))}
}

// goOn lets a person who looks at a plan apply it, without planning again.
func (a *app) goOn(f *runFlags, r *planRun) error {
	apply, without, err := r.decide("apply", r.Place())
	if err != nil || !apply {
		if err == nil && f.detailed {
			return &exit{code: ExitChanges}
		}
		return err
	}
	if err := r.waitToo(f); err != nil {
		return err
	}
	if err := r.Without(without); err != nil {
		return err
	}
	if err := r.Within(engine.Limits{}); err != nil {
		return err
	}
	return a.carryOut("apply", f, r, engine.Limits{})
}

// planRun is a run that has a plan, with all that is needed to carry it out.
type planRun struct {
	*engine.Proposal
	*session
	options engine.PlanOptions
	saved   string // the id of the saved plan that it is; "" for none
}

// run plans, and lets then go on with the plan.
func (a *app) run(ctx context.Context, command string, f *runFlags, po engine.PlanOptions, then func(*planRun) error) error {
	choose := func(p *engine.Project) (*audience, error) {
		o := f.showing(p, command != "plan" || f.out == "")
		if o.Again = !f.readOnly; f.wait == 0 && command != "destroy" {
			o.Patience = patience
		}
		return a.viewers(f, o)
	}
	return a.session(ctx, command, f, choose, func(s *session) (err error) {
		planning, done := until(s.ctx, s.stop)
		defer done()
		if s.waits {
			po.Wait = f.waitsToo()
		}
		pl, err := s.project.Plan(planning, po)
		if err != nil && closed(s.stop) {
			return errInterrupted
		}
		if err != nil {
			return err
		}
		r := &planRun{Proposal: pl, session: s, options: po}
		defer func() { err = errors.Join(err, r.Proposal.Close()) }()
		return then(r)
	})
}
