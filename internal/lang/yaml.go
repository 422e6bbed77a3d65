package lang

import (
	"fmt"

	ctyyaml "github.com/zclconf/go-cty-yaml"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// maxYAML is how many elements yamldecode returns, those inside of others included. A
// document of a few lines can have more than any memory holds: an alias stands for all
// that its anchor has, aliases included.
const maxYAML = 1_000_000

// yamlDecode is the library's, with a bound on aliases.
var yamlDecode = function.New(&function.Spec{
	Description: ctyyaml.YAMLDecodeFunc.Description(),
	Params:      ctyyaml.YAMLDecodeFunc.Params(),
	Type: func(args []cty.Value) (cty.Type, error) {
		ty, err := ctyyaml.YAMLDecodeFunc.ReturnTypeForValues(args)
		if err == nil && spread(ty, maxYAML) > maxYAML {
			return cty.NilType, function.NewArgError(0, fmt.Errorf("has more than %d elements once its aliases are written out, and they would fill the memory. "+
				"Write out fewer of them", maxYAML))
		}
		return ty, err
	},
	Impl: func(args []cty.Value, ty cty.Type) (cty.Value, error) {
		return ctyyaml.Standard.Unmarshal([]byte(args[0].AsString()), ty)
	},
})

// spread is how many elements a value of type ty has, counted no further than just
// above most. Types of YAML are objects, tuples and primitives.
func spread(ty cty.Type, most int) int {
	n := 1
	switch {
	case ty.IsObjectType():
		for _, a := range ty.AttributeTypes() {
			if n += spread(a, most-n); n > most {
				break
			}
		}
	case ty.IsTupleType():
		for _, e := range ty.TupleElementTypes() {
			if n += spread(e, most-n); n > most {
				break
			}
		}
	}
	return n
}
