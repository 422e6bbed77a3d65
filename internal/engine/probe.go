package engine

import (
	"context"
	"errors"
	"time"

	"kiraform/internal/kira"
	"kiraform/state"
)

// Probe is the answer of a Kira that was asked whether it can be worked with.
type Probe struct {
	Embedded bool      // it is the embedded simulator, which was not asked: it is locked with the state
	Date     time.Time // Kira's own time; zero if it says none
	Took     time.Duration
}

// Probe signs in and asks for one user, which changes nothing. A state of another
// place is ErrOtherPlace, and nothing is sent.
func (p *Project) Probe(ctx context.Context, st *state.State) (probe Probe, err error) {
	place, err := p.Where(ctx)
	if err != nil {
		return Probe{}, err
	}
	if place.Address == "" {
		return Probe{Embedded: true}, p.admit(st.Place, place)
	}
	conn, err := p.connect(ctx, st)
	if err != nil {
		return Probe{}, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	began := p.now()
	err = conn.API.Do(ctx, kira.Request{Method: "GET", Path: "/v1/users?limit=1"}, nil)
	probe.Took = p.now().Sub(began)
	if err == nil && conn.Date != nil {
		probe.Date = conn.Date(ctx)
	}
	return probe, err
}
