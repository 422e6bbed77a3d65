package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"kiraform/internal/config"
	"kiraform/internal/disk"
	"kiraform/internal/engine"
	"kiraform/internal/planfile"
	"kiraform/internal/ui/words"
)

// savePlan writes a plan to a file, encrypted if the state is. There is nothing
// secret in it, but much that is personal. A wish to stop ends it before there is a file.
func (a *app) savePlan(flags *runFlags, r *planRun) error {
	ctx, done := until(r.ctx, r.stop)
	defer done()
	f, err := r.Saved(ctx, flags.wait)
	if err == nil {
		err = a.writePlan(ctx, flags, &f, r.Proposal, r.project, a.lasting(flags, r.audience))
	}
	if err != nil && ctx.Err() != nil {
		return &exit{ExitFailed, "interrupted, and no plan was saved"}
	}
	return err
}

func (a *app) writePlan(ctx context.Context, flags *runFlags, f *planfile.File, pl *engine.Proposal, project *engine.Project, say func(string)) error {
	path := flags.out
	dir, err := a.dir()
	if err != nil {
		return err
	}
	data, err := pl.Encode(ctx, f)
	if err == nil {
		data, err = a.encrypt(in(dir, path), data, pl.Recipients())
	}
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = disk.WriteFile(in(dir, path), data)
	}
	if err != nil {
		return fmt.Errorf("save the plan: %w", err)
	}
	if pl.Denied() {
		say(fmt.Sprintf("\nSaved the plan to %s, for review only: a policy is against it, so it will not be carried out.\n", path))
		return nil
	}
	said := fmt.Sprintf("\nSaved the plan to %s.", path)
	if again := project.NotSaved(); len(again) > 0 {
		said += fmt.Sprintf(" Sensitive values are not in it: give %s again, as %s%s.",
			strings.Join(again, ", "), config.EnvPrefix, strings.Join(again, ", "+config.EnvPrefix))
	}
	command := "kiraform apply "
	if f.Digest != "" {
		command += "-expect-digest=" + f.Digest + " "
	}
	command += strings.Join(append(a.places(), words.Shell(path)), " ")
	say(said + fmt.Sprintf(" To carry out exactly this:\n  %s\n", command))
	return nil
}

