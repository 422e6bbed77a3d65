package kinds_test

import (
	"github.com/zclconf/go-cty/cty"
)

// unsure returns v with each of its parts unknown in turn.
func unsure(v cty.Value) []cty.Value {
	var all []cty.Value
	cty.Walk(v, func(at cty.Path, part cty.Value) (bool, error) {
		if part.IsNull() {
			return false, nil
		}
		out, err := cty.Transform(v, func(p cty.Path, x cty.Value) (cty.Value, error) {
			if p.Equals(at) {
				return cty.UnknownVal(x.Type()), nil
			}
			return x, nil
		})
		if err != nil {
			panic(err)
		}
		all = append(all, out)
		return true, nil
	})
	return all
}

// marked returns v with a mark on each of its parts.
func marked(v cty.Value) cty.Value {
	out, err := cty.Transform(v, func(_ cty.Path, x cty.Value) (cty.Value, error) { return x.Mark("sensitive"), nil })
	if err != nil {
		panic(err)
	}
	return out
}
