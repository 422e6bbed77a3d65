package tfjson

import (
	"strings"

	"kiraform/internal/event"
)

// driftOf is the change that was made to a resource at Kira, if there was one: from
// the object as it was applied to the object as it is.
func driftOf(c *event.Reviewed) (ResourceChange, bool) {
	lost := c.Action == event.Gone
	if c.Before == nil || !lost && !drifted(c.Nodes) {
		return ResourceChange{}, false
	}
	d := changeOf(c)
	d.ActionReason, d.PreviousAddress, d.Kiraform.Action = "", "", event.Drift
	d.Change.ReplacePaths, d.Change.Importing = nil, nil
	was, is := objectForm(rewound(c.Before, c.Nodes)), objectForm(c.Before)
	d.Change.Actions = []string{"update"}
	if lost {
		d.Change.Actions, is = []string{"delete"}, none
	}
	d.Change.Before, d.Change.After, d.Change.AfterUnknown = was.value, is.value, is.unknown
	d.Change.BeforeSensitive, d.Change.AfterSensitive = was.sensitive, is.sensitive
	return d, true
}

// drifted reports whether Kira has changed any attribute.
func drifted(nodes []event.Node) bool {
	for _, n := range nodes {
		if strings.HasPrefix(n.Cause, event.ChangedAtKira) || drifted(n.Nodes) {
			return true
		}
	}
	return false
}

// rewound is an object as it was before Kira changed it: an attribute that Kira
// alone has changed is put back by the plan. Where the configuration has changed it
// too, the value that it had is not kept, and the one that is written stands for it.
func rewound(object, changes []event.Node) []event.Node {
	out := make([]event.Node, 0, len(object))
	for _, n := range object {
		for _, c := range changes {
			switch {
			case c.Name != n.Name || !drifted([]event.Node{c}):
			case c.Shape == event.LeafShape:
				n = event.Node{Name: n.Name, Op: event.Same, Shape: event.LeafShape, Before: c.After, After: c.After}
			case c.Shape != event.ListShape:
				n.Nodes = rewound(n.Nodes, c.Nodes)
			}
		}
		out = append(out, n)
	}
	return out
}

// variablesOf are the values of variables, without those of secrets.
func variablesOf(nodes []event.Node) map[string]Variable {
	if len(nodes) == 0 {
		return nil
	}
	all := make(map[string]Variable, len(nodes))
	for _, n := range nodes {
		f := formOf(n)
		v := Variable{Sensitive: holds(f.sensitive)}
		if !v.Sensitive {
			v.Value = f.value
		}
		all[n.Name] = v
	}
	return all
}
