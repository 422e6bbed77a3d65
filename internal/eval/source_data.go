package eval

import (
	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/addr"
)

// data adds the values that t refers to in a data source, which may have changed at
// Kira: of each instance in each instance of the module, since it cannot always be told
// which one is meant, and of the attribute that t names, if it names one.
func (f *follower) data(m *module, t hcl.Traversal) {
	if f.values == nil || len(t) < 3 {
		return
	}
	kind, isKind := t[1].(hcl.TraverseAttr)
	name, isName := t[2].(hcl.TraverseAttr)
	if !isKind || !isName {
		return
	}
	b := f.in.p.blocks[addr.Resource{Module: m.path, Data: true, Kind: kind.Name, Name: name.Name}]
	if b == nil || b.shape == nil {
		return
	}
	attr := attributeOf(t[3:])
	for _, a := range f.values.of(b.addr).instances {
		v, known := f.values.Get(a)
		if !known || v.IsNull() || !v.IsKnown() {
			continue
		}
		v, path := b.shape.mark(v), a.String()
		if bare, marks := v.Unmark(); attr != "" && bare.Type().IsObjectType() && bare.Type().HasAttribute(attr) {
			v, path = bare.GetAttr(attr).WithMarks(marks), path+"."+attr
		}
		if v.IsWhollyKnown() {
			f.written.Data[path] = v
		}
	}
}

// attributeOf is the attribute that a reference names behind the name of a block, "" if
// it names none.
func attributeOf(rest hcl.Traversal) string {
	if len(rest) > 0 {
		if _, keyed := rest[0].(hcl.TraverseIndex); keyed {
			rest = rest[1:]
		}
	}
	if len(rest) > 0 {
		if s, ok := rest[0].(hcl.TraverseAttr); ok {
			return s.Name
		}
	}
	return ""
}
