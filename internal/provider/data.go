package provider

import (
	"context"

	"github.com/zclconf/go-cty/cty"

	"kiraform/apply"
	"kiraform/internal/event"
	"kiraform/schema/kinds"
)

// source looks at a data source during apply.
func (p provider) source(ctx context.Context, op apply.Op) (apply.Result, error) {
	d, _ := kinds.DataByName(op.Addr.Kind)
	c := p.about("")
	c.Want, c.Note = op.Want, retries(op)
	v, err := d.Look(ctx, c)
	if err != nil && p.Scoped != nil && p.Scoped(op.Addr) { // it warns, and stops nothing
		op.Note(event.Note{Addr: op.Addr.String(), Text: event.Foreign("could not be read: " + err.Error())})
		return apply.Result{Seen: cty.UnknownVal(op.Kind.Type())}, nil
	}
	return apply.Result{Seen: v}, err
}
