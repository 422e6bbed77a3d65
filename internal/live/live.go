// Package live looks at many objects of Kira with few requests.
//
// Each observation of a managed object that is to be stored comes from here, so
// that attributes which Kira shows only once are kept (see [Carry]). An object
// is gone only by two witnesses: its own 404, and a complete list without it. A row
// of a list is believed of values that Kira sets; of those that people write, only the
// object itself is.
// Nothing here writes to Kira or to a disk.
//
// Start at [Refresh], which looks at a whole state once; [Watch] looks at a few
// objects until they move, and [Read] at one.
package live

import (
	"context"
	"errors"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/kira"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// OwnerOf returns the object that o, of kind k, belongs to, with an empty id
// where that is not known; the zero Object if it belongs to none.
func OwnerOf(k *kinds.Kind, o state.Object) addr.Object {
	attr := k.Schema.OwnerAttr()
	if attr == nil {
		return addr.Object{}
	}
	for _, v := range []state.Sealed{o.Sent, o.Seen} {
		if id := v.Member(attr.Name); !id.IsNull() && id.Type() == cty.String && !state.IsSealed(id) {
			return addr.Object{Kind: attr.Ref, ID: id.AsString()}
		}
	}
	return addr.Object{Kind: attr.Ref}
}

// OfOne reports whether an error may be that of one object alone, so that the
// others can be looked at all the same: not one about who asks, or about Kira
// not being there.
func OfOne(err error) bool {
	if _, silent := errors.AsType[*kira.NoAnswer](err); silent {
		return false
	}
	e, ok := errors.AsType[*kira.Error](err)
	if !ok {
		return !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded)
	}
	switch {
	case e.Status == 500:
		return true
	case e.Status == 401, e.Status == 403, e.Path == "/auth":
		return false
	}
	return !e.Temporary()
}
