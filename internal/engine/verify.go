package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// Verify has Kira verify the object of a again. The result shows in the status
// of the object, which only Kira changes. Before anything is sent, ask is told
// where; its error ends it.
func (p *Project) Verify(ctx context.Context, a addr.Resource, how string, ask func(state.Place) error) (v kinds.Verification, err error) {
	k, ok := kinds.ByName(a.Kind)
	if !ok || k.Verify == nil {
		return v, fmt.Errorf("%s is not something that Kira verifies; it verifies users", a)
	}
	st, err := p.Store.Load(ctx)
	if err != nil {
		return v, err
	}
	if st == nil || st.Resources[a].ID == "" {
		return v, unmanaged(st, a)
	}
	conn, err := p.connect(ctx, st)
	if err != nil {
		return v, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if err := ask(conn.Place); err != nil {
		return v, err
	}
	call := conn.call(st.Resources[a].ID)
	call.Key = uuid.NewString()
	began := p.now()
	if v, err = k.Verify(ctx, call, how); err != nil {
		return v, fmt.Errorf("verify %s again: %w", a, err)
	}
	if how == kinds.ByForm {
		if err := p.asked(ctx, a, call.ID); err != nil {
			p.Emit(event.Diagnostic{Severity: "warning", Code: "form-not-noted", Summary: "Not noted in the state",
				Detail: fmt.Sprintf("Kira made a form for %s, but the state could not note that: %v. A run with -wait may not wait for that user.", a, p.hide(err))})
		}
	}
	if p.Events.Dir == "" {
		return v, nil
	}
	return v, p.Events.Ask(call.ID, began) // why it was rejected before is out of date
}

// asked notes that the user of a has been sent a form, by which a verification
// begins: an earlier answer does not tell any more whether one has begun. A run that
// has the lock goes on by its own knowledge.
func (p *Project) asked(ctx context.Context, a addr.Resource, id string) (err error) {
	unlock, err := p.Store.Lock(ctx, p.Holder)
	if _, held := errors.AsType[*state.LockedError](err); held {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	st, _, err := p.load(ctx)
	if err != nil {
		return err
	}
	o := st.Resources[a]
	if o.ID != id || o.Seen.IsZero() {
		return nil
	}
	o.Seen = o.Seen.With(cty.GetAttrPath(kinds.Triggered), state.Sealed{})
	st.Resources[a] = o
	return p.save(ctx, st)
}
