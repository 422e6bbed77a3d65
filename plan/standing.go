package plan

import (
	"cmp"
	"slices"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"kiraform/internal/eval"
	"kiraform/schema"
	"kiraform/state"
)

// Standing returns the written object of r with the values that stand at Kira where
// changes are ignored: other blocks, outputs and policies read the value that an
// object has, and not one that is never sent. A value that nobody can know, such as
// a secret that Kira does not show, stays as it is written. Without an object, or
// without lifecycle { ignore_changes }, it is r.Config. The marks of the written values stay.
func Standing(k *schema.Kind, key state.Key, r eval.Resource, have state.Object) cty.Value {
	if !r.IgnoreAll && len(r.Ignore) == 0 || have.ID == "" || r.Config.IsNull() {
		return r.Config
	}
	found := slices.DeleteFunc(reasons(k, key, r.Config, have), func(why Reason) bool { return !ignored(why.Path, r) })
	if len(found) == 0 {
		return r.Config
	}
	s := standing{real: real{kind: k, have: have, differs: make(map[string]bool)}, key: key}
	s.variant = cmp.Or(k.VariantOf(r.Config), k.VariantOf(have.Sent.Shown()), k.VariantOf(have.Seen.Shown()))
	out := r.Config
	for _, why := range found {
		if v := s.at(r.Config, why.Path); v != cty.NilVal {
			out = replaced(out, why.Path, v)
		}
	}
	return out
}

// standing finds the values that stand at Kira.
type standing struct {
	real
	key state.Key
}

// at is the value that stands at a path of the written object; cty.NilVal if it
// cannot be known.
func (s *standing) at(written cty.Value, path cty.Path) cty.Value {
	name, _ := schema.StepName(path[0])
	a, ok := s.kind.Attr(name)
	if !ok {
		return cty.NilVal
	}
	s.differs[name] = true
	v := cty.UnknownVal(cty.DynamicPseudoType)
	if len(path) == 1 {
		v = s.attr(a, schema.Member(written, name))
	} else if there, ok := Counterpart(s.kind, s.key, s.have.Salt, written, s.have.Seen, path); ok {
		if part := s.have.Seen.At(there); !part.IsZero() && !state.IsSealed(part.Shown()) && !part.Shown().IsNull() {
			v = part.Shown()
		}
	}
	if !v.IsWhollyKnown() {
		return cty.NilVal
	}
	return v
}

// replaced returns the object with another value at a path, of the type and with the
// marks that the part there has.
func replaced(object cty.Value, path cty.Path, v cty.Value) cty.Value {
	out, err := cty.Transform(object, func(at cty.Path, old cty.Value) (cty.Value, error) {
		if len(at) != len(path) || !samePath(at, path) {
			return old, nil
		}
		bare, marks := old.UnmarkDeep()
		v, err := convert.Convert(v, bare.Type())
		if err != nil || !v.IsWhollyKnown() {
			return old, nil
		}
		return v.WithMarks(marks), nil
	})
	if err != nil {
		return object
	}
	return out
}
