package plan

import (
	"cmp"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/eval"
	"kiraform/schema"
	"kiraform/state"
)

// Real returns the object at an address as it is now, without any planned
// change: each attribute is as written, if that is the value that was sent, and
// else as Kira shows it. One that neither tells is unknown, and so is all of an
// object that does not exist. The result is like that of [Propose].
func Real(k *schema.Kind, key state.Key, config cty.Value, have state.Object) cty.Value {
	variant := cmp.Or(k.VariantOf(config), k.VariantOf(have.Sent.Shown()), k.VariantOf(have.Seen.Shown()))
	r := real{kind: k, have: have, variant: variant, differs: make(map[string]bool)}
	if have.ID != "" && !config.IsNull() {
		for _, why := range reasons(k, key, config, have) {
			r.differs[schema.Top(why.Path)] = true
		}
	}
	attrs := make(map[string]cty.Value, len(k.Attrs))
	for i := range k.Attrs {
		a := &k.Attrs[i]
		attrs[a.Name] = r.attr(a, schema.Member(config, a.Name))
		if a.Sensitive {
			attrs[a.Name] = attrs[a.Name].Mark(eval.Sensitive)
		}
	}
	return cty.ObjectVal(attrs)
}

type real struct {
	kind    *schema.Kind
	have    state.Object
	variant string
	differs map[string]bool // the attributes that are not as they are written
}

func (r *real) attr(a *schema.Attr, written cty.Value) cty.Value {
	t := r.kind.TypeOf(a)
	seen, sent := r.have.Seen.Member(a.Name), r.have.Sent.Member(a.Name)
	switch {
	case r.have.ID == "":
		return unknown(r.kind, a)
	case slices.Contains(r.have.Unlooked, a.Name):
		return cty.UnknownVal(t)
	case !a.Computed && !schema.IsNull(written) && !r.differs[a.Name]:
		return written
	case a.Computed || readable(r.kind.Attrs, r.variant, a.Name) && !dark(a):
		return kept(a, t, seen)
	case sent.IsNull() && seen.IsNull() && !r.have.Unwritten():
		return cty.NullVal(t) // it was never sent
	case a.Nested == nil && !sent.IsNull():
		return kept(a, t, sent)
	}
	return cty.UnknownVal(t)
}

// kept returns the state's value of an attribute, or an unknown one if that is
// a fingerprint.
func kept(a *schema.Attr, t cty.Type, v cty.Value) cty.Value {
	sealed := false
	_ = cty.Walk(v, func(_ cty.Path, v cty.Value) (bool, error) {
		sealed = sealed || state.IsSealed(v)
		return !sealed, nil
	})
	if sealed {
		return cty.UnknownVal(t)
	}
	return shown(a, t, v)
}

// dark reports whether Kira does not show all that is nested in an attribute.
func dark(a *schema.Attr) bool {
	for i := range a.Nested {
		if n := &a.Nested[i]; n.Class == schema.Unreadable || dark(n) {
			return true
		}
	}
	return false
}
