package engine

import (
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/event"
	"kiraform/schema"
	"kiraform/schema/kinds"
	"kiraform/state"
)

// Describe shows what the state remembers of one resource: of each attribute
// what Kira showed, or else what was sent.
func Describe(s *state.State, a addr.Resource) event.Planned {
	o := s.Resources[a]
	e := event.Planned{Addr: a.String(), Module: string(a.Module), Kind: a.Kind, Name: a.Name, Action: event.NoOp, ID: o.ID}
	k, ok := kinds.ByName(a.Kind)
	if !ok {
		e.Nodes = []event.Node{leafNode("id", event.Same, &schema.Attr{Name: "id"}, cty.StringVal(o.ID))}
		return e
	}
	for i := range k.Schema.Attrs {
		at := &k.Schema.Attrs[i]
		v := schema.Member(o.Seen.Shown(), at.Name)
		if v.IsNull() {
			v = schema.Member(o.Sent.Shown(), at.Name)
		}
		if !v.IsNull() {
			e.Nodes = append(e.Nodes, valueNode(at.Name, event.Same, at, v))
		}
	}
	return e
}
