package plan

import (
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/eval"
	"kiraform/schema"
	"kiraform/state"
)

// Propose returns the object that a change leads to: the written attributes
// and, for all others, those that Kira shows. Without an object to look at
// (seen is cty.NilVal), attributes that Kira will set are unknown. The result
// is of k.Type(), and marked where the schema says that an attribute is
// sensitive.
func Propose(k *schema.Kind, config, seen cty.Value) cty.Value {
	attrs := make(map[string]cty.Value, len(k.Attrs))
	for i := range k.Attrs {
		a := &k.Attrs[i]
		written := schema.Member(config, a.Name)
		switch {
		case !a.Computed && !schema.IsNull(written):
			attrs[a.Name] = written
		case seen == cty.NilVal && a.Computed:
			attrs[a.Name] = unknown(k, a)
		case seen == cty.NilVal:
			attrs[a.Name] = cty.NullVal(k.TypeOf(a))
		default:
			attrs[a.Name] = shown(a, k.TypeOf(a), schema.Member(seen, a.Name))
		}
		if a.Sensitive {
			attrs[a.Name] = attrs[a.Name].Mark(eval.Sensitive)
		}
	}
	return schema.Share(cty.ObjectVal(attrs), k.Type())
}

// proposed is the object that a change of have leads to, worked out when it is read:
// of most resources nobody reads it. The zero Object is none.
func proposed(k *schema.Kind, config cty.Value, have state.Object) *eval.Later {
	return eval.Lazily(func() cty.Value { return Unlooked(k, Propose(k, config, have.Seen.Shown()), have.Unlooked) })
}

// unknown is an attribute that Kira will set. An id is never null.
func unknown(k *schema.Kind, a *schema.Attr) cty.Value {
	v := cty.UnknownVal(k.TypeOf(a))
	if a.Name == "id" {
		return v.RefineNotNull()
	}
	return v
}

// Unlooked returns an object of which the named attributes are not known, since it
// was not looked at after a row of a list showed something new.
func Unlooked(k *schema.Kind, v cty.Value, names []string) cty.Value {
	if len(names) == 0 {
		return v
	}
	attrs := v.AsValueMap()
	for _, name := range names {
		if a, ok := k.Attr(name); ok {
			attrs[name] = cty.UnknownVal(k.TypeOf(a))
		}
	}
	return cty.ObjectVal(attrs)
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
