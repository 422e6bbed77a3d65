package plan

import (
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
	"kiraform/state"
)

// derived takes out of d the differences that are only another way of writing:
// a fixed attribute is no change if it stands for the value that the object
// has, such as the bank of an account that was named by its provider. Nor is
// anything left behind by the way in which it is no longer written.
func (m *maker) derived(d *differ, k *schema.Kind, config cty.Value, have state.Object) {
	if k.Identity == nil || len(d.reasons) == 0 && len(d.dropped) == 0 {
		return
	}
	for path := range k.Identity.Derive {
		var ways []string // the attributes that it can be written in
		heard := func(s subject) subject {
			get := s.get
			s.get = func(name string) cty.Value {
				ways = append(ways, name)
				return get(name)
			}
			return s
		}
		if agreeAt(heard(m.written(k, config)), heard(m.living(k, have)), path) != equal {
			continue
		}
		one := func(at cty.Path) bool { return slices.Contains(ways, schema.PathString(at)) }
		d.reasons = slices.DeleteFunc(d.reasons, func(r Reason) bool { return r.Fixed && one(r.Path) })
		d.dropped = slices.DeleteFunc(d.dropped, func(x drop) bool { return one(x.path) })
	}
}