// readPlan reads a saved plan, and sees that it is as it was saved.
func (a *app) readPlan(path string, st stateFlag) (*planfile.File, error) {
	dir, err := a.dir()
	if err != nil {
		return nil, err
	}
	data, err := a.decrypted(in(dir, path))
	if err != nil {
		return nil, err
	}
	f, err := planfile.Read(data, a.keys(dir, st).Have)
	if e, untrusted := errors.AsType[*planfile.UntrustedError](err); untrusted {
		e.Again = againAs(path) // nobody knows its flags
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

// againAs is the line that makes a plan again, into the same file.
func againAs(path string, flags ...string) string {
	return strings.Join(append([]string{"kiraform plan -out=" + words.Shell(path)}, flags...), " ")
}

// decrypted reads a file that may be a saved plan.
func (a *app) decrypted(path string) ([]byte, error) {
	data, err := readFile(path)
	if err == nil {
		data, err = a.decrypt(path, data)
	}
	if err != nil {
		return nil, fmt.Errorf("read the saved plan: %w", err)
	}
	return data, nil
}

// planning are the flags that a saved plan has decided already.
var planning = []string{"target", "exclude", "replace", "gone-ok", "same-person", "refresh", "minimal-refresh", "destroy", "var", "var-file", "invoke", "again", "known"}

// savedRun is a saved plan, and how it is carried out.
type savedRun struct {
	*planfile.File
	options engine.PlanOptions
	command string
}

// takeSaved reads the saved plan at path, and makes the flags those that it was
// saved with.
func (a *app) takeSaved(cmd *cobra.Command, f *runFlags, path string) (*savedRun, error) {
	for _, name := range planning {
		if cmd.Flags().Changed(name) {
			return nil, usage("-%s was decided when %s was saved; leave it out, or plan again", name, path)
		}
	}
	saved, err := a.readPlan(path, f.state)
	if _, untrusted := errors.AsType[*planfile.UntrustedError](err); untrusted {
		return nil, &exit{ExitStale, err.Error()}
	}
	if err != nil {
		return nil, err
	}
	wait, err := saved.Wait()
	if err != nil {
		return nil, err
	}
	if cmd.Flags().Changed("wait") && f.wait < wait {
		return nil, usage("-wait=%v is shorter than the %v that %s was saved with; it may only be longer", f.wait, wait, path)
	}
	f.wait = max(f.wait, wait)
	f.vars.planned = saved.Planned
	if given := saved.Variables(); given != nil {
		f.vars.args = []config.VarArg{{File: path + ".json", Src: given}}
	}
	if !cmd.Flags().Changed("policies") {
		f.vars.policies = saved.Options.Policies
		if err := a.stillJudged(f.vars.policies); err != nil {
			return nil, staleAgain(err, saved, path)
		}
	}
	o, err := engine.OptionsOf(saved)
	o.Again = againAs(path, saved.Flags()...)
	f.targets.addrs, f.exclude.addrs = o.Targets, o.Exclude
	o.Workers, o.Wait = f.parallelism, f.wait > 0
	s := &savedRun{File: saved, options: o, command: "apply"}
	if o.Destroy {
		s.command = "destroy"
	}
	return s, err
}

// stillJudged makes folders that have no policies any more a stale plan: it was judged
// by those.
func (a *app) stillJudged(folders []string) error {
	dir, err := a.dir()
	if err != nil {
		return err
	}
	if _, err := policyFolders(dir, folders); err != nil {
		return &planfile.StaleError{Moved: []string{err.Error()}}
	}
	return nil
}

// applySaved makes the saved plan again, and carries it out if it comes out
// the same.
func (a *app) applySaved(cmd *cobra.Command, f *runFlags, l *limitFlags, path string, approved bool) error {
	if err := f.check(); err != nil {
		return err
	}
	limits, err := l.limits(f.force)
	if err != nil {
		return err
	}
	saved, err := a.takeSaved(cmd, f, path)
	if err != nil {
		return err
	}
	if saved.Invoke != nil {
		return a.applySavedInvoke(cmd, f, saved, path, approved)
	}
	f.approved, f.reviewed = approved, true
	err = a.run(cmd.Context(), saved.command, f, saved.options, func(r *planRun) (err error) {
		deaf, err := a.hear(f, r.session)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, deaf()) }()
		if err := r.Check(r.ctx, saved.File); err != nil {
			return err
		}
		if err := f.digest.expects(r); err != nil {
			return err
		}
		limits.Rules, limits.Extra = true, true // the saved plan has them in its first lines
		if err := r.Within(limits); err != nil {
			return err
		}
		if r.Place().Production() && !r.Empty() && !approved {
			if err := a.approveWhole(saved.command, "a saved plan", f, r); err != nil {
				return err
			}
		}
		r.saved = saved.ID
		return a.carryOut(saved.command, f, r, limits)
	})
	return staleElsewhere(staleAgain(err, saved.File, path))
}

// staleAgain gives the error about a stale plan the line that makes it again.
func staleAgain(err error, f *planfile.File, path string) error {
	if e, stale := errors.AsType[*planfile.StaleError](err); stale {
		e.Again = againAs(path, f.Flags()...)
	}
	return err
}

// approveWhole asks whether something that was approved before is to be carried
// out. It is carried out whole, or not at all.
func (a *app) approveWhole(command, what string, f *runFlags, r *planRun) error {
	if err := f.asks(command+" of "+what, false); err != nil {
		return err
	}
	apply, without, err := r.decide(command, r.Place())
	switch {
	case err != nil:
		return err
	case !apply:
		return &exit{ExitFailed, command + " cancelled, and nothing was changed"}
	case len(without) > 0:
		return &exit{ExitFailed, what + " is carried out whole, so nothing was changed. To leave something out, plan again"}
	}
	return nil
}
