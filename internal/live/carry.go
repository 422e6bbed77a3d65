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

// Row returns an object as a row shows it that has something new. An attribute that
// rows lack is taken from before if it cannot change, and is not known otherwise: it
// is named.
func Row(k *kinds.Kind, row, before cty.Value) (seen cty.Value, unlooked []string) {
	var fixed []string
	for _, name := range slices.Sorted(slices.Values(k.RowLacks)) {
		if a, _ := k.Schema.Attr(name); a.Computed {
			unlooked = append(unlooked, name)
		} else {
			fixed = append(fixed, name)
		}
	}
	return Carry(k.Schema, row, before, fixed...), unlooked
}

// vanished reports whether a row shows nothing of an attribute that was seen before
// and that rows have: Kira may have taken it out of the object, or out of its rows.
func vanished(k *kinds.Kind, row, before cty.Value) bool {
	if before == cty.NilVal || before.IsNull() {
		return false
	}
	for i := range k.Schema.Attrs {
		a := &k.Schema.Attrs[i]
		if a.Class != schema.WriteOnce && !slices.Contains(k.RowLacks, a.Name) && schema.Member(row, a.Name).IsNull() && !schema.Member(before, a.Name).IsNull() {
			return true
		}
	}
	return false
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
