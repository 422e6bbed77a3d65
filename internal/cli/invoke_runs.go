package cli

import (
	"context"
	"fmt"

	"kiraform/internal/addr"
	"kiraform/internal/engine"
	"kiraform/internal/ui/words"
	"kiraform/state"
)

// removeRuns takes the runs without an answer of all that r covers out of s.
func (a *app) removeRuns(s *state.State, r addr.Resource) (n int) {
	for _, run := range s.AllRuns() {
		if r.Covers(run.Addr) && !run.Done {
			fmt.Fprintf(a.Stdout, "Removed the run of %s, of %s.\n", run.Addr, words.Moment(run.At))
			delete(s.Runs, run.Key)
			n++
		}
	}
	return n
}

// importRun remembers a payout as a run of an action.
func (a *app) importRun(ctx context.Context, p *engine.Project, to addr.Resource, id string) error {
	run, err := p.ImportRun(ctx, to, id)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.Stdout, "Remembered %s as the payout of %s; it is %s. Nothing was changed at Kira, and it is not paid again.\n", id, to, run.Status)
	return nil
}
