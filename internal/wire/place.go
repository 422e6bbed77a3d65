package wire

import (
	"strings"

	"kiraform/schema"
)

// find returns the value at the first of the attribute's places that holds
// anything.
func (d decoder) find(a *schema.Attr, from map[string]any) (any, bool) {
	if a.Read == nil {
		v, ok := from[a.Name]
		return v, ok && !empty(v)
	}
	for _, place := range a.Read {
		start := from
		if rest, top := strings.CutPrefix(place, "/"); top {
			start, place = d.answer, rest
		}
		if v, ok := at(start, place); ok && !empty(v) {
			return v, true
		}
	}
	return nil, false
}

// at follows a dotted path from object to object.
func at(from map[string]any, path string) (any, bool) {
	name, rest, deeper := strings.Cut(path, ".")
	v, ok := from[name]
	if !ok || !deeper {
		return v, ok
	}
	inner, ok := v.(map[string]any)
	if !ok {
		return nil, false
	}
	return at(inner, rest)
}

func empty(v any) bool { return v == nil || v == "" }
