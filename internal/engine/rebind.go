package engine

import (
	"context"
	"errors"
	"time"

	"kiraform/internal/live"
	"kiraform/state"
)

// Rebinding is a state that may be bound to another place than it was of. Close
// it when it is no longer needed.
type Rebinding struct {
	*Session
	*live.Rebinding
}

// Rebind reads every object of the state by its id at the place of this run.
// Nothing is changed, neither at Kira nor in the state: that is for Bind.
func (p *Project) Rebind(ctx context.Context, workers int) (*Rebinding, error) {
	st, err := p.Store.Load(ctx)
	if err != nil {
		return nil, err
	}
	if st == nil {
		return nil, errors.New("there is no state yet, so there is nothing to bind. The first apply binds it")
	}
	key, err := p.keyOf(st)
	if err != nil {
		return nil, err
	}
	now, err := p.Where(ctx)
	if err != nil {
		return nil, err
	}
	of := st.Place
	if now.Address == "" && now.World == "" { // none to look in
		if err := p.admit(of, now); err != nil {
			return nil, err
		}
	}
	st.Place = state.Place{}
	conn, err := p.connect(ctx, st)
	if err != nil {
		return nil, err
	}
	r := &Rebinding{Session: &Session{State: st, was: st, project: p, key: key, conn: conn}}
	r.Rebinding, err = live.Rebind(ctx, st, of, conn.Place, conn.call(""), workers)
	for a, err := range r.Failed {
		r.Failed[a] = p.hide(err)
	}
	return r, p.hide(err)
}

// Bind makes the state one of the place that its objects were looked for at.
func (p *Project) Bind(ctx context.Context, r *Rebinding) error {
	r.Rebinding.Bind(p.now().UTC().Truncate(time.Second))
	return p.save(ctx, r.State)
}
