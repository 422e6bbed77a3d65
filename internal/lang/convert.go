package lang

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"kiraform/internal/typed"
)

// toCollection is tolist, toset or tomap, in time that grows with the size of its
// argument.
func toCollection(want cty.Type) function.Function {
	whole := conversion(want)
	return function.New(&function.Spec{
		Description: whole.Description(),
		Params:      whole.Params(),
		Type: func(args []cty.Value) (cty.Type, error) {
			if _, ok := typed.Parts(args[0], want); ok {
				return want, nil
			}
			return whole.ReturnTypeForValues(args)
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if out, ok := typed.Parts(args[0], want); ok {
				return out, nil
			}
			return whole.Call(args)
		},
	})
}
