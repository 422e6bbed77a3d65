package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"kiraform/internal/event"
	"kiraform/state"
)

// load reads the state, or makes a new one, and finds the key of its
// fingerprints. Without that key nothing can be compared, so nothing is done.
func (p *Project) load(ctx context.Context) (*state.State, state.Key, error) {
	st, err := p.Store.Load(ctx)
	if err != nil {
		return nil, state.Key{}, err
	}
	if st == nil {
		p.missing(ctx)
		st = state.New(uuid.NewString())
	}
	key, err := p.keyOf(st)
	if err == nil {
		err = p.admitsAll(st)
	}
	return st, key, err
}

// admitsAll refuses to go on with the key of a state that somebody could read who
// is no longer among its recipients, and who may have the key too.
func (p *Project) admitsAll(st *state.State) error {
	why := takenOut(p.module, st, p.RekeyLine)
	if why == "" {
		return nil
	}
	p.Emit(event.Diagnostic{Severity: "error", Code: "recipient-removed", Summary: "A recipient was taken out", Detail: why})
	return ErrReported
}

// keyOf finds the key of st, which names it from now on.
func (p *Project) keyOf(st *state.State) (state.Key, error) {
	key, err := p.Key(st.KeyID)
	if other, ok := errors.AsType[*state.OtherKeyError](err); ok {
		p.Emit(otherKey(other, p.RekeyLine))
		return key, ErrReported
	}
	if err == nil {
		st.KeyID = key.ID()
	}
	return key, err
}

// otherKey says that the key of a state is not at hand, and how to go on.
func otherKey(e *state.OtherKeyError, rekey string) event.Diagnostic {
	of, back := "The state was", "Bring that key back: set KIRAFORM_KEY to it"
	if e.Of != "" {
		of = e.Of + ", which shares its key with this state, was"
	}
	here := e.Env != "" && len(e.Files) > 0
	switch {
	case here:
		back = "That key is in " + e.Files[0] + ": unset KIRAFORM_KEY"
	case len(e.Files) > 0:
		back += ", or put it into " + e.Back()
	}
	detail := fmt.Sprintf("%s written with the key %s, and %s. Without that key nobody can tell the values that Kira was sent, so "+
		"nothing was done, and nothing was sent. %s.", of, e.Want, e.AtHand(), back)
	switch {
	case rekey == "":
	case here:
		detail += "\nOr give the state the key in KIRAFORM_KEY:\n  " + rekey
	case e.Of != "":
		detail += "\nIf it is lost, that state needs another one first, which \"kiraform state rekey\" gives it."
	default:
		detail += fmt.Sprintf("\nIf it is lost, to go on as if Kira has the values that are written now, or without knowing its values:\n  %s -trust\n  %[1]s -unknown", rekey)
	}
	return event.Diagnostic{Severity: "error", Code: "other-key", Summary: "The key of the state is not here", Detail: detail}
}
