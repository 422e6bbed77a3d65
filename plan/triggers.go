package plan

import (
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/eval"
)

// triggers returns the resources of replace_triggered_by that are about to
// change, sorted.
func (m *maker) triggers(r eval.Resource) (all []addr.Resource) {
	for _, t := range r.ReplaceTriggeredBy {
		switch changes := m.changing(t); {
		case len(changes) == 0:
		case all == nil:
			all = changes
		default:
			all = append(all[:len(all):len(all)], changes...)
			slices.SortFunc(all, addr.Resource.Compare)
			all = slices.Compact(all)
		}
	}
	return all
}

// changing returns the resources of one trigger that are about to change, sorted.
func (m *maker) changing(t eval.Trigger) (all []addr.Resource) {
	if have, known := m.triggered[t]; known {
		return have
	}
	members := m.known.Members(t.Addr)
	if members == nil {
		members = []addr.Resource{t.Addr}
	}
	for _, a := range members {
		i, planned := m.at[a]
		if planned && (m.changes[i].Action == Update || m.changes[i].Action == Replace) && m.changes[i].touches(t.Attr) {
			all = append(all, a)
		}
	}
	m.triggered[t] = all
	return all
}

// touches reports whether c changes an attribute; "" is any. Of a new object
// everything that Kira sets is new.
func (c *Change) touches(attr string) bool {
	return attr == "" || c.Action == Replace && (attr == "id" || attr == "status") || slices.ContainsFunc(c.Because, func(r Reason) bool {
		step, ok := r.Path[0].(cty.GetAttrStep)
		return ok && step.Name == attr
	})
}
