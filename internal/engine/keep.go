package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/state"
)

// keep saves the state that a run has left, and returns the failures: broken,
// which ended the run early, and those of the saving. A journal that cannot be
// written does not mean that the state cannot.
func (p *Project) keep(ctx context.Context, st *state.State, unwritten []addr.Resource, broken error) error {
	err := p.Store.Save(ctx, st)
	switch {
	case err == nil && broken != nil:
		return fmt.Errorf("%w. The run was ended because of it; its finished work is in the state", broken)
	case err == nil:
		return nil
	case len(unwritten) == 0 && errors.Is(err, state.ErrLost):
		err = fmt.Errorf("write the state: %w. Nothing more was sent from then on. The work until then is written down, "+
			"and the next run takes it up", err)
	case len(unwritten) == 0:
		err = fmt.Errorf("write the state: %w. Nothing is lost: the finished work is in the journal beside it, "+
			"and the next run takes it up", err)
	default:
		p.lastResort(st, unwritten)
		err = fmt.Errorf("write the state: %w", err)
	}
	return errors.Join(broken, err)
}

// lastResort prints the objects that exist at Kira and are on no disk.
func (p *Project) lastResort(st *state.State, unwritten []addr.Resource) {
	var lines strings.Builder
	for _, a := range unwritten {
		fmt.Fprintf(&lines, "\n  kiraform import %s %s", a.Shell(), st.Resources[a].ID)
	}
	p.Emit(event.Diagnostic{Severity: "error", Code: "not-written-down", Summary: "Created, but not written down",
		Detail: "These exist at Kira, but neither the journal nor the state could be written. Keep these lines, and run them " +
			"once the state can be written again:\n" + lines.String()})
}
