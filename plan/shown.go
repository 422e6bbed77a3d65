package plan

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"kiraform/schema"
	"kiraform/state"
)

// shown returns the value that Kira shows of a in t, the type that the schema
// gives it. One that the state keeps only as a fingerprint reads as null: it has
// no other value.
func shown(a *schema.Attr, t cty.Type, v cty.Value) cty.Value {
	switch {
	case v.IsNull() || state.IsSealed(v):
		return cty.NullVal(t)
	case a.Nested == nil || !v.IsKnown():
		return shownLeaf(t, v)
	case a.List:
		return shownList(a, t, v)
	}
	return shownObject(a, t, v)
}

func shownLeaf(t cty.Type, v cty.Value) cty.Value {
	if t.IsPrimitiveType() && v.Type().Equals(t) {
		return v // most attributes are so, and this is quickest
	}
	v, _ = cty.Transform(v, func(_ cty.Path, v cty.Value) (cty.Value, error) {
		if state.IsSealed(v) {
			return cty.NullVal(cty.String), nil
		}
		return v, nil
	})
	return converted(t, v)
}

// shownObject completes an object, of which the state has only the attributes
// that are not null.
func shownObject(a *schema.Attr, t cty.Type, v cty.Value) cty.Value {
	if v.IsNull() || !v.Type().IsObjectType() && !v.Type().IsMapType() {
		return cty.NullVal(t)
	}
	types := t.AttributeTypes()
	attrs := make(map[string]cty.Value, len(a.Nested))
	for i := range a.Nested {
		n := &a.Nested[i]
		attrs[n.Name] = shown(n, types[n.Name], schema.Member(v, n.Name))
	}
	return cty.ObjectVal(attrs)
}

func shownList(a *schema.Attr, t cty.Type, v cty.Value) cty.Value {
	if !isList(v.Type()) {
		return cty.NullVal(t)
	}
	list := v.AsValueSlice()
	for i, e := range list {
		list[i] = shownObject(a, t.ElementType(), e)
	}
	if len(list) > 0 && cty.CanListVal(list) {
		return cty.ListVal(list)
	}
	return converted(t, cty.TupleVal(list))
}

func converted(t cty.Type, v cty.Value) cty.Value {
	out, err := convert.Convert(v, t)
	if err != nil {
		return cty.NullVal(t)
	}
	return out
}
