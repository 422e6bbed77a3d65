package eval

import (
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/lang"
)

// origin marks an id that is not known yet with the resource that it will be
// of, so that a plan can name the object which is waited for. It is for words
// alone: once the id is known, the id says which object is meant.
type origin struct{ addr addr.Resource }

// traced marks the id of an instance, and the attributes that were made of
// other ids, as far as they are not known.
func traced(v cty.Value, a addr.Resource, from map[string][]addr.Resource) cty.Value {
	if a.Data || v.IsNull() || !v.IsKnown() || !v.Type().IsObjectType() || !v.Type().HasAttribute("id") {
		return v
	}
	v, marks := v.Unmark()
	if v.GetAttr("id").IsKnown() && len(from) == 0 {
		return v.WithMarks(marks)
	}
	attrs := v.AsValueMap()
	mark := func(name string, of addr.Resource) {
		if x, ok := attrs[name]; ok && !x.IsKnown() {
			attrs[name] = x.Mark(origin{of})
		}
	}
	mark("id", a)
	for name, all := range from {
		for _, of := range all {
			mark(name, of)
		}
	}
	return cty.ObjectVal(attrs).WithMarks(marks)
}

// untraced takes the origins, and the marks of numbers, out of v. It returns, by the attribute of v, the
// resources whose ids went into its value, each list sorted.
func untraced(v cty.Value) (cty.Value, map[string][]addr.Resource) {
	v, all := v.UnmarkDeepWithPaths()
	var from map[string][]addr.Resource
	kept := all[:0]
	for _, at := range all {
		for mark := range at.Marks {
			if _, ok := mark.(digits); ok {
				delete(at.Marks, mark)
			}
			if mark == lang.Ephemeral { // a resource keeps no more than a fingerprint of what is sensitive
				delete(at.Marks, mark)
				at.Marks[Sensitive] = struct{}{}
			}
			o, ok := mark.(origin)
			if !ok {
				continue
			}
			delete(at.Marks, mark)
			if len(at.Path) == 0 {
				continue
			}
			if from == nil {
				from = make(map[string][]addr.Resource)
			}
			if name, ok := at.Path[0].(cty.GetAttrStep); ok {
				from[name.Name] = append(from[name.Name], o.addr)
			}
		}
		if len(at.Marks) > 0 {
			kept = append(kept, at)
		}
	}
	for name, addrs := range from {
		slices.SortFunc(addrs, addr.Resource.Compare)
		from[name] = slices.Compact(addrs)
	}
	if len(kept) > 0 {
		v = v.MarkWithPaths(kept)
	}
	return v, from
}
