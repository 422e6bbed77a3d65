package eval

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/diag"
)

// infinite reports whether v is, or has in it, a number without end, such as
// a division by zero makes. No file and no request can hold one.
func infinite(v cty.Value) bool {
	bare, _ := v.Unmark()
	switch {
	case bare.IsNull() || !bare.IsKnown():
		return false
	case bare.Type() == cty.Number:
		return bare.AsBigFloat().IsInf()
	case !bare.CanIterateElements():
		return false
	}
	for it := bare.ElementIterator(); it.Next(); {
		if _, e := it.Element(); infinite(e) {
			return true
		}
	}
	return false
}

// infinity reports an expression whose value is infinite.
func (s *scope) infinity(e hcl.Expression) *hcl.Diagnostic {
	d := diag.Error("infinite-number", e.Range().Ptr(), "Infinite number",
		"A number here is infinite, and such a number can be neither kept nor sent. Is something divided by zero?")
	d.Expression, d.EvalContext = e, s.ctx
	return d
}
