package schema

import "github.com/zclconf/go-cty/cty"

// Member returns the member of an object or map called name, or null if v has
// none or is none itself: absent and null mean the same everywhere in a
// resource. The member of an unknown value is unknown; marks of v pass to it.
// Name is of the schema or of a value, and so normalised as cty's names are.
func Member(v cty.Value, name string) cty.Value {
	if v == cty.NilVal {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	v, marks := v.Unmark()
	switch t := v.Type(); {
	case v.IsNull():
	case t.IsObjectType():
		if _, ok := t.AttributeTypes()[name]; !ok { // HasAttribute would normalise the name each time
			break
		}
		v = v.GetAttr(name)
		if len(marks) > 0 {
			v = v.WithMarks(marks)
		}
		return v
	case !v.IsKnown():
		return cty.DynamicVal.WithMarks(marks)
	case t.IsMapType() && v.HasIndex(cty.StringVal(name)).True():
		return v.Index(cty.StringVal(name)).WithMarks(marks)
	}
	return cty.NullVal(cty.DynamicPseudoType)
}

// IsNull reports whether v is null, marked or not.
func IsNull(v cty.Value) bool {
	v, _ = v.Unmark()
	return v.IsNull()
}

// Text returns v if it is a text that is known, marked or not, and else "".
func Text(v cty.Value) string {
	v, _ = v.Unmark()
	if v == cty.NilVal || v.IsNull() || !v.IsKnown() || v.Type() != cty.String {
		return ""
	}
	return v.AsString()
}
