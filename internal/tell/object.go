package tell

import (
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/plan"
	"kiraform/schema"
	"kiraform/state"
)

// Object shows an object as the state has it: of each attribute the value that
// Kira showed, or else the one that was sent. Without its kind, which may be
// nil, there is nothing to show but its id.
func Object(a addr.Resource, k *schema.Kind, o state.Object) event.Planned {
	e := resource(a, nil)
	e.Action, e.ID = string(plan.NoOp), o.ID
	if k == nil {
		e.Nodes = []event.Node{leafNode("id", event.Same, &schema.Attr{Name: "id"}, cty.StringVal(o.ID))}
		return e
	}
	e.Known = known(k, cty.NilVal, o)
	for i := range k.Attrs {
		at := &k.Attrs[i]
		v := schema.Member(o.Seen.Shown(), at.Name)
		if v.IsNull() {
			v = schema.Member(o.Sent.Shown(), at.Name)
		}
		if !v.IsNull() {
			n := valueNode(at.Name, event.Same, at, v)
			if at.Name == "status" { // the first thing that a person wants to know
				e.Nodes = append([]event.Node{n}, e.Nodes...)
				continue
			}
			e.Nodes = append(e.Nodes, n)
		}
	}
	return e
}

// Attrs shows the attributes of a whole object of kind k that are not null. A node
// says of a value that it is not known yet, is a secret, or is kept as a
// fingerprint only.
func Attrs(k *schema.Kind, v cty.Value) (nodes []event.Node) {
	for i := range k.Attrs {
		a := &k.Attrs[i]
		if m := schema.Member(v, a.Name); !schema.IsNull(m) {
			nodes = append(nodes, valueNode(a.Name, event.Same, a, m))
		}
	}
	return nodes
}

// Value shows a whole value that has a name, such as that of an output.
func Value(name string, sensitive bool, v cty.Value) event.Node {
	return valueNode(name, event.Same, &schema.Attr{Name: name, Sensitive: sensitive}, v)
}
