package addr

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// Parse reads an address as a user writes it. The error names the mistake in s
// and shows the form that is wanted.
func Parse(s string) (Resource, error) {
	if r, ok := parsePlain(s); ok {
		return r, nil
	}
	if m, in, ok := parseInModule(s); ok {
		in.Module = m
		return in, nil
	}
	tr, diags := hclsyntax.ParseTraversalAbs([]byte(s), "", hcl.InitialPos)
	if diags.HasErrors() {
		return Resource{}, malformed(s)
	}
	r, ok := Of(tr)
	if !ok {
		return Resource{}, malformed(s)
	}
	return r, nil
}

// Of returns the address that tr is, if it is one and no more.
func Of(tr hcl.Traversal) (r Resource, ok bool) {
	names, err := steps(tr)
	if err != nil {
		return Resource{}, false
	}
	for len(names) > 2 && names[0].name == "module" && names[0].key.IsZero() {
		r.Module = r.Module.Child(names[1].name, names[1].key)
		names = names[2:]
	}
	if len(names) > 0 && names[0].name == "data" && names[0].key.IsZero() {
		r.Data, names = true, names[1:]
	} else if len(names) > 0 && names[0].name == "action" && names[0].key.IsZero() {
		r.Action, names = true, names[1:]
	}
	if len(names) != 2 || !names[0].key.IsZero() || names[0].name == "module" || names[0].name == "data" || names[0].name == "action" {
		return Resource{}, false
	}
	r.Kind, r.Name, r.Key = names[0].name, names[1].name, names[1].key
	return r, true
}

func malformed(s string) error {
	return fmt.Errorf("%q is not a resource address; write it as KIND.NAME, KIND.NAME[0] or KIND.NAME[\"key\"], after module.NAME. if it is in a module", s)
}

type step struct {
	name string
	key  Key
}

// steps folds each index of tr into the name before it.
func steps(tr hcl.Traversal) ([]step, error) {
	var out []step
	for _, t := range tr {
		switch t := t.(type) {
		case hcl.TraverseRoot:
			out = append(out, step{name: t.Name})
		case hcl.TraverseAttr:
			out = append(out, step{name: t.Name})
		case hcl.TraverseIndex:
			last := &out[len(out)-1]
			key, ok := KeyOf(t.Key)
			if !ok || !last.key.IsZero() {
				return nil, fmt.Errorf("index out of place")
			}
			last.key = key
		default:
			return nil, fmt.Errorf("unexpected step %T", t)
		}
	}
	return out, nil
}

// KeyOf returns the instance key that v stands for: a whole number from 0, or
// a string. It reports false for every other value.
func KeyOf(v cty.Value) (Key, bool) {
	v, _ = v.Unmark()
	if v.IsNull() || !v.IsKnown() {
		return Key{}, false
	}
	switch v.Type() {
	case cty.String:
		return String(v.AsString()), true
	case cty.Number:
		bf := v.AsBigFloat()
		if n, acc := bf.Int64(); acc == 0 && n >= 0 {
			return Int(int(n)), true
		}
	}
	return Key{}, false
}

// MarshalText writes r in its String form, so that addresses are readable in
// files and can be the keys of JSON objects.
func (r Resource) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads the text that [Resource.MarshalText] wrote.
func (r *Resource) UnmarshalText(text []byte) (err error) {
	*r, err = Parse(string(text))
	return err
}

// Value returns k as the value that each.key or count.index has.
func (k Key) Value() cty.Value {
	switch k.form {
	case intKey:
		return cty.NumberIntVal(int64(k.n))
	case stringKey:
		return cty.StringVal(k.s)
	}
	return cty.NilVal
}
