package kinds

import (
	"reflect"
	"testing"

	"github.com/zclconf/go-cty/cty"
)

// A gate reads no attribute that rows lack, but for those that it names: the judgement
// is the same without the others.
func TestGatesNameTheAttributesThatTheyRead(t *testing.T) {
	missing := cty.ObjectVal(map[string]cty.Value{
		"status": cty.StringVal("VERIFIED"), "eligible_products": cty.EmptyTupleVal,
		"missing_fields": cty.MapVal(map[string]cty.Value{"usa-virtual-accounts": cty.ListVal([]cty.Value{cty.StringVal("gender")}),
			"usa-virtual-accounts-act": cty.ListVal([]cty.Value{cty.StringVal("phone")})}),
	})
	user := cty.ObjectVal(map[string]cty.Value{"type": cty.StringVal("individual")})
	for _, k := range All {
		for _, g := range k.Schema.Gates {
			other, _ := ByName(g.Kind)
			if g.Lacks == nil {
				continue
			}
			for _, bank := range []string{"austin_capital_trust", "slovak_savings_bank", "portage", "a_new_bank"} {
				want := cty.ObjectVal(map[string]cty.Value{"bank": cty.StringVal(bank)})
				row := missing.AsValueMap()
				for _, name := range other.RowLacks {
					row[name] = cty.NullVal(missing.GetAttr(name).Type())
				}
				for _, name := range g.Reads(want) {
					if _, ok := other.Schema.Attr(name); !ok {
						t.Errorf("a %s has no attribute %s", g.Kind, name)
					}
					row[name] = missing.GetAttr(name)
				}
				if whole, part := g.Lacks(want, user, missing), g.Lacks(want, user, cty.ObjectVal(row)); !reflect.DeepEqual(whole, part) {
					t.Errorf("%s at %s: %v, and by %v %v", k.Schema.Name, bank, whole, g.Reads(want), part)
				}
			}
		}
	}
}
