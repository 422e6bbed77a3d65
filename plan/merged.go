package plan

import (
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
	"kiraform/state"
)

// merged compares an attribute that Kira merges entry by entry and never
// removes from. Only the entries that are written count; one that is no longer
// written stays at Kira and is said once.
func (d *differ) merged(at cty.Path, a *schema.Attr, want, sent, seen cty.Value) {
	if !want.IsKnown() {
		d.differs(at, a, want, cty.NilVal, cty.NilVal)
		return
	}
	if a.Nested == nil {
		d.members(at, a, want, sent, seen)
		return
	}
	was, is := d.entries(at, a, sent), d.entries(at, a, seen)
	for i, entry := range want.AsValueSlice() {
		here := append(at[:len(at):len(at)], cty.IndexStep{Key: cty.NumberIntVal(int64(i))})
		d.call(here, at, a, entry)
		sent, _ := was.like(entry)
		seen, there := is.like(entry)
		if !there {
			d.differs(here, a, entry, sent, seen)
			continue
		}
		d.object(here, a.Nested, entry, open{sent}, open{seen}, schema.Echoed)
	}
	if !sent.IsNull() {
		d.droppedEntries(at, a, want.AsValueSlice(), sent.AsValueSlice())
	}
}

// droppedEntries notes the entries that are no longer written. One in whose
// place stands an entry that is new was given another key: to Kira that is
// another entry.
func (d *differ) droppedEntries(at cty.Path, a *schema.Attr, want, sent []cty.Value) {
	was, kept := d.entries(at, a, cty.TupleVal(sent)), make(map[string]bool)
	for _, entry := range want {
		if e, ok := was.like(entry); ok {
			kept[entryKey(a, e)] = true
		}
	}
	for i, entry := range sent {
		key := schema.Member(entry, a.MergeKey)
		if kept[entryKey(a, entry)] {
			continue
		}
		gone := drop{path: append(at[:len(at):len(at)], cty.IndexStep{Key: cty.NumberIntVal(int64(i))})}
		if !key.IsNull() && !state.IsSealed(key) {
			gone.path[len(at)] = cty.IndexStep{Key: key} // its index means nothing any more
			if i < len(want) && !was.has(want[i]) && !d.secret(append(at[:len(at):len(at)], cty.IndexStep{Key: cty.NumberIntVal(int64(i))}, cty.GetAttrStep{Name: a.MergeKey})) {
				gone.now = entryKey(a, want[i])
			}
		}
		d.dropped = append(d.dropped, gone)
	}
}

// members compares the members of a merged map, such as metadata.
func (d *differ) members(at cty.Path, a *schema.Attr, want, sent, seen cty.Value) {
	for _, n := range names(want) {
		here := append(at[:len(at):len(at)], cty.IndexStep{Key: cty.StringVal(n)})
		w, was, is := schema.Member(want, n), schema.Member(sent, n), schema.Member(seen, n)
		switch blank := isBlank(w) && absent(is); {
		case blank && d.imported && !d.fixed(here, a):
			d.reasons = append(d.reasons, Reason{Path: here, Cause: Unreadable})
		case blank && !d.wasBlank(here, was), !d.equal(here, w, is) && !d.blind(here, w, is) && !d.storedSo(here, a, w, was, is):
			d.differs(here, a, w, was, is)
		}
	}
	if sent.IsNull() {
		return
	}
	written := want.AsValueMap()
	for _, n := range names(sent) {
		if _, ok := written[n]; !ok && !strings.HasPrefix(n, ownPrefix) {
			d.dropped = append(d.dropped, drop{path: append(at[:len(at):len(at)], cty.IndexStep{Key: cty.StringVal(n)})})
		}
	}
}

// isBlank reports whether v is an empty text. Kira shows one as it shows an
// attribute that it was never sent, so that only the value that was sent says
// whether it has one.
func isBlank(v cty.Value) bool { return !v.IsNull() && absent(v) }

// wasBlank reports whether an empty text was sent.
func (d *differ) wasBlank(at cty.Path, sent cty.Value) bool {
	if state.IsSealed(sent) {
		return d.matches(at, sent, cty.StringVal(""))
	}
	return isBlank(sent)
}

// ownPrefix begins the keys that kiraform itself notes at Kira. Earlier
// versions kept them as if they were written.
const ownPrefix = "kiraform_"
