package lang

import (
	"errors"
	"fmt"
	"slices"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

var (
	allTrue = quantifier(cty.False, cty.True)
	anyTrue = quantifier(cty.True, cty.False)
)

// quantifier returns a function over a list of booleans whose result is
// decided by the first element equal to decisive, and is otherwise if there is
// none. Nulls count as false.
func quantifier(decisive, otherwise cty.Value) function.Function {
	list := function.Parameter{Name: "list", Type: cty.List(cty.Bool)}
	return unary(list, cty.Bool, func(v cty.Value) (cty.Value, error) {
		result := otherwise
		for _, e := range v.AsValueSlice() {
			switch {
			case !e.IsKnown():
				result = cty.UnknownVal(cty.Bool)
			case e.IsNull() && decisive.False(), !e.IsNull() && e.Equals(decisive).True():
				return decisive, nil
			}
		}
		return result, nil
	})
}

var length = function.New(&function.Spec{
	Params: []function.Parameter{{
		Name: "value", Type: cty.DynamicPseudoType, AllowUnknown: true, AllowDynamicType: true, AllowMarked: true,
	}},
	Type: func(args []cty.Value) (cty.Type, error) {
		ty := args[0].Type()
		if ty == cty.String || ty.IsCollectionType() || ty.IsTupleType() || ty.IsObjectType() || ty == cty.DynamicPseudoType {
			return cty.Number, nil
		}
		return cty.NilType, errors.New("argument must be a string, a collection, an object or a tuple")
	},
	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		v, marks := args[0].Unmark()
		some := cty.UnknownVal(cty.Number).Refine().NotNull().NumberRangeLowerBound(cty.Zero, true).NewValue()
		switch ty := v.Type(); {
		case ty == cty.DynamicPseudoType:
			return some.WithMarks(marks), nil
		case ty.IsObjectType():
			return cty.NumberIntVal(int64(len(ty.AttributeTypes()))).WithMarks(marks), nil
		case ty == cty.String && !v.IsKnown():
			return some.WithMarks(marks), nil
		case ty == cty.String:
			n, err := stdlib.Strlen(v)
			return n.WithMarks(marks), err
		}
		return v.Length().WithMarks(marks), nil
	},
})

// index returns the place of a value in a list.
var index = function.New(&function.Spec{
	Params: []function.Parameter{
		{Name: "list", Type: cty.DynamicPseudoType},
		{Name: "value", Type: cty.DynamicPseudoType},
	},
	Type:         function.StaticReturnType(cty.Number),
	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		if ty := args[0].Type(); !ty.IsListType() && !ty.IsTupleType() {
			return cty.NilVal, function.NewArgErrorf(0, "must be a list")
		}
		for i, e := range args[0].AsValueSlice() {
			eq, err := stdlib.Equal(e, args[1])
			if err != nil {
				continue // another type, so not equal
			}
			if !eq.IsKnown() {
				return cty.UnknownVal(cty.Number), nil
			}
			if eq.True() {
				return cty.NumberIntVal(int64(i)), nil
			}
		}
		return cty.NilVal, errors.New("the list does not contain the value")
	},
})

// one turns a list of none or one into null or the element.
var one = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}},
	Type: func(args []cty.Value) (cty.Type, error) {
		switch ty := args[0].Type(); {
		case ty.IsListType(), ty.IsSetType():
			return ty.ElementType(), nil
		case ty.IsTupleType() && ty.Length() == 0:
			return cty.DynamicPseudoType, nil
		case ty.IsTupleType() && ty.Length() == 1:
			return ty.TupleElementType(0), nil
		}
		return cty.NilType, errors.New("must be a list, set or tuple with none or one element")
	},
	Impl: func(args []cty.Value, result cty.Type) (cty.Value, error) {
		switch elements := args[0].AsValueSlice(); {
		case args[0].Type().IsSetType() && !args[0].Length().IsKnown():
			return cty.UnknownVal(result), nil
		case len(elements) == 0:
			return cty.NullVal(result), nil
		case len(elements) == 1:
			return elements[0], nil
		}
		return cty.NilVal, errors.New("must be a list, set or tuple with none or one element")
	},
})

