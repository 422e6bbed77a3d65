package simulator

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// A check looks at one value and returns its mistakes.
type check func(path string, v any) []issue

// A field is one key of an object.
type field struct {
	name     string
	required bool
	check    check // nil takes anything
}

// A shape is the keys that an object may have.
type shape []field

func need(name string, c check) field { return field{name, true, c} }
func may(name string, c check) field  { return field{name, false, c} }

// check goes through the fields in their order. Keys that the shape does not
// know are not its business.
func (s shape) check(prefix string, v doc) []issue {
	var found []issue
	for _, f := range s {
		value, sent := v[f.name]
		switch {
		case !sent && f.required:
			found = append(found, issue{prefix + f.name, "Required", "invalid_type"})
		case sent && f.check != nil:
			found = append(found, f.check(prefix+f.name, value)...)
		}
	}
	return found
}

// keep returns the keys that the shape knows: Kira drops others silently.
func (s shape) keep(v doc) doc {
	kept := doc{}
	for _, f := range s {
		if value, sent := v[f.name]; sent {
			kept[f.name] = value
		}
	}
	return kept
}

// unknown returns the other keys, sorted.
func (s shape) unknown(v doc) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(v)), func(key string) bool {
		return slices.ContainsFunc(s, func(f field) bool { return f.name == key })
	})
}

// optional is the shape with these fields not required; without names, all.
func (s shape) optional(names ...string) shape {
	loose := slices.Clone(s)
	for i := range loose {
		if len(names) == 0 || slices.Contains(names, loose[i].name) {
			loose[i].required = false
		}
	}
	return loose
}

func one(path, code, format string, args ...any) []issue {
	return []issue{{path, fmt.Sprintf(format, args...), code}}
}

// text takes strings of at least this many characters.
func text(least int) check {
	return func(path string, v any) []issue {
		s, ok := v.(string)
		switch {
		case !ok:
			return one(path, "invalid_type", "Expected string, received %s", kindOf(v))
		case len([]rune(s)) < least:
			return one(path, "too_small", "String must contain at least %d character(s)", least)
		}
		return nil
	}
}

// like takes strings that match an expression.
func like(expr, otherwise string) check {
	form := sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) }) // most processes need few of them
	return func(path string, v any) []issue {
		if bad := text(0)(path, v); bad != nil {
			return bad
		}
		if !form().MatchString(v.(string)) {
			return one(path, "invalid_string", "%s", otherwise)
		}
		return nil
	}
}

// oneOf takes these strings.
func oneOf(values ...string) check {
	expected := "'" + strings.Join(values, "' | '") + "'"
	return func(path string, v any) []issue {
		s, ok := v.(string)
		switch {
		case !ok:
			return one(path, "invalid_type", "Expected %s, received %s", expected, kindOf(v))
		case !slices.Contains(values, s):
			return one(path, "invalid_enum_value", "Invalid enum value. Expected %s, received '%s'", expected, s)
		}
		return nil
	}
}

// list takes arrays of such values.
func list(each check) check {
	return func(path string, v any) []issue {
		items, ok := v.([]any)
		if !ok {
			return one(path, "invalid_type", "Expected array, received %s", kindOf(v))
		}
		var found []issue
		for i, item := range items {
			found = append(found, each(path+"."+strconv.Itoa(i), item)...)
		}
		return found
	}
}

// objectOf takes objects of this shape.
func objectOf(s shape) check {
	return func(path string, v any) []issue {
		m, ok := v.(doc)
		if !ok {
			return one(path, "invalid_type", "Expected object, received %s", kindOf(v))
		}
		return s.check(path+".", m)
	}
}

// texts takes objects whose values are strings, whatever their keys.
func texts(path string, v any) []issue {
	m, ok := v.(doc)
	if !ok {
		return one(path, "invalid_type", "Expected object, received %s", kindOf(v))
	}
	var found []issue
	for _, key := range slices.Sorted(maps.Keys(m)) {
		found = append(found, text(0)(path+"."+key, m[key])...)
	}
	return found
}

// kindOf is JavaScript's name for the type of a JSON value.
func kindOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case json.Number:
		return "number"
	case string:
		return "string"
	case []any:
		return "array"
	default:
		return "object"
	}
}
