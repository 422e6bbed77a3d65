package plan

import (
	"cmp"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
	"kiraform/state"
)

// Drifts returns the attributes for which Kira does not show the value that was
// sent last, in the order of the schema.
func Drifts(k *schema.Kind, key state.Key, have state.Object) []Reason {
	sent := have.Sent.Shown()
	variant := cmp.Or(k.VariantOf(sent), k.VariantOf(have.Seen.Shown()))
	d := differ{kind: k, key: key, salt: have.Salt, variant: variant, stored: have.Stored}
	d.object(nil, k.Attrs, sent, have.Sent, have.Seen, schema.Echoed)
	return d.reasons
}

// Differences returns the attributes in which have differs, or may differ, from
// want: those that can be changed and those that are fixed, each in the order
// of the schema.
func Differences(k *schema.Kind, key state.Key, want cty.Value, have state.Object) (change, fixed []cty.Path) {
	for _, r := range reasons(k, key, want, have) {
		if r.Fixed {
			fixed = append(fixed, r.Path)
		} else {
			change = append(change, r.Path)
		}
	}
	return change, fixed
}

func reasons(k *schema.Kind, key state.Key, want cty.Value, have state.Object) []Reason {
	d := compare(k, key, want, have)
	return d.reasons
}

// compare finds the attributes in which an object of the state differs from
// want.
func compare(k *schema.Kind, key state.Key, want cty.Value, have state.Object) *differ {
	d := &differ{kind: k, key: key, salt: have.Salt, variant: k.VariantOf(want), imported: have.Unwritten(),
		stored: have.Stored, unproven: have.Unproven}
	d.object(nil, k.Attrs, want, have.Sent, have.Seen, schema.Echoed)
	m := maker{Input: Input{Key: key}}
	m.derived(d, k, want, have)
	return d
}

// Body returns the part of the written object that is sent: all but the
// instructions to kiraform, and nothing for attributes that are null.
func Body(k *schema.Kind, want cty.Value) cty.Value {
	attrs := make(map[string]cty.Value)
	for i := range k.Attrs {
		a := &k.Attrs[i]
		if a.Local || a.Computed {
			continue
		}
		if v := schema.Member(want, a.Name); !schema.IsNull(v) {
			attrs[a.Name] = v
		}
	}
	return cty.TupleVal([]cty.Value{cty.StringVal(k.Name), cty.ObjectVal(attrs)})
}

// SameKey reports whether the written object has the natural key of the object
// that a request asked for.
func SameKey(k *schema.Kind, key state.Key, want cty.Value, asked state.Intent) bool {
	if k.Identity == nil || asked.Sent.IsZero() {
		return false
	}
	m := maker{Input: Input{Key: key}}
	return agree(m.written(k, want), m.living(k, state.Object{Salt: asked.Salt, Sent: asked.Sent}), k.Identity.Natural) == equal
}

// Shows reports whether an object shows all that a request asked for, as far as
// Kira shows it; and whether it shows all that says where money goes, so that
// it cannot be taken for another one.
func Shows(k *schema.Kind, key state.Key, asked state.Intent, seen cty.Value) (agrees, certain bool) {
	sent := asked.Sent.Shown()
	variant := k.VariantOf(sent)
	d := differ{kind: k, key: key, salt: asked.Salt, variant: variant}
	d.object(nil, k.Attrs, sent, asked.Sent, open{seen}, schema.Echoed)
	want, have := subject{k, key, asked.Salt, at(sent), at(sent)}, subject{k, key, asked.Salt, at(seen), at(seen)}
	for _, r := range d.reasons {
		v, err := r.Path.Apply(seen)
		if err != nil || v.IsNull() {
			continue
		}
		path := schema.PathString(r.Path)
		if k.Identity == nil || want.form(path, member(sent, path)) != have.form(path, v) {
			return false, false
		}
	}
	if k.Identity == nil {
		return true, false
	}
	for _, path := range k.Identity.Money {
		if !schema.IsNull(member(sent, path)) && (!readable(k.Attrs, variant, path) || schema.IsNull(member(seen, path))) {
			return true, false
		}
	}
	return true, true
}

func at(v cty.Value) func(path string) cty.Value {
	return func(path string) cty.Value { return member(v, path) }
}

// Another reports whether an object, as Kira shows it, differs from the one that
// is asked for in an attribute that cannot change, so that it is certainly not
// that one.
func Another(k *schema.Kind, key state.Key, asked state.Intent, seen cty.Value) bool {
	sent := asked.Sent.Shown()
	d := differ{kind: k, key: key, salt: asked.Salt, variant: k.VariantOf(sent)}
	d.object(nil, k.Attrs, sent, asked.Sent, open{seen}, schema.Echoed)
	return slices.ContainsFunc(d.reasons, func(r Reason) bool {
		v, err := r.Path.Apply(seen)
		return r.Fixed && err == nil && !v.IsNull()
	})
}
