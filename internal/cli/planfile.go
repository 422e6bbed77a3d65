package cli

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"kiraform/internal/engine"
)

// savePlan writes a plan to a file, encrypted if the state is. There is nothing
// secret in it, but much that is personal.
func (a *app) savePlan(path string, f engine.PlanFile, recipients []string) error {
	dir, err := a.dir()
	if err != nil {
		return err
	}
	data, err := f.Encode()
	if err == nil {
		data, err = a.store(dir, path).Encrypt(data, recipients)
	}
	if err != nil {
		return fmt.Errorf("save the plan: %w", err)
	}
	if err := writeOwn(in(dir, path), data); err != nil {
		return fmt.Errorf("save the plan: %w", err)
	}
	fmt.Fprintf(a.Stdout, "\nSaved the plan to %s. To carry out exactly this:\n  kiraform apply %s\n", path, path)
	return nil
}

func (a *app) readPlan(path string) (*engine.PlanFile, error) {
	dir, err := a.dir()
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(in(dir, path))
	if err == nil {
		data, err = a.store(dir, path).Decrypt(data)
	}
	if err != nil {
		return nil, fmt.Errorf("read the saved plan: %w", err)
	}
	f, err := engine.ReadPlanFile(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

// planning are the flags that a saved plan has decided already.
var planning = []string{"target", "replace", "gone-ok", "refresh", "destroy"}

// applySaved makes the saved plan again, and carries it out if it comes out
// the same.
func (a *app) applySaved(cmd *cobra.Command, f *runFlags, l *limitFlags, path string, approved bool) error {
	for _, name := range planning {
		if cmd.Flags().Changed(name) {
			return usage("-%s was decided when %s was saved; leave it out, or plan again", name, path)
		}
	}
	if err := f.check(); err != nil {
		return err
	}
	limits, err := l.limits()
	if err != nil {
		return err
	}
	saved, err := a.readPlan(path)
	if err != nil {
		return err
	}
	if err := saved.Placed(); err != nil {
		return err
	}
	o, err := saved.Options()
	if err != nil {
		return err
	}
	o.Workers = f.parallelism
	command := "apply"
	if o.Destroy {
		command = "destroy"
	}
	began := time.Now()
	err = a.run(cmd.Context(), command, f, o, func(r *planned) error {
		if err := saved.Check(r.Planned); err != nil {
			return err
		}
		if err := r.Within(limits); err != nil {
			return err
		}
		if r.Place().Production() && !r.Empty() && !approved {
			if err := a.approveSaved(command, f, r); err != nil {
				return err
			}
		}
		return a.carryOut(command, f, r, limits, began)
	})
	if errors.Is(err, engine.ErrOtherPlace) {
		return &exit{code: ExitStale} // said already
	}
	return err
}

// approveSaved asks whether a saved plan is to be carried out in production. It
// is carried out whole, or not at all.
func (a *app) approveSaved(command string, f *runFlags, r *planned) error {
	if err := f.asks(command+" of a saved plan in production", false); err != nil {
		return err
	}
	apply, without, err := r.ask(r.ctx, command, r)
	switch {
	case err != nil:
		return err
	case !apply:
		return &exit{ExitFailed, command + " cancelled, and nothing was changed"}
	case len(without) > 0:
		return &exit{ExitFailed, "a saved plan is carried out whole, so nothing was changed. To leave something out, plan again"}
	}
	return nil
}
