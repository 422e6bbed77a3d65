package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"kiraform/internal/addr"
	"kiraform/internal/trust"
	"kiraform/plan"
	"kiraform/state"
)

// Rekey makes the fingerprints of the state anew. With the old key every one that
// the written value matches is as good as before. The others, or without the old
// key all, are assumed to be of the written values; with trusted false an attribute
// that can be sent is sent once instead. Nothing is saved, and nothing sent.
func (p *Project) Rekey(ctx context.Context, renew func(id string) (state.Renewal, error), trusted, unknown bool) (*trust.Rekeying, error) {
	st, err := p.Store.Load(ctx)
	switch {
	case err != nil:
		return nil, err
	case st == nil || st.KeyID == "":
		return nil, errors.New("the state has no key yet. The first apply gives it one")
	}
	next, err := renew(st.KeyID)
	if err != nil {
		return nil, err
	}
	r := &trust.Rekeying{Renewal: next, State: st.Clone(), Trust: trusted}
	switch {
	case next.Lost() && !trusted && !unknown:
		err = fmt.Errorf("the key %s of the state is not here. If you have it, put it into %s, and run this again. If it is lost, say how to go on:\n"+
			"  %s -trust    as if Kira has the values that are written now\n  %[3]s -unknown  without knowing Kira's values: those that can be sent are sent once", st.KeyID, next.Back, p.RekeyLine)
	case !next.Lost() && (trusted || unknown):
		err = errors.New("the key of the state is here, so that nothing needs to be believed. Leave -trust and -unknown out")
	default:
		err = p.refit(ctx, r, st)
	}
	if err != nil {
		return nil, errors.Join(err, next.Abandon())
	}
	return r, nil
}

// Production reports whether the objects of the state are, or may be, real.
func (p *Project) Production(st *state.State) bool {
	return st.Place.Production() || p.program.Provider().Environment == "production"
}

func (p *Project) refit(ctx context.Context, r *trust.Rekeying, st *state.State) error {
	prior := st
	if r.Lost() {
		prior = st.Clone()
		prior.Blind()
	}
	key := r.Old
	if r.Lost() {
		key = r.New
	}
	made, diags, err := makeUntil(ctx, plan.Input{Program: p.program, Prior: prior, Kinds: p.schemas, Key: key, Stay: true})
	if err != nil {
		return err
	}
	at := make(map[addr.Resource]*plan.Change)
	for i := range made.Changes {
		at[made.Changes[i].Former()] = &made.Changes[i]
	}
	for _, a := range st.Addrs() {
		if c := at[a]; diags.HasErrors() && (c == nil || c.Config.IsNull()) && p.written(a) {
			return p.report(diags) // its written attributes are not known
		}
		r.Object(p.schemas[a.Kind], a, at[a])
	}
	for _, in := range st.Open() {
		if err := r.Intent(p.schemas[in.Addr.Kind], in, at[in.Addr]); err != nil {
			return err
		}
	}
	r.State.KeyID = r.New.ID()
	p.encryptFor(r.State)
	return nil
}

// written reports whether the configuration has a block for a.
func (p *Project) written(a addr.Resource) bool {
	return slices.ContainsFunc(p.program.Blocks().Order(), func(b addr.Resource) bool { return b == a.Block() })
}

// Keep saves the state with its new key, and puts that in its place.
func (p *Project) Keep(ctx context.Context, r *trust.Rekeying) error {
	if err := p.save(ctx, r.State); err != nil {
		return errors.Join(err, r.Abandon())
	}
	return r.Finish()
}
