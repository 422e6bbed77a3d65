package engine

import (
	"context"
	"fmt"

	"github.com/zclconf/go-cty/cty"

	"kiraform/apply"
	"kiraform/plan"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// lookFor looks for what an earlier run may have created, whose answer was
// lost. Several workers may find the same; one of them gets it.
func lookFor(ctx context.Context, k *kinds.Kind, c kinds.Call, op apply.Op) (kinds.Object, bool, error) {
	c.Taken = op.Taken
	for {
		found, ok, err := k.Find(ctx, c)
		if err != nil || !ok || op.Claim(found.ID) {
			return found, ok, err
		}
	}
}

// takeOver makes what was found what is wanted. If it was asked for with
// another body, or not by us, it may be something else: what differs is sent,
// and so is what cannot be seen.
func (p provider) takeOver(ctx context.Context, k *kinds.Kind, c kinds.Call, op apply.Op, found kinds.Object) (apply.Result, error) {
	have := state.Object{ID: found.ID, Seen: found.Seen, Sent: cty.NilVal}
	if !op.Other {
		have.Sent = p.key.Seal(&k.Schema, op.Want)
	}
	change := plan.Differences(&k.Schema, p.key, op.Want, have)
	if k.Update == nil || len(change) == 0 {
		return result(found, true), nil
	}
	c.ID = found.ID
	c.Want, c.Changed = patch(&k.Schema, op.Want, change)
	o, err := k.Update(ctx, c)
	if err != nil {
		return apply.Result{}, &undecidedError{fmt.Errorf("%s may be what an earlier run created; bring it to what is written: %w", found.ID, err)}
	}
	o.Seen = carry(&k.Schema, o.Seen, found.Seen)
	return result(o, true), nil
}

// undecidedError is a failure that leaves open what became of an earlier
// request, however clearly Kira refused this one.
type undecidedError struct{ error }

// Refused keeps the intent of the earlier request.
func (e *undecidedError) Refused() bool { return false }

// Unwrap returns what failed.
func (e *undecidedError) Unwrap() error { return e.error }
