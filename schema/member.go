package schema

import "github.com/zclconf/go-cty/cty"

// Member returns the member of an object or map called name, or null if v has
// none or is none itself: absent and null mean the same everywhere in a
// resource. The member of an unknown value is unknown; marks of v pass to it.
func Member(v cty.Value, name string) cty.Value {
	if v == cty.NilVal {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	v, marks := v.Unmark()
	switch t := v.Type(); {
	case v.IsNull():
	case t.IsObjectType() && t.HasAttribute(name):
		return v.GetAttr(name).WithMarks(marks)
	case t.IsObjectType():
	case !v.IsKnown():
		return cty.DynamicVal.WithMarks(marks)
	case t.IsMapType() && v.HasIndex(cty.StringVal(name)).True():
		return v.Index(cty.StringVal(name)).WithMarks(marks)
	}
	return cty.NullVal(cty.DynamicPseudoType)
}
