package lang

import (
	"fmt"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
)

// conversion returns the function that makes a value one of a type. A mark on
// a part of the value stays on that part.
func conversion(want cty.Type) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "v", Type: cty.DynamicPseudoType, AllowNull: true, AllowMarked: true, AllowDynamicType: true}},
		Type: func(args []cty.Value) (cty.Type, error) {
			have := args[0].Type()
			if have.Equals(want) {
				return want, nil
			}
			if convert.GetConversionUnsafe(have, want) == nil {
				return cty.NilType, function.NewArgErrorf(0, "cannot convert %s to %s", have.FriendlyName(), want.FriendlyNameForConstraint())
			}
			if want.HasDynamicTypes() { // the types of the elements decide
				v, err := convert.Convert(args[0], want)
				return v.Type(), argError(err)
			}
			return want, nil
		},
		Impl: func(args []cty.Value, result cty.Type) (cty.Value, error) {
			v, err := convert.Convert(args[0], result)
			if err != nil {
				return cty.NilVal, notConverted(args[0], want)
			}
			return v, nil
		},
	})
}

func argError(err error) error {
	if err == nil {
		return nil
	}
	return function.NewArgError(0, err)
}

// notConverted says which value is none of a type, unless it is a secret.
func notConverted(v cty.Value, want cty.Type) error {
	bare, marks := v.Unmark()
	switch {
	case want == cty.Number && bare.Type() == cty.String && !bare.IsNull() && len(marks) == 0:
		return function.NewArgErrorf(0, "cannot convert %q to number; given string must be a decimal representation of a number", bare.AsString())
	case want == cty.Bool && bare.Type() == cty.String && !bare.IsNull() && len(marks) == 0:
		return function.NewArgErrorf(0, "cannot convert %q to bool; only the strings \"true\" or \"false\" are allowed", bare.AsString())
	}
	return function.NewArgError(0, fmt.Errorf("cannot convert %s to %s", bare.Type().FriendlyName(), want.FriendlyNameForConstraint()))
}
