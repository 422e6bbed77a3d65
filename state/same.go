package state

import (
	"reflect"
	"slices"

	"github.com/zclconf/go-cty/cty"
)

// Unchanged reports whether o certainly is as was, without comparing their
// content: a copy that nobody changed is. False says nothing.
func (o Object) Unchanged(was Object) bool {
	return o.ID == was.ID && o.Salt == was.Salt && o.Adopted == was.Adopted && o.Protected == was.Protected &&
		o.Imported == was.Imported && o.Trusted == was.Trusted && len(o.Stored)+len(was.Stored) == 0 &&
		slices.Equal(o.Needs, was.Needs) && slices.Equal(o.Unproven, was.Unproven) && slices.Equal(o.Unsure, was.Unsure) && slices.Equal(o.Unlooked, was.Unlooked) &&
		o.Sent.is(was.Sent) && o.Seen.is(was.Seen)
}

// is reports whether two values are one in memory.
func (s Sealed) is(other Sealed) bool {
	if s.kept != nil || other.kept != nil {
		return s.kept == other.kept
	}
	return isSame(s.v, other.v)
}

// isSame reports whether two values are one in memory, which values of cty never
// change. It looks at where cty keeps the attributes of an object: should that be
// another place one day, it reports false.
func isSame(a, b cty.Value) bool {
	if a == cty.NilVal || b == cty.NilVal {
		return a == cty.NilVal && b == cty.NilVal
	}
	x, y := attributes(a), attributes(b)
	return x.IsValid() && y.IsValid() && x.Pointer() == y.Pointer()
}

// attributes is the map that holds the attributes of an object; not valid if there
// is none.
func attributes(v cty.Value) reflect.Value {
	if held < 0 {
		return reflect.Value{}
	}
	field := reflect.ValueOf(v).Field(held)
	if field.Kind() == reflect.Interface {
		field = field.Elem()
	}
	if field.Kind() != reflect.Map {
		return reflect.Value{}
	}
	return field
}

// held is the index of the field of a value that has its content; -1 if there is none.
var held = func() int {
	f, ok := reflect.TypeFor[cty.Value]().FieldByName("v")
	if !ok || len(f.Index) != 1 {
		return -1
	}
	return f.Index[0]
}()
