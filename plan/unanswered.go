package plan

import (
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/schema"
	"kiraform/state"
)

// unanswered adds to the reasons the attributes that an update without an
// answer carried, as far as they are still written: Kira may have either value,
// and cannot be asked about every one, so that they are sent once more.
func (m *maker) unanswered(a addr.Resource, o state.Object, reasons []Reason, config cty.Value) []Reason {
	for _, in := range m.Prior.Open() {
		if in.Creates() || in.ID != o.ID || in.Addr.Kind != a.Kind || !in.Unanswered() {
			continue
		}
		for _, name := range in.Carries {
			known := slices.ContainsFunc(reasons, func(r Reason) bool { return r.Path.Equals(cty.GetAttrPath(name)) })
			if !known && !schema.IsNull(schema.Member(config, name)) {
				reasons = append(reasons, Reason{Path: cty.GetAttrPath(name), Cause: Unanswered})
			}
		}
	}
	return reasons
}
