package kinds

import (
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/diag"
	"kiraform/schema"
)

// A fact is a statement about an attribute that can be made before everything
// is known.
type fact uint8

const (
	unknown fact = iota // nothing can be said yet
	absent              // not written
	written
)

// look follows names from object to object, without marks. A member of an
// absent object is absent, and one of an unknown object is unknown.
func look(v cty.Value, names ...string) (cty.Value, fact) {
	for _, name := range names {
		v, _ = v.Unmark()
		switch {
		case v == cty.NilVal || v.IsNull():
			return cty.NilVal, absent
		case !v.IsKnown():
			return cty.NilVal, unknown
		case v.Type().IsObjectType():
			v = schema.Member(v, name)
		default:
			return cty.NilVal, absent
		}
	}
	v, _ = v.Unmark()
	switch {
	case v == cty.NilVal || v.IsNull():
		return cty.NilVal, absent
	case !v.IsKnown():
		return cty.NilVal, unknown
	}
	return v, written
}

// lookText is look for a string; of another type it is absent.
func lookText(v cty.Value, names ...string) (string, fact) {
	v, f := look(v, names...)
	switch {
	case f != written:
		return "", f
	case v.Type() != cty.String:
		return "", absent
	}
	return v.AsString(), written
}

// known is the text of an attribute if it is written and known, else "".
func known(v cty.Value, names ...string) string {
	s, _ := lookText(v, names...)
	return s
}

// entries returns the elements of a list, and false if the list or one of its
// elements is unknown.
func entries(v cty.Value, names ...string) (list []cty.Value, all bool) {
	v, f := look(v, names...)
	if f != written || !v.CanIterateElements() {
		return nil, f == absent
	}
	all = true
	for it := v.ElementIterator(); it.Next(); {
		_, e := it.Element()
		e, _ = e.Unmark()
		all = all && e.IsKnown()
		list = append(list, e)
	}
	return list, all
}

func path(names ...string) cty.Path {
	var p cty.Path
	for _, name := range names {
		p = p.GetAttr(name)
	}
	return p
}

func mistake(at cty.Path, code diag.Code, summary, detail string) []schema.Problem {
	return []schema.Problem{{Path: at, Code: code, Summary: summary, Detail: detail}}
}

func risk(at cty.Path, code diag.Code, summary, detail string) []schema.Problem {
	return []schema.Problem{{Path: at, Code: code, Warning: true, Summary: summary, Detail: detail}}
}

// join returns one list of all.
func join[T any](lists ...[]T) []T { return slices.Concat(lists...) }

// union is join without repetitions.
func union(lists ...[]string) []string {
	var all []string
	for _, s := range slices.Concat(lists...) {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}
