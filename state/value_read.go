package state

import (
	"encoding/json"
	"fmt"

	"github.com/zclconf/go-cty/cty"
)

// fromTree turns JSON into a value of type t, of which DynamicPseudoType means
// whatever type the JSON tells. It never panics, whatever the file says.
func fromTree(tree any, t cty.Type) (cty.Value, error) {
	if tree == nil {
		return cty.NullVal(t), nil
	}
	var v cty.Value
	switch x := tree.(type) {
	case string:
		v = cty.StringVal(x)
	case bool:
		v = cty.BoolVal(x)
	case json.Number:
		n, err := cty.ParseNumberVal(string(x))
		if err != nil {
			return cty.NilVal, err
		}
		v = n
	case []any:
		return fromArray(x, t)
	case map[string]any:
		return fromObject(x, t)
	}
	if t != v.Type() && t != cty.DynamicPseudoType {
		return cty.NilVal, mismatch(v.Type().FriendlyName(), t)
	}
	return v, nil
}

func mismatch(found string, want cty.Type) error {
	return fmt.Errorf("found %s in place of %s", found, want.FriendlyName())
}

func fromArray(list []any, t cty.Type) (cty.Value, error) {
	item := func(int) cty.Type { return cty.DynamicPseudoType }
	switch {
	case t.IsTupleType() && t.Length() == len(list):
		item = t.TupleElementType
	case t.IsListType() || t.IsSetType():
		item = func(int) cty.Type { return t.ElementType() }
	case t != cty.DynamicPseudoType:
		return cty.NilVal, mismatch(fmt.Sprintf("%d elements", len(list)), t)
	}
	values := make([]cty.Value, len(list))
	for i, e := range list {
		var err error
		if values[i], err = fromTree(e, item(i)); err != nil {
			return cty.NilVal, err
		}
	}
	switch {
	case t.IsTupleType() || t == cty.DynamicPseudoType:
		return cty.TupleVal(values), nil
	case len(values) == 0 && t.IsListType():
		return cty.ListValEmpty(t.ElementType()), nil
	case len(values) == 0:
		return cty.SetValEmpty(t.ElementType()), nil
	case t.IsListType() && cty.CanListVal(values):
		return cty.ListVal(values), nil
	case t.IsSetType() && cty.CanSetVal(values):
		return cty.SetVal(values), nil
	}
	return cty.NilVal, mismatch("elements of several types", t)
}

func fromObject(object map[string]any, t cty.Type) (cty.Value, error) {
	item := func(string) cty.Type { return cty.DynamicPseudoType }
	switch {
	case t.IsObjectType() && len(t.AttributeTypes()) == len(object):
		for name := range object {
			if !t.HasAttribute(name) {
				return cty.NilVal, mismatch("an attribute "+name, t)
			}
		}
		item = t.AttributeType
	case t.IsMapType():
		item = func(string) cty.Type { return t.ElementType() }
	case t != cty.DynamicPseudoType:
		return cty.NilVal, mismatch("an object", t)
	}
	values := make(map[string]cty.Value, len(object))
	for name, e := range object {
		v, err := fromTree(e, item(name))
		if err != nil {
			return cty.NilVal, fmt.Errorf("%s: %w", name, err)
		}
		values[name] = v
	}
	switch {
	case !t.IsMapType():
		return cty.ObjectVal(values), nil
	case len(values) == 0:
		return cty.MapValEmpty(t.ElementType()), nil
	case cty.CanMapVal(values):
		return cty.MapVal(values), nil
	}
	return cty.NilVal, mismatch("entries of several types", t)
}
