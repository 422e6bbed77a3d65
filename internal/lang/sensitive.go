package lang

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

var anything = []function.Parameter{{
	Name: "value", Type: cty.DynamicPseudoType,
	AllowUnknown: true, AllowNull: true, AllowMarked: true, AllowDynamicType: true,
}}

func typeOfFirst(args []cty.Value) (cty.Type, error) { return args[0].Type(), nil }

var sensitive = function.New(&function.Spec{
	Params: anything,
	Type:   typeOfFirst,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		return args[0].Mark(Sensitive), nil
	},
})

// nonsensitive takes the mark from the value itself, not from its elements, as
// Terraform does.
var nonsensitive = function.New(&function.Spec{
	Params: anything,
	Type:   typeOfFirst,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		v, marks := args[0].Unmark()
		delete(marks, Sensitive)
		return v.WithMarks(marks), nil
	},
})

var isSensitive = function.New(&function.Spec{
	Params: anything,
	Type:   function.StaticReturnType(cty.Bool),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		switch v := args[0]; {
		case v.HasMark(Sensitive):
			return cty.True, nil
		case !v.IsKnown():
			// Another value could yet bring a mark with it.
			return cty.UnknownVal(cty.Bool), nil
		}
		return cty.False, nil
	},
})

// ephemeralAsNull puts nulls in the place of ephemeral parts.
var ephemeralAsNull = function.New(&function.Spec{
	Params: anything,
	Type:   typeOfFirst,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		return cty.Transform(args[0], func(_ cty.Path, v cty.Value) (cty.Value, error) {
			if !v.HasMark(Ephemeral) {
				return v, nil
			}
			v, marks := v.Unmark()
			delete(marks, Ephemeral)
			return cty.NullVal(v.Type()).WithMarks(marks), nil
		})
	},
})
