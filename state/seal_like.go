package state

import (
	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// SealLike is [Key.Seal], and seals in v whatever is sealed in like as well:
// what was sent as something sensitive is not kept when Kira shows it either.
func (k Key) SealLike(kind *schema.Kind, v, like cty.Value) cty.Value {
	v = k.Seal(kind, v)
	sealed := make(map[string]bool)
	sealedPlaces(kind.Name, like, sealed)
	if v == cty.NilVal || len(sealed) == 0 {
		return v
	}
	return k.sealAt(kind.Name, v, sealed)
}

// sealedPlaces enters where in v there are fingerprints. Places are named as
// for [Key.Fingerprint]: without the indexes of lists.
func sealedPlaces(at string, v cty.Value, found map[string]bool) {
	switch {
	case v == cty.NilVal || v.IsNull() || !v.IsKnown():
	case IsSealed(v):
		found[at] = true
	case v.Type().IsObjectType():
		for name, e := range v.AsValueMap() {
			sealedPlaces(at+"."+name, e, found)
		}
	case v.Type().IsTupleType():
		for _, e := range v.AsValueSlice() {
			sealedPlaces(at, e, found)
		}
	}
}

func (k Key) sealAt(at string, v cty.Value, sealed map[string]bool) cty.Value {
	switch {
	case v.IsNull() || !v.IsKnown() || IsSealed(v):
	case v.Type().IsObjectType():
		out := v.AsValueMap()
		for name, e := range out {
			out[name] = k.sealAt(at+"."+name, e, sealed)
		}
		return cty.ObjectVal(out)
	case v.Type().IsTupleType():
		items := v.AsValueSlice()
		for i, e := range items {
			items[i] = k.sealAt(at, e, sealed)
		}
		return cty.TupleVal(items)
	case sealed[at]:
		return cty.StringVal(k.Fingerprint(at, v))
	}
	return v
}
