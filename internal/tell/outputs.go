package tell

import (
	"maps"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/event"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// OutputChanges shows the outputs that change.
func OutputChanges(changes []plan.OutputChange) (nodes []event.Node) {
	for _, c := range changes {
		any := &schema.Attr{Name: c.Name, Sensitive: c.Before.Sensitive || c.After.Sensitive}
		switch {
		case c.Removed():
			n := event.Node{Name: c.Name, Op: event.Remove, Shape: event.LeafShape, Before: leaf(any, c.Before.Value)}
			nodes = append(nodes, n)
		default:
			n := valueNode(c.Name, event.Add, any, c.After.Value)
			if c.Before != (state.Output{}) {
				n = between(c.Name, any, c.Before.Value, c.After.Value)
			}
			nodes = append(nodes, n)
		}
	}
	return nodes
}

// between shows a value that takes the place of another one: as deep down as both have
// the same form, the members that differ.
func between(name string, a *schema.Attr, before, after cty.Value) event.Node {
	n := valueNode(name, event.Add, a, after)
	n.Op = event.Change
	if n.Shape == event.LeafShape {
		n.Before = leafBeside(a, before, after)
		return unlike(n)
	}
	was := valueNode(name, event.Remove, a, before)
	switch {
	case was.Shape != n.Shape: // the former value is of another form
	case n.Shape == event.ListShape:
		n.Nodes, n.Hidden = elementsBetween(a, before, after)
	default:
		n.Nodes, n.Hidden = membersBetween(a, before, after)
	}
	return n
}

// membersBetween shows the members of two objects that differ, sorted.
func membersBetween(a *schema.Attr, before, after cty.Value) (nodes []event.Node, hidden int) {
	was, is := before.AsValueMap(), after.AsValueMap()
	names := slices.AppendSeq(slices.Collect(maps.Keys(was)), maps.Keys(is))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		b, had := was[name]
		v, has := is[name]
		switch {
		case !has:
			nodes = append(nodes, valueNode(name, event.Remove, sub(a, name), b))
		case !had:
			nodes = append(nodes, valueNode(name, event.Add, sub(a, name), v))
		case b.RawEquals(v):
			hidden++
		default:
			nodes = append(nodes, between(name, sub(a, name), b, v))
		}
	}
	return nodes, hidden
}

// elementsBetween shows the elements of two lists that differ: those between the ones
// that both begin with and the ones that both end with.
func elementsBetween(a *schema.Attr, before, after cty.Value) (nodes []event.Node, hidden int) {
	was, is := before.AsValueSlice(), after.AsValueSlice()
	for len(was) > 0 && len(is) > 0 && was[0].RawEquals(is[0]) {
		was, is, hidden = was[1:], is[1:], hidden+1
	}
	for len(was) > 0 && len(is) > 0 && was[len(was)-1].RawEquals(is[len(is)-1]) {
		was, is, hidden = was[:len(was)-1], is[:len(is)-1], hidden+1
	}
	if len(was) == len(is) {
		for i, v := range is {
			if was[i].RawEquals(v) {
				hidden++
				continue
			}
			nodes = append(nodes, between("", element(a), was[i], v))
		}
		return nodes, hidden
	}
	for _, v := range was {
		nodes = append(nodes, valueNode("", event.Remove, element(a), v))
	}
	for _, v := range is {
		nodes = append(nodes, valueNode("", event.Add, element(a), v))
	}
	return nodes, hidden
}

// Outputs shows the outputs that a state remembers, sorted by name.
func Outputs(st *state.State) (nodes []event.Node) {
	for _, name := range slices.Sorted(maps.Keys(st.Outputs)) {
		o := st.Outputs[name]
		nodes = append(nodes, valueNode(name, event.Same, &schema.Attr{Name: name, Sensitive: o.Sensitive}, o.Value))
	}
	return nodes
}
