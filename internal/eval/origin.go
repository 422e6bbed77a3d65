package eval

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
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
	for name, x := range attrs {
		attrs[name] = tracedAttr(name, x, a, from)
	}
	return cty.ObjectVal(attrs).WithMarks(marks)
}

// tracedAttr is traced for one attribute.
func tracedAttr(name string, x cty.Value, a addr.Resource, from map[string][]addr.Resource) cty.Value {
	if a.Data || x.IsKnown() {
		return x
	}
	if name == "id" {
		x = x.Mark(origin{a})
	}
	for _, of := range from[name] {
		x = x.Mark(origin{of})
	}
	return x
}

// untraced takes the origins, and the marks of numbers, out of those attributes of
// an object that are written. It returns, by attribute, the resources whose ids went
// into its value, each list sorted. Few attributes have any, and the others stay as
// they are.
func untraced(attrs map[string]cty.Value, written map[string]*hcl.Attribute) (from map[string][]addr.Resource) {
	for name := range written {
		a, ok := attrs[name]
		if !ok || !traces(a) {
			continue
		}
		bare, of := untracedAttr(a)
		attrs[name] = bare
		if len(of) == 0 {
			continue
		}
		if from == nil {
			from = make(map[string][]addr.Resource)
		}
		slices.SortFunc(of, addr.Resource.Compare)
		from[name] = slices.Compact(of)
	}
	return from
}

// marked returns the names of those attributes that are marked, or have something in
// them that is. An attribute that is not written is null.
func marked(attrs map[string]cty.Value, written map[string]*hcl.Attribute) (names []string) {
	for name := range written {
		a, ok := attrs[name]
		if ok && (a.IsMarked() || !a.Type().IsPrimitiveType() && a.ContainsMarked()) {
			names = append(names, name)
		}
	}
	return names
}

// traces reports whether an attribute may have marks that untraced takes out.
func traces(v cty.Value) bool {
	switch {
	case !v.Type().IsPrimitiveType():
		return v.ContainsMarked() && tracesWithin(v)
	case v.IsMarked():
		for mark := range v.Marks() {
			if isTrace(mark) {
				return true
			}
		}
	}
	return false
}

// tracesWithin is traces for a value that has others in it.
func tracesWithin(v cty.Value) (found bool) {
	_ = cty.Walk(v, func(_ cty.Path, v cty.Value) (bool, error) {
		for mark := range v.Marks() {
			found = found || isTrace(mark) || mark == lang.Ephemeral
		}
		return !found, nil
	})
	return found
}

func isTrace(mark any) bool {
	switch mark.(type) {
	case digits, origin:
		return true
	}
	return false
}

func untracedAttr(v cty.Value) (cty.Value, []addr.Resource) {
	v, all := v.UnmarkDeepWithPaths()
	var from []addr.Resource
	kept := all[:0]
	for _, at := range all {
		for mark := range at.Marks {
			if o, ok := mark.(origin); ok {
				from = append(from, o.addr)
			}
			if isTrace(mark) {
				delete(at.Marks, mark)
			}
			if mark == lang.Ephemeral { // a resource keeps no more than a fingerprint of a sensitive value
				delete(at.Marks, mark)
				at.Marks[Sensitive] = struct{}{}
			}
		}
		if len(at.Marks) > 0 {
			kept = append(kept, at)
		}
	}
	if len(kept) > 0 {
		v = v.MarkWithPaths(kept)
	}
	return v, from
}
