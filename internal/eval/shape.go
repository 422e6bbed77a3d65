package eval

import (
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// shape is a schema made ready for evaluation: types, which are costly to
// build, are built once.
type shape struct {
	attrs     []member
	index     map[string]int
	typ       cty.Type // an object of the attributes that may be written
	sensitive bool     // something in it is
}

// member is one attribute of a shape.
type member struct {
	*schema.Attr
	typ   cty.Type
	shape *shape // of a nested object, or of the objects of a list; else nil
}

func shapeOf(attrs []schema.Attr) *shape {
	s := &shape{index: make(map[string]int, len(attrs)), attrs: make([]member, len(attrs))}
	types := make(map[string]cty.Type, len(attrs))
	for i := range attrs {
		m := member{Attr: &attrs[i], typ: attrs[i].CtyType()}
		if m.Nested != nil {
			m.shape = shapeOf(m.Nested)
		}
		s.sensitive = s.sensitive || m.secret()
		s.attrs[i], s.index[m.Name] = m, i
		if !m.Computed {
			types[m.Name] = m.typ
		}
	}
	s.typ = cty.Object(types)
	return s
}

func (s *shape) member(name string) (*member, bool) {
	i, ok := s.index[name]
	if !ok {
		return nil, false
	}
	return &s.attrs[i], true
}

// writable returns the names of the attributes that may be written.
func (s *shape) writable() []string {
	var names []string
	for i := range s.attrs {
		if !s.attrs[i].Computed {
			names = append(names, s.attrs[i].Name)
		}
	}
	return names
}

// called returns the name of the attribute that people call name, or "".
func (s *shape) called(name string) string {
	for i := range s.attrs {
		if slices.Contains(s.attrs[i].Called, name) {
			return s.attrs[i].Name
		}
	}
	return ""
}

// mark marks the attributes that are sensitive by schema in an object of this
// shape.
func (s *shape) mark(v cty.Value) cty.Value {
	if !s.sensitive || v.IsNull() || !v.IsKnown() || !v.Type().IsObjectType() {
		return v
	}
	v, marks := v.Unmark()
	if s.marked(v) {
		return v.WithMarks(marks)
	}
	attrs := make(map[string]cty.Value, len(s.attrs))
	for name := range v.Type().AttributeTypes() {
		attrs[name] = v.GetAttr(name)
		if i, ok := s.index[name]; ok {
			attrs[name] = s.attrs[i].mark(attrs[name])
		}
	}
	return cty.ObjectVal(attrs).WithMarks(marks)
}

// marked reports whether nothing in an object is left to mark, as is usual for
// an object made of marked values.
func (s *shape) marked(v cty.Value) bool {
	for i := range s.attrs {
		if m := &s.attrs[i]; m.secret() && !m.marked(schema.Member(v, m.Name)) {
			return false
		}
	}
	return true
}

// secret reports whether the attribute, or something in it, is sensitive.
func (m *member) secret() bool { return m.Sensitive || m.shape != nil && m.shape.sensitive }

func (m *member) marked(v cty.Value) bool {
	if m.Sensitive {
		return v.HasMark(Sensitive)
	}
	v, _ = v.Unmark()
	return v.IsNull() || !v.IsKnown() || m.List && v.LengthInt() == 0
}

func (m *member) mark(v cty.Value) cty.Value {
	switch {
	case m.Sensitive:
		return v.Mark(Sensitive)
	case !m.secret() || v.IsNull() || !v.IsKnown():
		return v
	case !m.List:
		return m.shape.mark(v)
	}
	v, marks := v.Unmark()
	if !v.CanIterateElements() || v.LengthInt() == 0 {
		return v.WithMarks(marks)
	}
	elements := v.AsValueSlice()
	for i := range elements {
		elements[i] = m.shape.mark(elements[i])
	}
	return listOf(elements).WithMarks(marks)
}

// listOf returns a list, or a tuple where the API takes more than one form of
// something in the elements and these differ in it.
func listOf(elements []cty.Value) cty.Value {
	for _, e := range elements[1:] {
		if !e.Type().Equals(elements[0].Type()) {
			return cty.TupleVal(elements)
		}
	}
	return cty.ListVal(elements)
}
