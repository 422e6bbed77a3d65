package cli

import (
	"fmt"
	"time"

	"kiraform/plan"
)

// patience is how long a run waits for Kira whose person asked to wait in the view,
// and not with -wait.
const patience = 15 * time.Minute

// lasting returns how to say something that has to stay on the screen: once the
// view has gone, if there is one.
func (a *app) lasting(f *runFlags, who *audience) func(string) {
	if who != nil && who.last != nil {
		return who.last
	}
	return func(text string) { fmt.Fprint(a.remarks(f), text) }
}

// waitsToo has the run wait for Kira, if it does not already.
func (f *runFlags) waitsToo() bool {
	if f.wait == 0 {
		f.wait = patience
	}
	return true
}

// waitToo has a plan wait for Kira that was approved so, though it was made without
// waiting. Creates that were deferred are planned once more; they are carried out
// only if the digest, which does not say when something can happen, is the one of
// the plan that was shown.
func (r *planRun) waitToo(f *runFlags) error {
	if !r.waits || f.wait > 0 {
		return nil
	}
	f.waitsToo()
	deferred := false
	for i := range r.Changes {
		deferred = deferred || r.Changes[i].Action == plan.Defer
	}
	if !deferred {
		return nil
	}
	o := r.options
	o.Wait = true
	pl, err := r.project.Plan(r.ctx, o)
	if err != nil {
		return err
	}
	shown, _ := r.Digest()
	now, _ := pl.Digest()
	if shown == "" || shown != now {
		_ = pl.Close()
		return fmt.Errorf("nothing was changed: the plan is another one when it waits for Kira. Look at it with: kiraform apply -wait=%s", "15m")
	}
	old := r.Proposal
	r.Proposal = pl
	return old.Close()
}
