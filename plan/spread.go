package plan

import (
	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// spread compares unknown attributes, each like an attribute of its own that Kira
// does not show. A member that is no longer written stays at Kira and is said
// once.
func (d *differ) spread(at cty.Path, a *schema.Attr, want, sent cty.Value) {
	for _, n := range names(want) {
		here := append(at[:len(at):len(at)], cty.IndexStep{Key: cty.StringVal(n)})
		w, was := schema.Member(want, n), schema.Member(sent, n)
		switch {
		case w.IsNull():
		case isBlank(w) && d.hidden == nil && !d.imported && !d.wasBlank(here, was):
			d.differs(here, a, w, cty.NilVal, cty.NilVal)
		default:
			d.unreadable(here, a, w, was)
		}
	}
	if sent.IsNull() {
		return
	}
	for _, n := range names(sent) {
		if schema.IsNull(schema.Member(want, n)) && !schema.IsNull(schema.Member(sent, n)) {
			d.dropped = append(d.dropped, drop{path: append(at[:len(at):len(at)], cty.IndexStep{Key: cty.StringVal(n)})})
		}
	}
}
