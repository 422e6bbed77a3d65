package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kiraform/internal/config"
	"kiraform/internal/disk"
	"kiraform/internal/engine"
)

// savePlan writes a plan to a file, encrypted if the state is. There is nothing
// secret in it, but much that is personal.
func (a *app) savePlan(path string, r *planRun, wait time.Duration) error {
	dir, err := a.dir()
	if err != nil {
		return err
	}
	f := r.Saved(wait)
	data, err := r.Encode(&f)
	if err == nil {
		data, err = a.encrypt(in(dir, path), data, r.Recipients())
	}
	if err == nil {
		err = disk.WriteFile(in(dir, path), data)
	}
	if err != nil {
		return fmt.Errorf("save the plan: %w", err)
	}
	fmt.Fprintf(a.Stdout, "\nSaved the plan to %s.", path)
	if again := r.project.NotSaved(); len(again) > 0 {
		fmt.Fprintf(a.Stdout, " Sensitive values are not in it: give %s again, as %s%s.",
			strings.Join(again, ", "), config.EnvPrefix, strings.Join(again, ", "+config.EnvPrefix))
	}
	command := "kiraform apply " + path
	if f.Digest != "" {
		command = "kiraform apply -expect-digest=" + f.Digest + " " + path
	}
	fmt.Fprintf(a.Stdout, " To carry out exactly this:\n  %s\n", command)
	return nil
}

// readPlan reads a saved plan, and sees that it is as it was saved.
func (a *app) readPlan(path string, st stateFlag) (*engine.PlanFile, error) {
	dir, err := a.dir()
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(in(dir, path))
	if err == nil {
		data, err = a.decrypt(in(dir, path), data)
	}
	if err != nil {
		return nil, fmt.Errorf("read the saved plan: %w", err)
	}
	f, err := engine.ReadPlanFile(data, a.keys(dir, st).Have)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

// planning are the flags that a saved plan has decided already.
var planning = []string{"target", "replace", "gone-ok", "same-person", "refresh", "destroy", "var", "var-file"}

// savedRun is a saved plan, and how it is carried out.
type savedRun struct {
	*engine.PlanFile
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
	if _, untrusted := errors.AsType[*engine.UntrustedError](err); untrusted {
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
	if given := saved.Variables(); given != nil {
		f.vars.args = []config.VarArg{{File: path + ".json", Src: given}}
	}
	o, err := saved.PlanOptions()
	o.Workers, o.Wait = f.parallelism, f.wait > 0
	s := &savedRun{PlanFile: saved, options: o, command: "apply"}
	if o.Destroy {
		s.command = "destroy"
	}
	return s, err
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
	began := time.Now()
	err = a.run(cmd.Context(), saved.command, f, saved.options, func(r *planRun) (err error) {
		deaf, err := a.hear(f, r.session)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, deaf()) }()
		if err := saved.Check(r.ctx, r.Proposal); err != nil {
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
		return a.carryOut(saved.command, f, r, limits, began)
	})
	if errors.Is(err, engine.ErrOtherPlace) {
		return &exit{code: ExitStale} // said already
	}
	if refused, ok := errors.AsType[refusedAddress](err); ok {
		return &exit{ExitStale, refused.Error()}
	}
	return err
}

// approveWhole asks whether something that was approved before is to be carried
// out. It is carried out whole, or not at all.
func (a *app) approveWhole(command, what string, f *runFlags, r *planRun) error {
	if err := f.asks(command+" of "+what, false); err != nil {
		return err
	}
	apply, without, err := r.ask(r.session, command, r.Place())
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
