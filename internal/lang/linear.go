package lang

import (
	"errors"
	"fmt"
	"slices"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"kiraform/internal/typed"
)

// linear returns f with parameters that take collections of any form, and convert them
// in time that grows with their size: who calls a function would convert them in time
// that grows with its square. See [typed.Convert].
func linear(f function.Function) function.Function {
	params, rest := f.Params(), f.VarParam()
	all := slices.Clone(params)
	if rest != nil {
		all = append(all, *rest)
	}
	if !slices.ContainsFunc(all, func(p function.Parameter) bool { return p.Type.IsCollectionType() }) {
		return f
	}
	return function.New(&function.Spec{
		Description: f.Description(),
		Params:      opened(params...), VarParam: openedRest(rest),
		Type: func(args []cty.Value) (cty.Type, error) {
			given, err := fitted(args, params, rest)
			if err != nil {
				return cty.NilType, err
			}
			return f.ReturnTypeForValues(given)
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			given, err := fitted(args, params, rest)
			if err != nil {
				return cty.NilVal, err
			}
			v, err := f.Call(given)
			if broke, ok := errors.AsType[function.PanicError](err); ok { // such as over a null in a list
				err = fmt.Errorf("%v", broke.Value)
			}
			return v, err
		},
	})
}

// opened returns parameters that leave all there is to refuse to the function itself.
func opened(params ...function.Parameter) (all []function.Parameter) {
	for _, p := range params {
		p.AllowNull, p.AllowUnknown, p.AllowDynamicType, p.AllowMarked = true, true, true, true
		if p.Type.IsCollectionType() {
			p.Type = cty.DynamicPseudoType
		}
		all = append(all, p)
	}
	return all
}

func openedRest(rest *function.Parameter) *function.Parameter {
	if rest == nil {
		return nil
	}
	return &opened(*rest)[0]
}

// fitted returns arguments as the parameters want them.
func fitted(args []cty.Value, params []function.Parameter, rest *function.Parameter) ([]cty.Value, error) {
	given := slices.Clone(args)
	for i, v := range args {
		p := rest
		if i < len(params) {
			p = &params[i]
		}
		if !p.Type.IsCollectionType() {
			continue
		}
		var err error
		if given[i], err = typed.Convert(v, p.Type); err != nil {
			return nil, function.NewArgError(i, err)
		}
	}
	return given, nil
}

// distinct returns the elements of a list without those that were there before.
var distinct = function.New(&function.Spec{
	Description:  stdlib.DistinctFunc.Description(),
	Params:       stdlib.DistinctFunc.Params(),
	Type:         stdlib.DistinctFunc.ReturnTypeForValues,
	RefineResult: notNull,
	Impl: func(args []cty.Value, result cty.Type) (cty.Value, error) {
		if !args[0].IsWhollyKnown() {
			return cty.UnknownVal(result), nil
		}
		var once []cty.Value
		had := make(map[int][]cty.Value)
		for _, v := range args[0].AsValueSlice() {
			h := v.Hash()
			if slices.ContainsFunc(had[h], v.RawEquals) {
				continue
			}
			had[h] = append(had[h], v)
			once = append(once, v)
		}
		if len(once) == 0 {
			return cty.ListValEmpty(result.ElementType()), nil
		}
		return cty.ListVal(once), nil
	},
})
