package wire

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// decodePlain reads v as a ty, which is a primitive type, a list or map, or
// dynamic. A value that cannot be read so is null.
func decodePlain(ty cty.Type, v any) cty.Value {
	switch {
	case empty(v):
		return cty.NullVal(ty)
	case ty == cty.DynamicPseudoType:
		return decodeAny(v)
	case ty == cty.String:
		if s, ok := text(v); ok {
			return cty.StringVal(s)
		}
	case ty == cty.Number:
		if s, ok := text(v); ok {
			return decodeNumber(s)
		}
	case ty == cty.Bool:
		if s, ok := text(v); ok && (s == "true" || s == "false") {
			return cty.BoolVal(s == "true")
		}
	case ty.IsListType():
		return decodeList(ty, v)
	case ty.IsMapType():
		return decodeMap(ty, v)
	}
	return cty.NullVal(ty)
}

// text returns a scalar as it is written.
func text(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

// decodeNumber refuses exponents that would make a short answer a very long
// number, once it is written out.
func decodeNumber(s string) cty.Value {
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		if n, err := strconv.Atoi(s[i+1:]); err != nil || n < -100 || n > 100 {
			return cty.NullVal(cty.Number)
		}
	}
	n, err := cty.ParseNumberVal(s)
	if err != nil {
		return cty.NullVal(cty.Number)
	}
	return n
}

func decodeList(ty cty.Type, v any) cty.Value {
	items, ok := v.([]any)
	if !ok {
		return cty.NullVal(ty)
	}
	var list []cty.Value
	for _, item := range items {
		if e := decodePlain(ty.ElementType(), item); !e.IsNull() {
			list = append(list, e)
		}
	}
	if len(list) == 0 {
		return cty.ListValEmpty(ty.ElementType())
	}
	return cty.ListVal(list)
}

func decodeMap(ty cty.Type, v any) cty.Value {
	members, ok := v.(map[string]any)
	if !ok {
		return cty.NullVal(ty)
	}
	values := make(map[string]cty.Value)
	for key, member := range members {
		if e := decodePlain(ty.ElementType(), member); !e.IsNull() {
			values[key] = e
		}
	}
	if len(values) == 0 {
		return cty.MapValEmpty(ty.ElementType())
	}
	return cty.MapVal(values)
}

// decodeAny reads a value that the API has in more than one form. As in a
// request, members that hold nothing are left out.
func decodeAny(v any) cty.Value {
	switch v := v.(type) {
	case json.Number:
		return decodeNumber(v.String())
	case bool:
		return cty.BoolVal(v)
	case string:
		return cty.StringVal(v)
	case []any:
		var items []cty.Value
		for _, item := range v {
			if !empty(item) {
				items = append(items, decodeAny(item))
			}
		}
		return cty.TupleVal(items)
	case map[string]any:
		members := make(map[string]cty.Value)
		for key, member := range v {
			if !empty(member) {
				members[key] = decodeAny(member)
			}
		}
		return cty.ObjectVal(members)
	default:
		return cty.NullVal(cty.DynamicPseudoType)
	}
}
