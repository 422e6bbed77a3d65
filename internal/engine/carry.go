package engine

import (
	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// carry returns what Kira shows now, with what it shows only in the answer to
// the create request taken from before.
func carry(k *schema.Kind, now, before cty.Value) cty.Value {
	if before == cty.NilVal {
		return now
	}
	attrs := now.AsValueMap()
	for i := range k.Attrs {
		a := &k.Attrs[i]
		if a.Class != schema.WriteOnce || !schema.Member(now, a.Name).IsNull() {
			continue
		}
		if was := schema.Member(before, a.Name); !was.IsNull() {
			attrs[a.Name] = was
		}
	}
	return cty.ObjectVal(attrs)
}
