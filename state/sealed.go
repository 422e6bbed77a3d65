package state

import (
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// Sealed is a value that may be kept: each of its secret leaves is a fingerprint.
// Only [Key.Seal] makes one, and reading one that was kept. Its zero value is no
// value at all.
type Sealed struct {
	v    cty.Value // cty.NilVal if s has kept, or is zero
	kept *kept     // an object; of those that were changed with [Sealed.With] none
}

// IsZero reports whether s is no value at all.
func (s Sealed) IsZero() bool { return s.kept == nil && s.v == cty.NilVal }

// Shown returns the part of s that may be shown: its clear leaves, and in place of
// each secret one a fingerprint, for which [IsSealed] is true. It is cty.NilVal if
// s is zero.
func (s Sealed) Shown() cty.Value {
	if s.kept != nil {
		return s.kept.value()
	}
	return s.v
}

// Member returns the member of an object called name, as [schema.Member] has it of
// the shown value. It takes less work than that.
func (s Sealed) Member(name string) cty.Value {
	if s.kept == nil {
		return schema.Member(s.v, name)
	}
	if v, ok := s.kept.member(name); ok {
		return v
	}
	return cty.NullVal(cty.DynamicPseudoType)
}

// HoldsBlank reports whether a leaf of s is a secret of which not even the
// fingerprint is known.
func (s Sealed) HoldsBlank() bool {
	if s.kept == nil {
		return HoldsBlank(s.v)
	}
	return slices.ContainsFunc(s.kept.values, HoldsBlank)
}

// Same reports whether two values are kept alike: the same fingerprints and the
// same clear leaves.
func (s Sealed) Same(other Sealed) bool {
	switch {
	case s.IsZero() || other.IsZero():
		return s.IsZero() && other.IsZero()
	case s.kept != nil && other.kept != nil:
		return s.kept.same(other.kept)
	}
	return s.Shown().RawEquals(other.Shown())
}

// At returns the part of s at a path, or a null value if there is none.
func (s Sealed) At(path cty.Path) Sealed {
	v := s.Shown()
	for _, step := range path {
		v = inside(v, step)
	}
	if v == cty.NilVal {
		v = cty.NullVal(cty.DynamicPseudoType)
	}
	return Sealed{v: v}
}

// inside returns the value that a step leads to, or null.
func inside(v cty.Value, step cty.PathStep) cty.Value {
	if name, named := schema.StepName(step); named {
		return schema.Member(v, name)
	}
	if items, i := elements(v), index(step); i >= 0 && i < len(items) {
		return items[i]
	}
	return cty.NullVal(cty.DynamicPseudoType)
}

// With returns s with part at a path. A null part takes the member away. Where
// the path leads nowhere, s is returned as it is.
func (s Sealed) With(path cty.Path, part Sealed) Sealed {
	return Sealed{v: with(s.Shown(), path, part.Shown())}
}

func with(v cty.Value, path cty.Path, part cty.Value) cty.Value {
	if len(path) == 0 {
		return part
	}
	name, named := schema.StepName(path[0])
	if items, i := elements(v), index(path[0]); !named && i >= 0 && i < len(items) {
		items[i] = with(items[i], path[1:], part)
		return cty.TupleVal(items)
	}
	missing := len(path) > 1 && schema.Member(v, name).IsNull()
	if !named || missing || v == cty.NilVal || v.IsNull() || !v.IsKnown() || !v.Type().IsObjectType() {
		return v
	}
	members := v.AsValueMap()
	if members == nil {
		members = make(map[string]cty.Value)
	}
	members[name] = with(schema.Member(v, name), path[1:], part)
	if members[name] == cty.NilVal || members[name].IsNull() {
		delete(members, name)
	}
	return cty.ObjectVal(members)
}

// elements returns the elements of a sealed list, which is a tuple; nil of all else.
func elements(v cty.Value) []cty.Value {
	if v == cty.NilVal || v.IsNull() || !v.IsKnown() || !v.Type().IsTupleType() {
		return nil
	}
	return v.AsValueSlice()
}

// Equal reports whether s, the part at a path of an object of that kind and salt,
// stands for an open value. Lists and tuples, maps and objects count as alike, and
// a member that is null as one that is not there.
func (k Key) Equal(kind string, salt Salt, path cty.Path, s Sealed, open cty.Value) bool {
	return k.equal(PathOf(kind, path), salt, s.Shown(), open)
}

func (k Key) equal(at LeafPath, salt Salt, kept, open cty.Value) bool {
	open, _ = open.Unmark()
	switch none := kept == cty.NilVal || kept.IsNull(); {
	case open == cty.NilVal || open.IsNull() || none:
		return none && (open == cty.NilVal || open.IsNull())
	case !open.IsWhollyKnown():
		return false
	case IsSealed(kept):
		return k.Matches(at, salt, kept, open)
	}
	switch t := open.Type(); {
	case t.IsObjectType() || t.IsMapType():
		return kept.Type().IsObjectType() && k.equalMembers(at, salt, kept, open)
	case t.IsTupleType() || t.IsListType() || t.IsSetType():
		items := elements(kept)
		if !kept.Type().IsTupleType() || len(items) != open.LengthInt() {
			return false
		}
		i := 0
		for _, e := range open.Elements() {
			if !k.equal(at, salt, items[i], e) {
				return false
			}
			i++
		}
		return true
	}
	return kept.RawEquals(open)
}

func (k Key) equalMembers(at LeafPath, salt Salt, kept, open cty.Value) bool {
	names := make(map[string]bool)
	for _, v := range []cty.Value{kept, open} {
		for name := range v.AsValueMap() {
			names[name] = true
		}
	}
	for name := range names {
		if !k.equal(at.Under(name), salt, schema.Member(kept, name), schema.Member(open, name)) {
			return false
		}
	}
	return true
}
