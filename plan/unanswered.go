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
	for _, in := range m.updates(a, o) {
		reasons = doubted(m.Kinds[a.Kind], reasons, in.Carries, config, Unanswered)
	}
	return reasons
}

// updates returns the updates of an object that got no answer.
func (m *maker) updates(a addr.Resource, o state.Object) []state.Intent {
	return slices.DeleteFunc(m.Prior.Open(), func(in state.Intent) bool {
		return in.Creates() || in.ID != o.ID || in.Addr.Kind != a.Kind || !in.Unanswered()
	})
}

// undone returns the values that updates without an answer carried and that are
// no longer written, without those that are known to be dropped. If Kira took
// one, it keeps it.
func (m *maker) undone(a addr.Resource, k *schema.Kind, o state.Object, config cty.Value, dropped []drop) (more []drop) {
	for _, in := range m.updates(a, o) {
		d := differ{kind: k, key: m.Key, salt: o.Salt, variant: k.VariantOf(config)}
		d.object(nil, k.Attrs, config, in.Sent, o.Seen, schema.Echoed)
		for _, gone := range d.dropped {
			same := func(other drop) bool { return other.path.Equals(gone.path) }
			if slices.Contains(in.Carries, schema.PathString(gone.path[:1])) && !slices.ContainsFunc(slices.Concat(dropped, more), same) {
				more = append(more, drop{path: gone.path, unsure: true})
			}
		}
	}
	return more
}

// restored adds to the reasons the attributes that Kira cannot show and of which
// the state, since an older one was brought back, does not know the value that
// was sent last.
func (m *maker) restored(k *schema.Kind, o state.Object, reasons []Reason, config cty.Value) []Reason {
	var dark []string
	for _, name := range o.Unsure {
		if a, ok := k.Attr(name); ok && hides(a, k.VariantOf(config)) {
			dark = append(dark, name)
		}
	}
	return doubted(k, reasons, dark, config, Restored)
}

// hides reports whether Kira does not show all of an attribute.
func hides(a *schema.Attr, variant string) bool {
	return a.ClassIn(variant) == schema.Unreadable ||
		slices.ContainsFunc(a.Nested, func(n schema.Attr) bool { return hides(&n, variant) })
}

// doubted adds to the reasons those of the named attributes that are written, can
// be sent and do not differ as a whole already.
func doubted(k *schema.Kind, reasons []Reason, names []string, config cty.Value, cause Cause) []Reason {
	for _, name := range names {
		if a, ok := k.Attr(name); ok && k.Settled(a, config) {
			continue
		}
		known := slices.ContainsFunc(reasons, func(r Reason) bool { return r.Path.Equals(cty.GetAttrPath(name)) })
		if !known && !schema.IsNull(schema.Member(config, name)) {
			reasons = append(reasons, Reason{Path: cty.GetAttrPath(name), Cause: cause})
		}
	}
	return reasons
}
