package state

import (
	"iter"
	"maps"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// Seal returns the part that may be kept of v, an object with attributes of kind
// as they are written or as they are seen, that has the salt. Every leaf that is
// sensitive or can never be read, that is marked in any way, or that the schema
// does not know, becomes its fingerprint; one that is a fingerprint already stays.
// So does every leaf that is sealed in one of before: a value that was a secret
// once stays one, whether or not it is still written, and when Kira shows it.
//
// The result does not depend on how v is typed: lists, sets and tuples become
// tuples, maps and objects become objects, a null or unknown value loses its
// type, and an attribute of an object that is null is left out: most are. So Seal
// of equal values is equal, in the sense of [Sealed.Same]. A value that is not
// there at all, cty.NilVal, is a zero Sealed.
func (k Key) Seal(kind *schema.Kind, salt Salt, v cty.Value, before ...Sealed) Sealed {
	if v == cty.NilVal {
		return Sealed{}
	}
	top, marks := v.Unmark()
	s := sealer{key: k, salt: salt, variant: kind.VariantOf(top)}
	at := LeafPath(kind.Name)
	for _, b := range before {
		s.rememberAll(at, b)
	}
	whole := place{path: at, attrs: kind.Attrs, secret: len(marks) > 0}
	if !top.IsKnown() || top.IsNull() || !top.Type().IsObjectType() {
		return Sealed{v: s.members(top, whole)}
	}
	const usual = 16 // of the attributes that a kind has, most are null
	o := &kept{names: make([]string, 0, usual), values: make([]cty.Value, 0, usual)}
	for name, e := range s.each(top, whole) {
		o.names, o.values = append(o.names, name), append(o.values, e)
	}
	return Sealed{kept: o}
}

type sealer struct {
	key     Key
	salt    Salt
	variant string
	sealed  map[LeafPath]bool // where there were fingerprints before
}

// rememberAll enters where in an object there are fingerprints.
func (s *sealer) rememberAll(at LeafPath, o Sealed) {
	if o.kept == nil {
		s.remember(at, o.v)
		return
	}
	for i, name := range o.kept.names {
		s.rememberMember(at, name, o.kept.values[i])
	}
}

func (s *sealer) rememberMember(at LeafPath, name string, v cty.Value) {
	if compound := !v.Type().IsPrimitiveType(); compound || IsSealed(v) {
		s.remember(at.Under(name), v)
	}
}

// remember enters where in v there are fingerprints.
func (s *sealer) remember(at LeafPath, v cty.Value) {
	switch {
	case v == cty.NilVal || v.IsNull() || !v.IsKnown():
	case v.Type().IsObjectType():
		for name, e := range v.AsValueMap() {
			s.rememberMember(at, name, e)
		}
	case v.Type().IsTupleType():
		for _, e := range v.AsValueSlice() {
			s.remember(at, e)
		}
	case IsSealed(v):
		if s.sealed == nil {
			s.sealed = make(map[LeafPath]bool)
		}
		s.sealed[at] = true
	}
}

// place is where in an object a value stands, and the schema's verdict on it.
type place struct {
	path   LeafPath
	attrs  []schema.Attr // of an object there; nil for a leaf
	secret bool          // sensitive, marked or not in the schema
	hidden bool          // never shown by Kira and not cleared
	local  bool          // not about the object, so not kept
}

func (s sealer) value(v cty.Value, at place) cty.Value {
	v, marks := v.Unmark()
	at.secret = at.secret || len(marks) > 0
	switch t := v.Type(); {
	case !v.IsKnown():
		return cty.DynamicVal
	case v.IsNull() || at.local:
		return cty.NullVal(cty.DynamicPseudoType)
	case t.IsObjectType() || t.IsMapType():
		return s.members(v, at)
	case t.IsTupleType() || t.IsListType() || t.IsSetType():
		items := make([]cty.Value, 0, v.LengthInt())
		for _, e := range v.Elements() {
			items = append(items, s.value(e, at))
		}
		return cty.TupleVal(items)
	case (at.secret || at.hidden || s.sealed[at.path]) && !IsSealed(v):
		return cty.StringVal(s.key.Fingerprint(at.path, s.salt, v))
	}
	return v
}

// members seals each entry of a map or attribute of an object.
func (s sealer) members(v cty.Value, at place) cty.Value {
	if !v.IsKnown() || v.IsNull() {
		return s.value(v, at)
	}
	return cty.ObjectVal(maps.Collect(s.each(v, at)))
}

// each returns the sealed entries of a map or an object, in the order of their names.
func (s sealer) each(v cty.Value, at place) iter.Seq2[string, cty.Value] {
	sparse := v.Type().IsObjectType() // an entry of a map that is null was written
	return func(yield func(string, cty.Value) bool) {
		for key, e := range v.Elements() {
			if sparse && schema.IsNull(e) {
				continue
			}
			if name := key.AsString(); !yield(name, s.value(e, s.inner(at, name))) {
				return
			}
		}
	}
}

// inner returns the place called name within at. The schema's verdict on an
// attribute counts for all that is nested in it, until a nested attribute is
// declared clear.
func (s sealer) inner(at place, name string) place {
	in := place{path: at.path.Under(name), secret: at.secret, hidden: at.hidden}
	if at.attrs == nil {
		return in // within a leaf, such as an entry of a map
	}
	a, _ := schema.Find(at.attrs, name)
	if a == nil {
		in.secret = true
		return in
	}
	in.attrs, in.local = a.Nested, a.Local
	in.secret = in.secret || a.Sensitive
	switch {
	case a.Clear:
		in.hidden = false
	case a.ClassIn(s.variant) == schema.Unreadable:
		in.hidden = true
	}
	return in
}
