// Package typed converts values, and finds the type that several have in common, in time
// that grows with their size.
//
// Its results are those of cty, which compares the type of every element of a collection
// with that of every other element. Of a question that it leaves open, cty has to be asked.
package typed

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// Convert converts a value as [convert.Convert] does, in time that grows with its
// size: cty compares the type of every element of a collection with that of every
// other element.
func Convert(v cty.Value, want cty.Type) (cty.Value, error) {
	if out, ok := Parts(v, want); ok {
		return out, nil
	}
	return convert.Convert(v, want)
}

// Parts converts each part of a value by itself. It returns false for a
// value that has to be converted, or refused, as a whole.
func Parts(v cty.Value, want cty.Type) (out cty.Value, ok bool) {
	v, marks := v.Unmark()
	if v.IsNull() || !v.IsKnown() {
		return out, false
	}
	switch t := v.Type(); {
	case want.IsMapType() && (t.IsObjectType() || t.IsMapType()):
		out, ok = convertMap(v.AsValueMap(), want.ElementType())
	case want.IsListType() && (t.IsTupleType() || t.IsListType()):
		out, ok = convertList(v.AsValueSlice(), want.ElementType())
	case want.IsSetType() && (t.IsTupleType() || t.IsListType()):
		if out, ok = convertList(v.AsValueSlice(), want.ElementType()); ok {
			out = cty.SetVal(out.AsValueSlice())
		}
	case want.IsObjectType() && t.IsObjectType():
		out, ok = convertObject(v.AsValueMap(), want)
	}
	if !ok {
		return out, false
	}
	return out.WithMarks(marks), true
}

func convertMap(members map[string]cty.Value, want cty.Type) (out cty.Value, ok bool) {
	elements := make([]cty.Value, 0, len(members))
	for _, v := range members {
		elements = append(elements, v)
	}
	if want, ok = elementType(elements, want); !ok {
		return out, false
	}
	for name, v := range members {
		if members[name], ok = convertElement(v, want); !ok {
			return out, false
		}
	}
	return cty.MapVal(members), true
}

func convertList(elements []cty.Value, want cty.Type) (out cty.Value, ok bool) {
	if want, ok = elementType(elements, want); !ok {
		return out, false
	}
	for i, v := range elements {
		if elements[i], ok = convertElement(v, want); !ok {
			return out, false
		}
	}
	return cty.ListVal(elements), true
}

// elementType returns the type that all elements get: the one that is asked for
// or, if any is, the one that they have in common.
func elementType(elements []cty.Value, want cty.Type) (cty.Type, bool) {
	if len(elements) == 0 {
		return want, false
	}
	if want != cty.DynamicPseudoType {
		return want, !want.HasDynamicTypes()
	}
	types := make([]cty.Type, len(elements))
	for i, v := range elements {
		types[i] = v.Type()
	}
	common, ok := Common(types)
	return common, ok && !common.HasDynamicTypes()
}

// convertElement converts a value to a type that holds no dynamic one. A value that
// is of it already stays the same, and takes no memory a second time.
func convertElement(v cty.Value, want cty.Type) (cty.Value, bool) {
	bare := want.WithoutOptionalAttributesDeep()
	if v.Type().Equals(bare) {
		return v, true
	}
	out, err := Convert(v, want)
	return out, err == nil && out.Type().Equals(bare)
}

func convertObject(given map[string]cty.Value, want cty.Type) (out cty.Value, ok bool) {
	attrs := make(map[string]cty.Value)
	for name, t := range want.AttributeTypes() {
		v, there := given[name]
		switch {
		case there:
			converted, err := Convert(v, t)
			if err != nil {
				return out, false
			}
			attrs[name] = converted
		case want.AttributeOptional(name):
			attrs[name] = cty.NullVal(t.WithoutOptionalAttributesDeep())
		default:
			return out, false
		}
	}
	return cty.ObjectVal(attrs), true
}
