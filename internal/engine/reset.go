package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kiraform/internal/addr"
	"kiraform/internal/tell"
	"kiraform/state"
)

// Emptied describes a state as it was before it was emptied.
type Emptied struct {
	Serial    uint64 // of the generation that is kept; 0 if there was no state
	Resources int
	Known     bool // there was a state
	Of        state.Place
}

// Simulated returns an error unless p and its state are of simulators: only
// objects that are not real can be forgotten. The state has to be locked.
func (p *Project) Simulated(ctx context.Context) (Emptied, error) {
	now, err := p.Where(ctx)
	if err != nil {
		return Emptied{}, err
	}
	if !now.Loopback() || now.Production() {
		return Emptied{}, fmt.Errorf("this run is for %s, which is no simulator. Nothing was changed", tell.Place(now))
	}
	st, err := p.Store.Load(ctx)
	switch {
	case err != nil:
		return Emptied{}, err
	case st == nil:
		return Emptied{}, nil
	case !st.Place.Loopback() || st.Place.Production():
		return Emptied{}, fmt.Errorf("the state is of %s, which is no simulator, so it is not emptied. Nothing was changed. "+
			"Let the simulator have a state of its own: kiraform workspace new simulator", tell.Place(st.Place))
	}
	if a, real := unmarked(st); real && st.Place.World == "" {
		return Emptied{}, fmt.Errorf("%s has not the id of a simulated object, so the state is not emptied. Nothing was changed", a)
	}
	return Emptied{Resources: len(st.Resources), Known: true, Of: st.Place}, nil
}

// unmarked finds an object that was not made by kiraform's simulator.
func unmarked(st *state.State) (addr.Resource, bool) {
	for _, a := range slices.SortedFunc(maps.Keys(st.Resources), addr.Resource.Compare) {
		if id := st.Resources[a].ID; strings.Contains(id, "-") && !strings.HasPrefix(id, "51000000") {
			return a, true
		}
	}
	return addr.Resource{}, false
}

// Empty makes the state one that holds nothing and is of no place. Its former
// content is kept in its history.
func (p *Project) Empty(ctx context.Context) (Emptied, error) {
	st, err := p.Store.Load(ctx)
	if err != nil || st == nil {
		return Emptied{}, err
	}
	e := Emptied{Resources: len(st.Resources)}
	if err := p.save(ctx, st); err != nil { // with the records that a run left in the journal
		return e, fmt.Errorf("keep the state in its history: %w", err)
	}
	e.Serial = st.Serial
	clear(st.Resources)
	clear(st.Intents)
	clear(st.Consents)
	clear(st.Outputs)
	st.Left, st.Place = nil, state.Place{}
	return e, p.save(ctx, st)
}
