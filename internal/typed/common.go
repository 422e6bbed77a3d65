package typed

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// Common returns the type that [convert.UnifyUnsafe] finds for types, in time that grows
// with their number and the number of different ones among them. It returns false where
// cty has to be asked: for types that have nothing in common, or of which something is
// not known.
func Common(types []cty.Type) (cty.Type, bool) {
	all := different(types)
	t, ok := common(all)
	return t, ok && (len(all) == 1 || !t.HasDynamicTypes())
}

// common is Common of different types.
func common(types []cty.Type) (cty.Type, bool) {
	if len(types) == 1 {
		return types[0], true
	}
	var t cty.Type
	var ok bool
	switch {
	case all(types, func(t cty.Type) bool { return t.IsPrimitiveType() || t == cty.DynamicPseudoType }):
		t, _ = convert.UnifyUnsafe(types) // there are four at most
		return t, t != cty.NilType && t != cty.DynamicPseudoType
	case all(types, cty.Type.IsObjectType):
		if sameNames(types) {
			t, ok = columns(types)
		} else {
			t, ok = mapOf(types)
		}
	case all(types, cty.Type.IsTupleType):
		if all(types, func(t cty.Type) bool { return t.Length() == types[0].Length() }) {
			t, ok = rows(types)
		} else {
			t, ok = listOf(types)
		}
	case all(types, cty.Type.IsMapType):
		t, ok = elementsOf(types, cty.Map)
	case all(types, cty.Type.IsListType):
		t, ok = elementsOf(types, cty.List)
	case all(types, cty.Type.IsSetType):
		t, ok = elementsOf(types, cty.Set)
	}
	return t, ok && reached(types, t)
}

// Collection returns the type of the map, or the list, that cty makes of two types of
// which one at least is an object, or a tuple; false where cty has to be asked, or makes
// no collection of them.
func Collection(a, b cty.Type) (t cty.Type, ok bool) {
	types := []cty.Type{a, b}
	switch {
	case all(types, cty.Type.IsObjectType):
		if !sameNames(types) {
			t, ok = mapOf(types)
		}
	case all(types, cty.Type.IsTupleType):
		if a.Length() != b.Length() {
			t, ok = listOf(types)
		}
	case a.IsMapType() && b.IsObjectType(), a.IsListType() && b.IsTupleType():
		t, ok = joined(a, b)
	case b.IsMapType() && a.IsObjectType(), b.IsListType() && a.IsTupleType():
		t, ok = joined(b, a)
	}
	return t, ok && t.ElementType() != cty.DynamicPseudoType && reached(types, t)
}

// joined returns the type that cty makes of a collection and of a type whose elements
// can be one like it.
func joined(collection, parts cty.Type) (cty.Type, bool) {
	elements := different(membersOf(parts))
	if len(elements) == 0 {
		return collection, true
	}
	e, ok := Common(elements)
	if !ok {
		return cty.NilType, false
	}
	t, ok := Common([]cty.Type{e, collection.ElementType()})
	if !ok || len(elements) > 1 && !t.Equals(e) { // cty converts twice then, the second time the parts that it began with
		return cty.NilType, false
	}
	if collection.IsMapType() {
		return cty.Map(t), true
	}
	return cty.List(t), true
}

// mapOf returns the type of a map of all that the objects have in them, and listOf that
// of a list.
func mapOf(objects []cty.Type) (cty.Type, bool) { return gathered(objects, cty.Map) }

func listOf(tuples []cty.Type) (cty.Type, bool) { return gathered(tuples, cty.List) }

func gathered(types []cty.Type, of func(cty.Type) cty.Type) (cty.Type, bool) {
	var members []cty.Type
	for _, t := range types {
		members = append(members, membersOf(t)...)
	}
	if len(members) == 0 {
		return cty.NilType, false
	}
	e, ok := Common(members)
	if !ok {
		return cty.NilType, false
	}
	return of(e), true
}

// membersOf returns the types of the members of an object or a tuple.
func membersOf(t cty.Type) (all []cty.Type) {
	if t.IsTupleType() {
		return t.TupleElementTypes()
	}
	for _, e := range t.AttributeTypes() {
		all = append(all, e)
	}
	return all
}

// columns returns the type of an object with the names of the given ones.
func columns(objects []cty.Type) (cty.Type, bool) {
	attrs := make(map[string]cty.Type)
	for name := range objects[0].AttributeTypes() {
		column := make([]cty.Type, len(objects))
		for i, t := range objects {
			column[i] = t.AttributeType(name)
		}
		var ok bool
		if attrs[name], ok = Common(column); !ok {
			return cty.NilType, false
		}
	}
	return cty.Object(attrs), true
}

// rows returns the type of a tuple with the length of the given ones.
func rows(tuples []cty.Type) (cty.Type, bool) {
	elements := make([]cty.Type, tuples[0].Length())
	for at := range elements {
		column := make([]cty.Type, len(tuples))
		for i, t := range tuples {
			column[i] = t.TupleElementType(at)
		}
		var ok bool
		if elements[at], ok = Common(column); !ok {
			return cty.NilType, false
		}
	}
	return cty.Tuple(elements), true
}

func elementsOf(collections []cty.Type, of func(cty.Type) cty.Type) (cty.Type, bool) {
	elements := make([]cty.Type, len(collections))
	for i, t := range collections {
		elements[i] = t.ElementType()
	}
	e, ok := Common(elements)
	if !ok {
		return cty.NilType, false
	}
	return of(e), true
}

// reached reports whether each of types can become t.
func reached(types []cty.Type, t cty.Type) bool {
	return all(types, func(from cty.Type) bool { return from.Equals(t) || convert.GetConversionUnsafe(from, t) != nil })
}

// sameNames reports whether objects have the same attributes.
func sameNames(objects []cty.Type) bool {
	first := objects[0].AttributeTypes()
	return all(objects, func(t cty.Type) bool {
		if len(t.AttributeTypes()) != len(first) {
			return false
		}
		for name := range t.AttributeTypes() {
			if _, there := first[name]; !there {
				return false
			}
		}
		return true
	})
}

// different returns types without those that were there before.
func different(types []cty.Type) (once []cty.Type) {
	have := make(map[string]bool)
	for i, t := range types {
		if i > 0 && t.Equals(types[i-1]) {
			continue
		}
		if text := t.GoString(); !have[text] {
			have[text] = true
			once = append(once, t)
		}
	}
	return once
}

func all(types []cty.Type, is func(cty.Type) bool) bool {
	for _, t := range types {
		if !is(t) {
			return false
		}
	}
	return true
}
