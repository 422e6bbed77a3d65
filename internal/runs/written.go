package runs

import (
	"kiraform/internal/addr"
	"kiraform/schema"
	"kiraform/state"
)

// Written has the actions that the configuration has, each with the identity that a run
// of it would have now; nil where that is not known.
type Written map[addr.Resource]map[string]string

// Has reports whether the configuration has the action of a run, asking for exactly
// the request of the run. Where a list has shifted, another action stands at the address
// of a run, and the run still counts.
func (w Written) Has(r state.Run) bool {
	of := w[r.Addr]
	return of != nil && Same(of, r.Of)
}

// Elsewhere reports whether an action at another address than that of a run asks for
// exactly the request of the run.
func (w Written) Elsewhere(r state.Run) bool {
	for a, of := range w {
		if a != r.Addr && a.Kind == r.Addr.Kind && of != nil && Same(of, r.Of) {
			return true
		}
	}
	return false
}

// Keeps reports whether the action at the address of a run still pays the payee of the
// run for its period, if another amount. Where no period is written, the other
// instances of its block speak for it: their keys tell payments apart.
func (w Written) Keeps(r state.Run) bool {
	if r.Of[schema.PaysPeriod] == "" {
		for a := range w {
			if a.Block() == r.Addr.Block() {
				return true
			}
		}
		return false
	}
	of := w[r.Addr]
	return of != nil && SamePeriod(of[schema.PaysPeriod], r.Of[schema.PaysPeriod]) &&
		of[schema.PaysTo] == r.Of[schema.PaysTo] && of[schema.PaysInstructions] == r.Of[schema.PaysInstructions]
}
