package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/actions"
	"kiraform/internal/addr"
	"kiraform/internal/runs"
	"kiraform/schema"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// ImportRun remembers the payout id as that of the action at a: as the payout of
// a run without an answer or, if there is none, of a run of the action as it is
// written. Nothing is changed at Kira.
func (p *Project) ImportRun(ctx context.Context, a addr.Resource, id string) (run state.Run, err error) {
	kind, ok := kinds.ActionByName(a.Kind)
	if !a.Action || !ok || kind.Payment == nil {
		return run, fmt.Errorf("%s is not an action whose runs Kira shows; it shows payouts", a)
	}
	iv, err := p.forImport(ctx, a)
	if iv != nil {
		defer func() { err = errors.Join(err, iv.Close()) }()
	}
	if err != nil {
		return run, err
	}
	st := iv.was.Clone()
	st.Place = iv.State.Place
	p.moveRuns(st)
	if other, known := st.RunOf(id); known && !other.Foreign {
		return run, fmt.Errorf("%s is the payout of a run of %s already", id, other.Addr)
	}
	paid, err := kind.Payment(ctx, kinds.Call{API: iv.conn.API, ClientID: iv.conn.ClientID, ID: id, Note: func(string) {}})
	if err != nil {
		return run, fmt.Errorf("look at the payout: %w", err)
	}
	open, asked := openLike(st, a, paid)
	if !asked {
		if open, err = iv.runWritten(ctx, a, paid); err != nil {
			return run, err
		}
		open.Key, open.At = "import "+id, p.now()
	}
	run = runs.Finish(open, id, paid.Status, p.now())
	st.Apply(state.Record{Addr: a, Run: &run})
	return run, p.save(ctx, st)
}

// forImport evaluates the action, if it is still written.
func (p *Project) forImport(ctx context.Context, a addr.Resource) (*Invoked, error) {
	if p.hasAction(a.Block()) {
		return p.invoked(ctx, InvokeOptions{Addr: a}, func(*Invoked, *actions.Instance) hcl.Diagnostics { return nil })
	}
	s, err := p.begin(ctx)
	if err != nil {
		return nil, err
	}
	return &Invoked{Session: s}, nil
}

// openLike returns the run without an answer of an action that may have made a
// payout.
func openLike(st *state.State, a addr.Resource, paid schema.Payment) (state.Run, bool) {
	for _, r := range st.AllRuns() {
		if r.Addr == a && r.Unanswered() && runs.Like(paid, r.Of) {
			return r, true
		}
	}
	return state.Run{}, false
}

// runWritten is a run of the action as it is written now, if the payout may be
// its own.
func (iv *Invoked) runWritten(ctx context.Context, a addr.Resource, paid schema.Payment) (state.Run, error) {
	switch {
	case len(iv.All) == 0:
		return state.Run{}, fmt.Errorf("the configuration has no %s, and no run of it is without an answer", a)
	case len(iv.All) > 1:
		return state.Run{}, fmt.Errorf("%s has several instances; name the one that made the payout", a)
	}
	if !runs.Like(paid, iv.All[0].Of) {
		switch same, err := iv.All[0].SamePayment(ctx, paid); {
		case err != nil:
			return state.Run{}, err
		case !same:
			return state.Run{}, fmt.Errorf("%s is another payment than %s is written to make: %s", paid.ID, a, runs.Payment{Payment: paid})
		}
	}
	return state.Run{Addr: a, Of: iv.All[0].Of, Digest: iv.All[0].Digest}, nil
}
