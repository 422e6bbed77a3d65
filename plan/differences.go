package plan

import (
	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
	"kiraform/state"
)

// Drifts returns where Kira does not show what was sent last, in the order of
// the schema.
func Drifts(k *schema.Kind, key state.Key, have state.Object) []Reason {
	d := differ{kind: k, key: key, variant: k.VariantOf(have.Sent)}
	d.object(nil, k.Attrs, have.Sent, have.Sent, have.Seen, schema.Echoed)
	return d.reasons
}

// Differences returns where have is not, or may not be, what is wanted and can
// be changed, in the order of the schema.
func Differences(k *schema.Kind, key state.Key, want cty.Value, have state.Object) (at []cty.Path) {
	d := differ{kind: k, key: key, variant: k.VariantOf(want), imported: have.Sent == cty.NilVal}
	d.object(nil, k.Attrs, want, have.Sent, have.Seen, schema.Echoed)
	for _, r := range d.reasons {
		if !r.Fixed {
			at = append(at, r.Path)
		}
	}
	return at
}
