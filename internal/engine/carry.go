package engine

import (
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// carry returns what Kira shows now, with what it did not show taken from
// before: attributes that are shown only in the answer to the create request,
// and those that are named.
func carry(k *schema.Kind, now, before cty.Value, names ...string) cty.Value {
	if before == cty.NilVal {
		return now
	}
	attrs := now.AsValueMap()
	for i := range k.Attrs {
		a := &k.Attrs[i]
		kept := a.Class == schema.WriteOnce || slices.Contains(names, a.Name)
		if !kept || !schema.Member(now, a.Name).IsNull() {
			continue
		}
		if was := schema.Member(before, a.Name); !was.IsNull() {
			attrs[a.Name] = was
		}
	}
	return cty.ObjectVal(attrs)
}
