package lang

import (
	"errors"

	"github.com/hashicorp/hcl/v2/ext/customdecode"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
)

// lookup returns the element of a map under a key, or a default.
//
// Its first argument comes as an expression and is evaluated here. The value
// of an argument is searched for marks from end to end on every call, which
// for a large map, looked up by each of as many instances, takes time with the
// square of their number.
var lookup = function.New(&function.Spec{
	Params: []function.Parameter{
		{Name: "map", Type: customdecode.ExpressionClosureType},
		{Name: "key", Type: cty.String, AllowUnknown: true, AllowMarked: true},
	},
	VarParam: &function.Parameter{
		Name: "default", Type: cty.DynamicPseudoType,
		AllowUnknown: true, AllowDynamicType: true, AllowNull: true, AllowMarked: true,
	},
	Type: function.StaticReturnType(cty.DynamicPseudoType),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		if len(args) > 3 {
			return cty.NilVal, errors.New("takes two or three arguments: a map, a key and a default")
		}
		m, diags := customdecode.ExpressionClosureFromVal(args[0]).Value()
		if diags.HasErrors() {
			return cty.NilVal, function.NewArgError(0, first(diags))
		}
		m, marks := m.Unmark()
		key, keyMarks := args[1].Unmark()
		v, err := find(m, key, args[2:])
		if err != nil {
			return cty.NilVal, err
		}
		return v.WithMarks(marks, keyMarks), nil
	},
})

func find(m, key cty.Value, otherwise []cty.Value) (cty.Value, error) {
	ty := m.Type()
	switch {
	case m.IsNull():
		return cty.NilVal, function.NewArgErrorf(0, "must not be null")
	case !m.IsKnown():
		return cty.DynamicVal, nil
	case !ty.IsMapType() && !ty.IsObjectType():
		return cty.NilVal, function.NewArgErrorf(0, "must be a map or an object")
	case !key.IsKnown() && ty.IsMapType():
		return cty.UnknownVal(ty.ElementType()), nil
	case !key.IsKnown():
		return cty.DynamicVal, nil
	case ty.IsObjectType() && ty.HasAttribute(key.AsString()):
		return m.GetAttr(key.AsString()), nil
	case ty.IsMapType() && m.HasIndex(key).True():
		return m.Index(key), nil
	case len(otherwise) == 0:
		return cty.NilVal, function.NewArgErrorf(1, "there is no such key, and no default was given")
	case ty.IsObjectType():
		return otherwise[0], nil
	}
	v, err := convert.Convert(otherwise[0], ty.ElementType())
	if err != nil {
		return cty.NilVal, function.NewArgErrorf(2, "the default must have the type of the map's elements")
	}
	return v, nil
}
