// Package wire turns values into request bodies and answers into values, led by
// a schema.
//
// Numbers keep every digit in both directions. An attribute that is not written
// is not sent, and one that an answer does not show, or shows as an empty
// string, is null: Kira answers with "" for attributes that it was never sent
// (observed 5.1).
package wire

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// Encode returns the request body for want, an object with attributes of k
// that is known and unmarked, with the API's names. Nulls are left out. If only
// is not nil, so is every other top-level attribute than those it names.
func Encode(k *schema.Kind, want cty.Value, only []string) map[string]any {
	attrs := k.Attrs
	if only != nil {
		attrs = pick(attrs, only)
	}
	return encodeObject(attrs, want)
}

func pick(attrs []schema.Attr, names []string) []schema.Attr {
	return slices.DeleteFunc(slices.Clone(attrs), func(a schema.Attr) bool { return !slices.Contains(names, a.Name) })
}

func encodeObject(attrs []schema.Attr, v cty.Value) map[string]any {
	body := make(map[string]any)
	for i := range attrs {
		a := &attrs[i]
		if a.Computed || a.Local || !v.Type().HasAttribute(a.Name) {
			continue
		}
		switch x := v.GetAttr(a.Name); {
		case x.IsNull():
		case a.Spread:
			maps.Copy(body, encodePlain(x).(map[string]any))
		default:
			body[a.Name] = encodeAttr(a, x)
		}
	}
	return body
}

func encodeAttr(a *schema.Attr, v cty.Value) any {
	switch {
	case a.Nested == nil:
		return encodePlain(v)
	case !a.List:
		return encodeObject(a.Nested, v)
	}
	list := make([]any, 0, v.LengthInt())
	for it := v.ElementIterator(); it.Next(); {
		if _, e := it.Element(); !e.IsNull() {
			list = append(list, encodeObject(a.Nested, e))
		}
	}
	return list
}

// encodePlain encodes a value that no schema describes further.
func encodePlain(v cty.Value) any {
	switch ty := v.Type(); {
	case ty == cty.String:
		return v.AsString()
	case ty == cty.Bool:
		return v.True()
	case ty == cty.Number:
		return json.Number(v.AsBigFloat().Text('f', -1))
	case ty.IsObjectType() || ty.IsMapType():
		m := make(map[string]any)
		for it := v.ElementIterator(); it.Next(); {
			if key, e := it.Element(); !e.IsNull() {
				m[key.AsString()] = encodePlain(e)
			}
		}
		return m
	default:
		list := make([]any, 0, v.LengthInt())
		for it := v.ElementIterator(); it.Next(); {
			if _, e := it.Element(); !e.IsNull() {
				list = append(list, encodePlain(e))
			}
		}
		return list
	}
}
