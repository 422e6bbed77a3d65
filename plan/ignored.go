package plan

import (
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/eval"
	"kiraform/schema"
	"kiraform/state"
)

// unignored leaves out the reasons that lifecycle { ignore_changes } names.
func unignored(reasons []Reason, r eval.Resource) []Reason {
	return slices.DeleteFunc(reasons, func(why Reason) bool { return ignored(why.Path, r) })
}

func ignored(at cty.Path, r eval.Resource) bool {
	return r.IgnoreAll || slices.ContainsFunc(r.Ignore, func(p cty.Path) bool { return len(p) <= len(at) && samePath(at[:len(p)], p) })
}

// samePath reports whether two paths lead to one place. A member of a map may
// be named as an attribute, such as metadata.team, or by its key.
func samePath(a, b cty.Path) bool {
	return slices.EqualFunc(a, b, func(a, b cty.PathStep) bool {
		an, aok := schema.StepName(a)
		bn, bok := schema.StepName(b)
		if aok || bok {
			return aok && bok && an == bn
		}
		return cty.Path{a}.Equals(cty.Path{b})
	})
}

// Unsent returns the written object without the nested attributes whose changes
// are ignored: an update that carries the attribute around them for the sake of
// another one leaves them to whoever changes them.
func Unsent(k *schema.Kind, r eval.Resource, want cty.Value) cty.Value {
	if !slices.ContainsFunc(r.Ignore, func(p cty.Path) bool { return len(p) > 1 }) {
		return want
	}
	out, _ := cty.Transform(want, func(at cty.Path, v cty.Value) (cty.Value, error) {
		if len(at) < 2 || isMergeKey(k, at) || !slices.ContainsFunc(r.Ignore, func(p cty.Path) bool { return samePath(at, p) }) {
			return v, nil
		}
		return cty.NullVal(v.Type()), nil
	})
	return out
}

// isMergeKey reports whether an attribute tells the entries of a merged list
// apart.
func isMergeKey(k *schema.Kind, at cty.Path) bool {
	name, _ := schema.StepName(at[0])
	a, ok := k.Attr(name)
	last, named := schema.StepName(at[len(at)-1])
	return ok && named && a.MergeKey != "" && a.MergeKey == last
}

// Counterpart returns the path in have, a sealed value of an object with that salt,
// of the part of an open value at a path. Entries of a merged list are matched by
// their key. It reports false if that is in an entry that have does not have.
func Counterpart(k *schema.Kind, key state.Key, salt state.Salt, open cty.Value, have state.Sealed, path cty.Path) (cty.Path, bool) {
	return (&differ{kind: k, key: key, salt: salt}).counterpart(open, have.Shown(), path)
}

// counterpart returns the path in from of the part of v at a path: entries of a
// merged list are matched by their key. It reports false if v has no such part, or
// if that is in an entry that from does not have.
func (d *differ) counterpart(v, from cty.Value, path cty.Path) (there cty.Path, ok bool) {
	a := &schema.Attr{Nested: d.kind.Attrs}
	v, _ = v.Unmark()
	for n, step := range path {
		if name, named := schema.StepName(step); named {
			v, _ = schema.Member(v, name).Unmark()
			from = schema.Member(from, name)
			if a, _ = a.Sub(name); a == nil {
				a = new(schema.Attr)
			}
			there = append(there, step)
		} else {
			i, _ := step.(cty.IndexStep).Key.AsBigFloat().Int64()
			if v.IsNull() || !v.IsKnown() || !isList(v.Type()) || i < 0 || int(i) >= v.LengthInt() || from.IsNull() || !isList(from.Type()) {
				return nil, false
			}
			v, _ = v.AsValueSlice()[i].Unmark()
			j := int(i)
			if a.MergeKey != "" {
				old, _ := d.entries(path[:n], a, from).like(v)
				j = slices.IndexFunc(from.AsValueSlice(), func(e cty.Value) bool { return !old.IsNull() && e.RawEquals(old) })
			}
			if j < 0 || j >= from.LengthInt() {
				return nil, false // a new entry has nothing before
			}
			from = from.AsValueSlice()[j]
			there = there.IndexInt(j)
			a = &schema.Attr{Nested: a.Nested}
		}
		if n < len(path)-1 && v.IsNull() {
			return nil, false
		}
	}
	return there, true
}
