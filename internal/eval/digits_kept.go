package eval

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/diag"
)

// unkept reports the numbers in v, which is sent as it is written, that do not stay
// as they are written: as numbers, or as a part of a text.
func unkept(v cty.Value, name string) hcl.Diagnostics {
	return misread(v, func(d digits, _ cty.Path, leaf cty.Value) *hcl.Diagnostic {
		if leaf.Type() != cty.String && d.why != zeroInFront && d.why != tooManyDigits {
			return nil
		}
		return diag.Error("digits-lost", &d.rng, "A number that may be a text",
			"%s is sent as it is written, and as a number %s. Put it in quotes, digit for digit.", name, d.why)
	})
}

// lostKeys reports the numbers that are keys of a for_each, or parts of them, with
// other digits than in the file. A map, or a set of texts, has the marks of its keys.
func lostKeys(v cty.Value) (diags hcl.Diagnostics) {
	bare, marks := v.Unmark()
	if !bare.IsKnown() || bare.IsNull() || !bare.CanIterateElements() {
		return nil
	}
	for mark := range marks {
		if d, ok := mark.(digits); ok && d.names(bare) {
			diags = append(diags, diag.Error("digits-lost", &d.rng, "A number where a text belongs",
				"The keys of a for_each are texts, and as a number %s. Put it in quotes, digit for digit.", d.why))
		}
	}
	return diags
}

// names reports whether a key of v, which is a map or a set, is the number.
func (d digits) names(v cty.Value) bool {
	for it := v.ElementIterator(); it.Next(); {
		key, e := it.Element()
		if v.Type().IsSetType() {
			key, _ = e.Unmark()
		}
		if key.Type() == cty.String && key.IsKnown() && !key.IsNull() && (key.AsString() == d.is || d.spoils(key)) {
			return true
		}
	}
	return false
}
