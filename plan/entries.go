package plan

import (
	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
	"kiraform/state"
)

// entries are the elements of a merged list of the state, by their key. The key of
// one may be a fingerprint. Of elements with one key the first counts.
type entries struct {
	*differ
	key  state.LeafPath // of the attribute that is the key
	attr *schema.Attr
	by   map[string]cty.Value
	dark bool // the key of an element is a fingerprint
}

// entries indexes the elements of the list at a path.
func (d *differ) entries(at cty.Path, a *schema.Attr, list cty.Value) *entries {
	e := &entries{d, state.PathOf(d.kind.Name, at).Under(a.MergeKey), a, make(map[string]cty.Value), false}
	if list == cty.NilVal || list.IsNull() || !list.IsKnown() || !isList(list.Type()) {
		return e
	}
	for _, entry := range list.AsValueSlice() {
		key := entryKey(a, entry)
		if _, twice := e.by[key]; !twice {
			e.by[key] = entry
			e.dark = e.dark || state.IsSealed(schema.Member(entry, a.MergeKey))
		}
	}
	return e
}

// like returns the element that has the key of another one, which is open or of
// the same object; null and false if there is none.
func (e *entries) like(other cty.Value) (cty.Value, bool) {
	key := entryKey(e.attr, other)
	names := []string{key}
	if e.dark && key != "" {
		for _, salt := range []state.Salt{e.salt, ""} {
			names = append(names, e.differ.key.Fingerprint(e.key, salt, cty.StringVal(key)))
		}
	}
	for _, name := range names {
		if v, ok := e.by[name]; ok {
			return v, true
		}
	}
	return e.reverse(other)
}

// reverse is like for another element whose key is a fingerprint, where the key
// of the one that it is like may be open.
func (e *entries) reverse(other cty.Value) (cty.Value, bool) {
	if print := schema.Member(other, e.attr.MergeKey); state.IsSealed(print) {
		print, _ = print.Unmark()
		for key, v := range e.by {
			if key != "" && e.differ.key.Matches(e.key, e.salt, print, cty.StringVal(key)) {
				return v, true
			}
		}
	}
	return cty.NullVal(cty.DynamicPseudoType), false
}

func (e *entries) has(other cty.Value) bool {
	_, ok := e.like(other)
	return ok
}

// entryKey is the key of an element of a merged list, or "".
func entryKey(a *schema.Attr, entry cty.Value) string {
	return schema.Text(schema.Member(entry, a.MergeKey))
}

// secret reports whether the written value at a path is sensitive.
func (d *differ) secret(at cty.Path) bool {
	v := d.root
	for _, step := range at {
		if v.IsMarked() {
			return true
		}
		if name, named := schema.StepName(step); named {
			v = schema.Member(v, name)
		} else {
			v = v.Index(step.(cty.IndexStep).Key)
		}
	}
	return v.ContainsMarked()
}