var sum = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}},
	Type:   function.StaticReturnType(cty.Number),

	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		ty := args[0].Type()
		if !ty.IsListType() && !ty.IsTupleType() && !ty.IsSetType() || args[0].LengthInt() == 0 {
			return cty.NilVal, function.NewArgErrorf(0, "must be a list of at least one number")
		}
		total := cty.Zero
		for _, e := range args[0].AsValueSlice() {
			n, err := convert.Convert(e, cty.Number)
			if err != nil || n.IsNull() {
				return cty.NilVal, function.NewArgErrorf(0, "must hold numbers only")
			}
			total = total.Add(n)
		}
		return total, nil
	},
})

// matchKeys picks the values whose key, at the same place, is searched for.
var matchKeys = function.New(&function.Spec{
	Params: []function.Parameter{
		{Name: "values", Type: cty.List(cty.DynamicPseudoType)},
		{Name: "keys", Type: cty.List(cty.DynamicPseudoType)},
		{Name: "searchset", Type: cty.List(cty.DynamicPseudoType)},
	},
	Type: func(args []cty.Value) (cty.Type, error) {
		if _, err := unified(args[1:]); err != nil {
			return cty.NilType, errors.New("keys and searchset must be of the same type")
		}
		return args[0].Type(), nil
	},
	RefineResult: notNull,
	Impl: func(args []cty.Value, result cty.Type) (cty.Value, error) {
		values := args[0].AsValueSlice()
		if n := args[1].LengthInt(); len(values) != n {
			return cty.NilVal, fmt.Errorf("there are %d values but %d keys", len(values), n)
		}
		if !args[1].IsWhollyKnown() || !args[2].IsWhollyKnown() {
			return cty.UnknownVal(result), nil
		}
		ty, err := unified(args[1:]) // a number and its text are one key
		if err != nil {
			return cty.NilVal, err
		}
		keys, err := converted(args[1], ty)
		if err != nil {
			return cty.NilVal, err
		}
		search, err := converted(args[2], ty)
		if err != nil {
			return cty.NilVal, err
		}
		var picked []cty.Value
		for i, k := range keys.AsValueSlice() {
			if slices.ContainsFunc(search.AsValueSlice(), k.RawEquals) {
				picked = append(picked, values[i])
			}
		}
		if len(picked) == 0 {
			return cty.ListValEmpty(result.ElementType()), nil
		}
		return cty.ListVal(picked), nil
	},
})

// transpose turns a map of lists around.
var transpose = unary(function.Parameter{Name: "values", Type: cty.Map(cty.List(cty.String))},
	cty.Map(cty.List(cty.String)), func(v cty.Value) (cty.Value, error) {
		if !v.IsWhollyKnown() {
			return cty.UnknownVal(v.Type()), nil
		}
		out := make(map[string][]cty.Value)
		for it := v.ElementIterator(); it.Next(); { // in the order of keys
			k, list := it.Element()
			if list.IsNull() {
				return cty.NilVal, errors.New("the map must not hold a null in place of a list")
			}
			for _, e := range list.AsValueSlice() {
				if e.IsNull() {
					return cty.NilVal, errors.New("the lists must not hold nulls")
				}
				out[e.AsString()] = append(out[e.AsString()], k)
			}
		}
		if len(out) == 0 {
			return cty.MapValEmpty(cty.List(cty.String)), nil
		}
		lists := make(map[string]cty.Value, len(out))
		for k, l := range out {
			lists[k] = cty.ListVal(l)
		}
		return cty.MapVal(lists), nil
	})

// unified returns the type that all of vs can be converted to.
func unified(vs []cty.Value) (cty.Type, error) {
	types := make([]cty.Type, len(vs))
	for i, v := range vs {
		types[i] = v.Type()
	}
	ty, _ := convert.UnifyUnsafe(types)
	if ty == cty.NilType {
		return cty.NilType, errors.New("all arguments must have the same type")
	}
	return ty, nil
}

func converted(v cty.Value, ty cty.Type) (cty.Value, error) {
	out, err := convert.Convert(v, ty)
	if err != nil {
		return cty.NullVal(ty), err
	}
	return out, nil
}
