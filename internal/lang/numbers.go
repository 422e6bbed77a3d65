package lang

import (
	"errors"
	"fmt"
	"math"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// before returns f behind a check of its arguments, which are known and have
// no marks.
func before(f function.Function, check func(args []cty.Value) error) function.Function {
	return function.New(&function.Spec{
		Description: f.Description(),
		Params:      f.Params(),
		VarParam:    f.VarParam(),
		Type:        f.ReturnTypeForValues,

		RefineResult: notNull,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if err := check(args); err != nil {
				return cty.NilVal, err
			}
			return f.Call(args)
		},
	})
}

func floats(args []cty.Value) (a, b float64) {
	a, _ = args[0].AsBigFloat().Float64()
	b, _ = args[1].AsBigFloat().Float64()
	return a, b
}

// Results that are no numbers would make the library panic.
var (
	logarithm = before(stdlib.LogFunc, func(args []cty.Value) error {
		if n, base := floats(args); math.IsNaN(math.Log(n) / math.Log(base)) {
			return fmt.Errorf("there is no logarithm of %v to the base %v", n, base)
		}
		return nil
	})
	power = before(stdlib.PowFunc, func(args []cty.Value) error {
		if n, exp := floats(args); math.IsNaN(math.Pow(n, exp)) {
			return fmt.Errorf("%v to the power of %v is not a number", n, exp)
		}
		return nil
	})
)

// merge refuses a value that has no attributes before the library stumbles over
// it.
var merge = function.New(&function.Spec{
	VarParam: stdlib.MergeFunc.VarParam(),
	Type: func(args []cty.Value) (cty.Type, error) {
		for _, arg := range args {
			if ty := arg.Type(); !ty.IsObjectType() && !ty.IsMapType() && ty != cty.DynamicPseudoType {
				return cty.NilType, fmt.Errorf("arguments must be maps or objects, got %q", ty.FriendlyName())
			}
		}
		return stdlib.MergeFunc.ReturnTypeForValues(args)
	},
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return stdlib.MergeFunc.Call(args) },
})

// contains refuses a null, which is equal to nothing.
var contains = function.New(&function.Spec{
	Params: []function.Parameter{
		{Name: "list", Type: cty.DynamicPseudoType},
		{Name: "value", Type: cty.DynamicPseudoType},
	},
	Type: func(args []cty.Value) (cty.Type, error) {
		if ty := args[0].Type(); ty != cty.DynamicPseudoType && !ty.IsListType() && !ty.IsTupleType() && !ty.IsSetType() {
			return cty.NilType, errors.New("argument must be list, tuple, or set")
		}
		return cty.Bool, nil
	},
	RefineResult: notNull,
	Impl:         func(args []cty.Value, _ cty.Type) (cty.Value, error) { return stdlib.ContainsFunc.Call(args) },
})
