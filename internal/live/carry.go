package live

import (
	"context"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
	"kiraform/schema/kinds"
)

// Read reads a managed object of which before was seen last. Every observation
// of such an object that is to be stored comes from here or, if it is a row of
// a list, from [Refresh]: both keep the attributes that Kira showed only once.
func Read(ctx context.Context, k *kinds.Kind, c kinds.Call, before cty.Value) (kinds.Object, error) {
	o, err := k.Read(ctx, c)
	if err == nil {
		o.Seen = Carry(k.Schema, o.Seen, before)
	}
	return o, err
}

// Carry returns the object as Kira shows it now, with attributes taken from
// before that are shown only in the answer to the create request, or that are
// named.
func Carry(k *schema.Kind, now, before cty.Value, names ...string) cty.Value {
	if before == cty.NilVal {
		return now
	}
	attrs := now.AsValueMap()
	for i := range k.Attrs {
		a := &k.Attrs[i]
		kept := a.Class == schema.WriteOnce || slices.Contains(names, a.Name)
		if !kept || !schema.Member(now, a.Name).IsNull() {
			continue
		}
		if was := schema.Member(before, a.Name); !was.IsNull() {
			attrs[a.Name] = was
		}
	}
	return cty.ObjectVal(attrs)
}
