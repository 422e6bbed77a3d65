package tell

import (
	"maps"
	"slices"

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
				n.Op = event.Change
				if n.Shape == event.LeafShape {
					n.Before = leaf(any, c.Before.Value)
				}
			}
			nodes = append(nodes, unlike(n))
		}
	}
	return nodes
}

// Outputs shows the outputs that a state remembers, sorted by name.
func Outputs(st *state.State) (nodes []event.Node) {
	for _, name := range slices.Sorted(maps.Keys(st.Outputs)) {
		o := st.Outputs[name]
		nodes = append(nodes, valueNode(name, event.Same, &schema.Attr{Name: name, Sensitive: o.Sensitive}, o.Value))
	}
	return nodes
}
