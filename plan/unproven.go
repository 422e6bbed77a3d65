package plan

import (
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
	"kiraform/state"
)

// Hidden is an attribute that is written, and that Kira does not show.
type Hidden struct {
	Path  cty.Path
	Name  string    // as in [state.Object.Unproven]
	Value cty.Value // the written value, open
}

// HiddenIn returns the attributes that are written and that Kira does not show,
// in the order of the schema. Whose an object is can be told otherwise, so that it
// does not count.
func HiddenIn(k *schema.Kind, key state.Key, salt state.Salt, config cty.Value) []Hidden {
	if config == cty.NilVal || config.IsNull() || !config.IsKnown() {
		return nil
	}
	config, _ = config.UnmarkDeep()
	hidden := []Hidden{}
	d := differ{kind: k, key: key, salt: salt, variant: k.VariantOf(config), hidden: &hidden}
	d.object(nil, k.Attrs, config, open{config}, open{config}, schema.Echoed)
	return hidden
}

// Baseline returns the assumption about an object that is imported: each attribute
// that Kira does not show has the value that is written now. Of those that can be
// sent, which are sent once, only the name is kept.
func Baseline(k *schema.Kind, key state.Key, salt state.Salt, config cty.Value) (sent state.Sealed, unproven []string) {
	if config == cty.NilVal || !config.IsWhollyKnown() {
		return state.Sealed{}, nil
	}
	settled := slices.Clone(k.Attrs)
	for i := range settled {
		settled[i].Fixed = k.Settled(&settled[i], config)
	}
	sent = assumed(settled, key.Seal(k, salt, config), nil, k.VariantOf(config), schema.Echoed, false)
	if sent.Shown().LengthInt() == 0 {
		sent = state.Sealed{}
	}
	return sent, namesOf(HiddenIn(k, key, salt, config))
}

func namesOf(all []Hidden) (names []string) {
	for _, h := range all {
		names = append(names, h.Name)
	}
	slices.Sort(names)
	return names
}

// assumed leaves in an object only the attributes that Kira does not show and
// that cannot change.
func assumed(attrs []schema.Attr, s state.Sealed, at cty.Path, variant string, class schema.Class, fixed bool) state.Sealed {
	for i := range attrs {
		a := &attrs[i]
		here, c, f := step(at, a.Name), a.ClassIn(variant), fixed || a.Fixed
		if class == schema.Unreadable {
			c = class
		}
		switch written := s.At(here).Shown(); {
		case written.IsNull(), c == schema.Unreadable && f:
		case c != schema.Merged && a.Nested != nil && !a.List:
			if s = assumed(a.Nested, s, here, variant, c, f); s.At(here).Shown().LengthInt() == 0 {
				s = s.With(here, state.Sealed{})
			}
		default:
			s = s.With(here, state.Sealed{})
		}
	}
	return s
}

// Unproven returns the attributes of an object that nobody has compared: those that
// it names, and those of which not even the fingerprint is known, as after a restore
// of a state with another key.
func Unproven(k *schema.Kind, key state.Key, o state.Object, config cty.Value) []string {
	if !o.Sent.HoldsBlank() {
		return o.Unproven
	}
	names := slices.Clone(o.Unproven)
	for _, h := range HiddenIn(k, key, o.Salt, config) {
		if o.Sent.At(h.Path[:1]).HoldsBlank() {
			names = append(names, h.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// StillUnproven returns the attributes of an object that nobody has compared,
// once the written ones were taken over: of one that was adopted all those that
// Kira does not show, and of another those of before, but for those that were
// sent.
func StillUnproven(k *schema.Kind, key state.Key, salt state.Salt, config cty.Value, before []string, adopted bool, sent []cty.Path) []string {
	if !adopted && len(before) == 0 {
		return nil
	}
	all := slices.DeleteFunc(HiddenIn(k, key, salt, config), func(h Hidden) bool {
		return !adopted && !slices.Contains(before, h.Name) ||
			slices.ContainsFunc(sent, func(p cty.Path) bool { return h.Path.HasPrefix(p) })
	})
	return namesOf(all)
}

// blind reports whether want may be the value that have stands for, of which a
// part is not known.
func (d *differ) blind(at cty.Path, want, have cty.Value) bool {
	if !state.HoldsBlank(have) {
		return false
	}
	wild := *d
	wild.wild = true
	return wild.equal(at, want, have)
}
