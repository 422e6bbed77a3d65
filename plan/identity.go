package plan

import (
	"cmp"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
	"kiraform/state"
)

// verdict is the result of a comparison of two values of which one may not be
// known.
type verdict uint8

const (
	different verdict = iota
	equal
	unsure
)

// subject is one object as its identity sees it: as it is written, or as the
// state has it.
type subject struct {
	kind *schema.Kind
	key  state.Key
	salt state.Salt                  // of the fingerprints in it
	get  func(path string) cty.Value // null for an attribute that is not there
	sent func(path string) cty.Value // the same, without values that Kira shows though nobody wrote them
}

// written is the object that a configuration asks for.
func (m *maker) written(k *schema.Kind, config cty.Value) subject {
	get := func(path string) cty.Value { return member(config, path) }
	return subject{k, m.Key, "", get, get}
}

// living is an object of the state: of each attribute the value that Kira
// showed or, of one that Kira does not show, the one that was sent.
func (m *maker) living(k *schema.Kind, o state.Object) subject {
	was, is := o.Sent.Shown(), o.Seen.Shown()
	variant := cmp.Or(k.VariantOf(was), k.VariantOf(is))
	sent := func(path string) cty.Value { return member(was, path) }
	return subject{k, m.Key, o.Salt, func(path string) cty.Value {
		if seen := member(is, path); readable(k.Attrs, variant, path) && !schema.IsNull(seen) {
			return seen
		}
		return sent(path)
	}, sent}
}

// readable reports whether Kira shows the attribute at path.
func readable(attrs []schema.Attr, variant, path string) bool {
	for name := range strings.SplitSeq(path, ".") {
		a, _ := schema.Find(attrs, name)
		if a == nil || a.ClassIn(variant) == schema.Unreadable {
			return false
		}
		attrs = a.Nested
	}
	return true
}

// member walks a path of names. Within a list it returns the list itself.
func member(v cty.Value, path string) cty.Value {
	for name := range strings.SplitSeq(path, ".") {
		if bare, _ := v.Unmark(); bare != cty.NilVal && isList(bare.Type()) {
			return v
		}
		v = schema.Member(v, name)
	}
	return v
}

// at returns an attribute, be it one that is derived from others, by get or
// sent.
func (s subject) at(path string, by func(string) cty.Value) cty.Value {
	if derive := s.kind.Identity.Derive[path]; derive != nil {
		return derive(by)
	}
	return by(path)
}

// agree compares attributes of a written object with those of an object that
// lives.
func agree(want, have subject, paths []string) verdict {
	all := equal
	for _, path := range paths {
		switch agreeAt(want, have, path) {
		case different:
			return different
		case unsure:
			all = unsure
		}
	}
	return all
}

func agreeAt(want, have subject, path string) verdict {
	w, _ := want.at(path, want.get).UnmarkDeep()
	h := have.at(path, have.get)
	switch {
	case absent(w) && w.IsKnown():
		return verdictOf(absent(have.at(path, have.sent)))
	case !w.IsWhollyKnown():
		return unsure
	case absent(h):
		return different
	case isList(w.Type()):
		return want.listAgrees(path, w, h, have.salt)
	}
	if want.form(path, w) == have.form(path, h) {
		return equal
	}
	d := differ{kind: want.kind, key: want.key, salt: have.salt}
	return verdictOf(d.equal(pathOf(path), w, h))
}

func verdictOf(same bool) verdict {
	if same {
		return equal
	}
	return different
}

// listAgrees compares the entries that both lists have, by their key. The last
// name of the path is the attribute that counts of each. Salt is that of the
// fingerprints.
func (s subject) listAgrees(path string, want, have cty.Value, salt state.Salt) verdict {
	names := strings.Split(path, ".")
	a, _ := s.kind.Attr(names[0])
	if a == nil || a.MergeKey == "" || !isList(have.Type()) {
		return different
	}
	d := differ{kind: s.kind, key: s.key, salt: salt}
	lives := d.entries(cty.GetAttrPath(names[0]), a, have)
	for _, e := range want.AsValueSlice() {
		h, ok := lives.like(e)
		if name := names[len(names)-1]; ok && !d.equal(pathOf(path), schema.Member(e, name), schema.Member(h, name)) {
			return different
		}
	}
	return equal
}

// form is a text in the form in which it is compared, or a form that no other
// value has. A fingerprint is in no form but its own.
func (s subject) form(path string, v cty.Value) string {
	v, _ = v.Unmark()
	if !v.IsKnown() || v.IsNull() || v.Type() != cty.String {
		return "?" + v.GoString()
	}
	text := v.AsString()
	if s.kind.Identity.Form != nil && !state.IsSealed(v) {
		text = s.kind.Identity.Form(path, text, s.get)
	}
	return "=" + text
}

// bucket is a text that two objects have in common if their natural keys are
// equal, made of the values that stand in clear in every state; false if part
// of it is not known or, being made from something sensitive, is kept as a
// fingerprint.
func (s subject) bucket() (string, bool) {
	var b strings.Builder
	for _, path := range s.kind.Identity.Natural {
		if hidden(s.kind.Attrs, path) {
			continue
		}
		v, _ := s.at(path, s.get).Unmark()
		switch {
		case absent(v) && v.IsKnown():
			b.WriteString("-;")
		case !v.IsKnown() || state.IsSealed(v):
			return "", false
		default:
			b.WriteString(s.form(path, v) + ";")
		}
	}
	return b.String(), true
}

// hidden reports whether the state keeps the attribute as a fingerprint.
func hidden(attrs []schema.Attr, path string) bool {
	for name := range strings.SplitSeq(path, ".") {
		a, _ := schema.Find(attrs, name)
		if a == nil {
			return false
		}
		if a.Sealed() {
			return true
		}
		attrs = a.Nested
	}
	return false
}

func pathOf(path string) (p cty.Path) {
	for name := range strings.SplitSeq(path, ".") {
		p = p.GetAttr(name)
	}
	return p
}
