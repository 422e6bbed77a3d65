package plan

import (
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
	"kiraform/state"
)

// merged compares what Kira merges entry by entry and never removes from. Only
// the entries that are written count; one that is no longer written stays at
// Kira and is said once.
func (d *differ) merged(at cty.Path, a *schema.Attr, want, sent, seen cty.Value) {
	if !want.IsKnown() {
		d.differs(at, a, want, cty.NilVal, cty.NilVal)
		return
	}
	if a.Nested == nil {
		d.members(at, a, want, sent, seen)
		return
	}
	was, is := entries(a, sent), entries(a, seen)
	for i, entry := range want.AsValueSlice() {
		key := entryKey(a, entry)
		here := append(at[:len(at):len(at)], cty.IndexStep{Key: cty.NumberIntVal(int64(i))})
		d.call(here, at, key)
		if _, ok := is[key]; !ok {
			d.differs(here, a, entry, orNull(was, key), orNull(is, key))
			continue
		}
		d.object(here, a.Nested, entry, orNull(was, key), orNull(is, key), schema.Echoed)
	}
	if !sent.IsNull() {
		d.droppedEntries(at, a, want.AsValueSlice(), sent.AsValueSlice())
	}
}

// droppedEntries notes the entries that are no longer written. One in whose
// place stands an entry that is new was given another key: to Kira that is
// another entry.
func (d *differ) droppedEntries(at cty.Path, a *schema.Attr, want, sent []cty.Value) {
	was, now := make(map[string]bool), make(map[string]bool)
	for _, entry := range sent {
		was[entryKey(a, entry)] = true
	}
	for _, entry := range want {
		now[entryKey(a, entry)] = true
	}
	for i, entry := range sent {
		key := schema.Member(entry, a.MergeKey)
		if now[entryKey(a, entry)] {
			continue
		}
		gone := drop{path: append(at[:len(at):len(at)], cty.IndexStep{Key: cty.NumberIntVal(int64(i))})}
		if !key.IsNull() && !state.IsSealed(key) {
			gone.path[len(at)] = cty.IndexStep{Key: key} // its index means nothing any more
			if i < len(want) && !was[entryKey(a, want[i])] {
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
	for _, n := range names(sent) {
		if _, ok := want.AsValueMap()[n]; !ok && !strings.HasPrefix(n, ownPrefix) {
			d.dropped = append(d.dropped, drop{path: append(at[:len(at):len(at)], cty.IndexStep{Key: cty.StringVal(n)})})
		}
	}
}

// isBlank reports whether v is an empty text. Kira shows one as it shows what it
// was never told, so that only what was sent says whether it has one.
func isBlank(v cty.Value) bool { return !v.IsNull() && absent(v) }

// wasBlank reports whether an empty text was sent.
func (d *differ) wasBlank(at cty.Path, sent cty.Value) bool {
	if state.IsSealed(sent) {
		return d.key.Fingerprint(d.place(at), cty.StringVal("")) == sent.AsString()
	}
	return isBlank(sent)
}

// ownPrefix begins the keys that kiraform itself notes at Kira. Earlier
// versions kept them as if they were written.
const ownPrefix = "kiraform_"

// entries indexes the elements of a merged list by their key. Of elements
// with one key the first counts.
func entries(a *schema.Attr, list cty.Value) map[string]cty.Value {
	m := make(map[string]cty.Value)
	if list == cty.NilVal || list.IsNull() || !list.IsKnown() {
		return m
	}
	for _, entry := range list.AsValueSlice() {
		if _, ok := m[entryKey(a, entry)]; !ok {
			m[entryKey(a, entry)] = entry
		}
	}
	return m
}

func entryKey(a *schema.Attr, entry cty.Value) string {
	v, _ := schema.Member(entry, a.MergeKey).Unmark()
	if v.IsNull() || !v.IsKnown() || v.Type() != cty.String {
		return ""
	}
	return v.AsString()
}

func orNull(m map[string]cty.Value, key string) cty.Value {
	if v, ok := m[key]; ok {
		return v
	}
	return cty.NullVal(cty.DynamicPseudoType)
}

// PathString writes p as a user would: associated_persons[0].email.
func PathString(p cty.Path) string {
	var b strings.Builder
	for _, s := range p {
		switch s := s.(type) {
		case cty.GetAttrStep:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(s.Name)
		case cty.IndexStep:
			if s.Key.Type() == cty.Number {
				fmt.Fprintf(&b, "[%s]", s.Key.AsBigFloat().Text('f', 0))
			} else {
				fmt.Fprintf(&b, "[%q]", s.Key.AsString())
			}
		}
	}
	return b.String()
}
