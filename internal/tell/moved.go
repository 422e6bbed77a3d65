package tell

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// Moved shows the attributes of an object of kind k that are not as they were
// when it was seen before; those that Kira itself sets may change at any time.
// The kind, and the range of the resource's block, may be nil.
func Moved(a addr.Resource, k *schema.Kind, was, is state.Object, at *hcl.Range) event.Planned {
	e := resource(a, at)
	e.Action, e.ID = string(plan.NoOp), was.ID
	if k == nil || is.ID == "" {
		return e
	}
	e.Known = known(k, cty.NilVal, is)
	for i := range k.Attrs {
		attr := &k.Attrs[i]
		if before, after := schema.Member(was.Seen.Shown(), attr.Name), schema.Member(is.Seen.Shown(), attr.Name); !attr.Computed && !before.RawEquals(after) {
			e.Nodes = append(e.Nodes, movedNode(attr.Name, attr, before, after))
			e.Action = event.Drift
		}
	}
	return e
}

// movedNode shows how a value moved: as deep down as both have the same form.
func movedNode(name string, a *schema.Attr, before, after cty.Value) event.Node {
	switch {
	case schema.IsNull(before):
		return valueNode(name, event.Add, a, after)
	case schema.IsNull(after):
		return valueNode(name, event.Remove, a, before)
	case a.Sensitive || !before.CanIterateElements() || !after.CanIterateElements():
		n := leafNode(name, event.Change, a, before)
		n.After = leaf(a, after)
		return n
	case before.Type().IsObjectType() && after.Type().IsObjectType():
		return movedMembers(name, a, before, after)
	}
	return movedElements(name, a, before, after)
}

func movedMembers(name string, a *schema.Attr, before, after cty.Value) event.Node {
	n := event.Node{Name: name, Op: event.Change, Shape: event.MapShape}
	names := slices.Collect(maps.Keys(before.AsValueMap()))
	names = slices.AppendSeq(names, maps.Keys(after.AsValueMap()))
	slices.Sort(names)
	if a.Nested != nil {
		n.Shape, names = event.ObjectShape, memberNames(a, after)
	}
	for _, m := range slices.Compact(names) {
		b, c := schema.Member(before, m), schema.Member(after, m)
		switch {
		case !b.RawEquals(c):
			n.Nodes = append(n.Nodes, movedNode(m, sub(a, m), b, c))
		case !schema.IsNull(b):
			n.Hidden++
		}
	}
	return n
}

// movedElements matches the elements of a merged list by their key, and those
// of any other list by their values.
func movedElements(name string, a *schema.Attr, before, after cty.Value) event.Node {
	n := event.Node{Name: name, Op: event.Change, Shape: event.ListShape}
	match := func(in, v cty.Value) cty.Value {
		if a.MergeKey != "" {
			return entry(a, in, v)
		}
		if slices.ContainsFunc(in.AsValueSlice(), v.RawEquals) {
			return v
		}
		return cty.NullVal(cty.DynamicPseudoType)
	}
	for _, v := range before.AsValueSlice() {
		if schema.IsNull(match(after, v)) {
			n.Nodes = append(n.Nodes, valueNode("", event.Remove, element(a), v))
		}
	}
	for _, v := range after.AsValueSlice() {
		switch was := match(before, v); {
		case schema.IsNull(was):
			n.Nodes = append(n.Nodes, valueNode("", event.Add, element(a), v))
		case !was.RawEquals(v):
			n.Nodes = append(n.Nodes, movedNode("", element(a), was, v))
		default:
			n.Hidden++
		}
	}
	return n
}

// entry returns the entry of a merged list that is merged with v.
func entry(a *schema.Attr, list, v cty.Value) cty.Value {
	if list.IsNull() {
		return list
	}
	key, _ := schema.Member(v, a.MergeKey).Unmark()
	for _, e := range list.AsValueSlice() {
		if schema.Member(e, a.MergeKey).RawEquals(key) {
			return e
		}
	}
	return cty.NullVal(cty.DynamicPseudoType)
}
