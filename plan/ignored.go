package plan

import (
	"maps"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/eval"
	"kiraform/schema"
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
		an, aok := memberName(a)
		bn, bok := memberName(b)
		if aok || bok {
			return aok && bok && an == bn
		}
		return cty.Path{a}.Equals(cty.Path{b})
	})
}

// memberName is the name of the member of an object or map that a step leads
// to; false if it leads to an entry of a list.
func memberName(s cty.PathStep) (string, bool) {
	switch s := s.(type) {
	case cty.GetAttrStep:
		return s.Name, true
	case cty.IndexStep:
		if s.Key.Type() == cty.String && s.Key.IsKnown() {
			return s.Key.AsString(), true
		}
	}
	return "", false
}

// Unsent returns what is written without the nested attributes whose changes
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
	name, _ := memberName(at[0])
	a, ok := k.Attr(name)
	last, named := memberName(at[len(at)-1])
	return ok && named && a.MergeKey != "" && a.MergeKey == last
}

// graft returns v, a sealed value with the attributes of a, with the part at
// path as from has it. Entries of a merged list are matched by their key.
func graft(a *schema.Attr, v, from cty.Value, path cty.Path) cty.Value {
	if len(path) == 0 {
		return from
	}
	if name, ok := memberName(path[0]); ok {
		return graftMember(a, v, from, name, path[1:])
	}
	i, _ := path[0].(cty.IndexStep).Key.AsBigFloat().Int64()
	if v.IsNull() || !v.Type().IsTupleType() || i < 0 || int(i) >= v.LengthInt() {
		return v
	}
	items := v.AsValueSlice()
	old := cty.NullVal(cty.DynamicPseudoType)
	switch {
	case a.MergeKey != "":
		old = orNull(entries(a, from), entryKey(a, items[i]))
	case from.Type().IsTupleType() && int(i) < from.LengthInt():
		old = from.AsValueSlice()[i]
	}
	if old.IsNull() {
		return v // a new entry has nothing before
	}
	items[i] = graft(&schema.Attr{Nested: a.Nested}, items[i], old, path[1:])
	return cty.TupleVal(items)
}

func graftMember(a *schema.Attr, v, from cty.Value, name string, rest cty.Path) cty.Value {
	if len(rest) > 0 && schema.Member(v, name).IsNull() || !v.IsNull() && !v.Type().IsObjectType() {
		return v
	}
	sub := attrOf(a.Nested, name)
	if sub == nil {
		sub = new(schema.Attr)
	}
	members := make(map[string]cty.Value)
	if !v.IsNull() {
		maps.Copy(members, v.AsValueMap())
	}
	members[name] = graft(sub, schema.Member(v, name), schema.Member(from, name), rest)
	if members[name].IsNull() {
		delete(members, name)
	}
	return cty.ObjectVal(members)
}
