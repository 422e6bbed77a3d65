package schema

import "github.com/zclconf/go-cty/cty"

// Share returns v with the very type t if it is of that type: cty makes a type for each
// object, which takes as much memory as its value, and ten thousand objects of a kind
// can have one.
func Share(v cty.Value, t cty.Type) cty.Value {
	if v.IsMarked() || !v.Type().Equals(t) {
		return v
	}
	return cty.ListVal([]cty.Value{cty.NullVal(t), v}).AsValueSlice()[1]
}
