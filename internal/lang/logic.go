package lang

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// The library takes null for false in && and ||, as Terraform does not: there
// null is a mistake wherever the other operand does not decide alone.
func init() {
	refuseNull(hclsyntax.OpLogicalAnd, cty.False)
	refuseNull(hclsyntax.OpLogicalOr, cty.True)
}

// refuseNull makes a null operand of op a mistake, unless the other one decides.
func refuseNull(op *hclsyntax.Operation, decides cty.Value) {
	short := op.ShortCircuit
	op.ShortCircuit = func(lhs, rhs cty.Value, lhsDiags, rhsDiags hcl.Diagnostics) (cty.Value, hcl.Diagnostics) {
		switch {
		case !lhs.IsNull() && !rhs.IsNull():
			return short(lhs, rhs, lhsDiags, rhsDiags)
		case lhs.RawEquals(decides):
			return decides, lhsDiags
		case rhs.RawEquals(decides):
			return decides, rhsDiags
		}
		return cty.NilVal, nil // the operation itself refuses null
	}
}
