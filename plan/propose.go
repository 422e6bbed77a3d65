package plan

import (
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/eval"
	"kiraform/schema"
	"kiraform/state"
)

// Propose returns the object that a change leads to: the written attributes
// and, for all others, those that Kira shows. Without an object to look at
// (seen is cty.NilVal), attributes that Kira will set are unknown. So are those
// called unlooked: they were not looked at after a row of a list showed something
// new. The result is of k.Type(), and marked where the
// schema says that an attribute is sensitive.
func Propose(k *schema.Kind, config, seen cty.Value, unlooked ...string) cty.Value {
	if seen == cty.NilVal {
		return propose(k, config, nil, unlooked)
	}
	return propose(k, config, open{seen}, unlooked)
}

// ProposeLater is Propose, worked out when it is read: of most resources nobody reads
// more than the id.
func ProposeLater(k *schema.Kind, config, seen cty.Value, unlooked ...string) *eval.Later {
	if seen == cty.NilVal {
		return proposeLater(k, config, nil, unlooked)
	}
	return proposeLater(k, config, open{seen}, unlooked)
}

// proposed is the object that a change of have leads to. The zero Object is none.
func proposed(k *schema.Kind, config cty.Value, have state.Object) *eval.Later {
	if have.Seen.IsZero() {
		return proposeLater(k, config, nil, have.Unlooked)
	}
	return proposeLater(k, config, have.Seen, have.Unlooked)
}

func proposeLater(k *schema.Kind, config cty.Value, seen members, unlooked []string) *eval.Later {
	return eval.LazyObject(func() cty.Value { return propose(k, config, seen, unlooked) }, func(name string) cty.Value {
		a, _ := k.Attr(name)
		return proposeAttr(k, a, config, seen, unlooked)
	})
}

// propose is Propose with nil for no object to look at.
func propose(k *schema.Kind, config cty.Value, seen members, unlooked []string) cty.Value {
	attrs := make(map[string]cty.Value, len(k.Attrs))
	for i := range k.Attrs {
		a := &k.Attrs[i]
		attrs[a.Name] = proposeAttr(k, a, config, seen, unlooked)
	}
	return schema.Share(cty.ObjectVal(attrs), k.Type())
}

// proposeAttr is propose for one attribute.
func proposeAttr(k *schema.Kind, a *schema.Attr, config cty.Value, seen members, unlooked []string) (v cty.Value) {
	written := schema.Member(config, a.Name)
	switch {
	case slices.Contains(unlooked, a.Name):
		return cty.UnknownVal(k.TypeOf(a))
	case !a.Computed && !schema.IsNull(written):
		v = written
	case seen == nil && a.Computed:
		v = unknown(k, a)
	case seen == nil:
		v = cty.NullVal(k.TypeOf(a))
	default:
		v = shown(a, k.TypeOf(a), seen.Member(a.Name))
	}
	if a.Sensitive {
		v = v.Mark(eval.Sensitive)
	}
	return v
}

// unknown is an attribute that Kira will set. An id is never null.
func unknown(k *schema.Kind, a *schema.Attr) cty.Value {
	v := cty.UnknownVal(k.TypeOf(a))
	if a.Name == "id" {
		return v.RefineNotNull()
	}
	return v
}

// Sent returns the object that the state is to remember as sent once r is
// applied: the written one, sealed with the salt of its object; but with the
// values that were sent before where changes are ignored.
func Sent(k *schema.Kind, key state.Key, salt state.Salt, r eval.Resource, before state.Sealed) state.Sealed {
	if r.IgnoreAll && !before.IsZero() {
		return before
	}
	sent := key.Seal(k, salt, r.Config, before)
	if len(r.Ignore) == 0 || before.IsZero() {
		return sent
	}
	d := &differ{kind: k, key: key, salt: salt}
	for _, p := range r.Ignore {
		if from, ok := d.counterpart(sent.Shown(), before.Shown(), p); ok {
			sent = sent.With(p, before.At(from))
		}
	}
	return sent
}
