package plan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/diag"
	"kiraform/internal/eval"
	"kiraform/schema"
	"kiraform/state"
)

// difference is an attribute that Kira shows otherwise than it is written.
type difference struct {
	path       cty.Path
	name       string // as in [state.Stored]
	attr       *schema.Attr
	want, seen cty.Value
}

// storedSo reports whether Kira shows an attribute as it did after the last
// write, and that is right: the same was sent then, or it is written in another
// spelling only.
func (d *differ) storedSo(at cty.Path, a *schema.Attr, want, sent, seen cty.Value) bool {
	if len(d.stored) == 0 || !want.IsWhollyKnown() {
		return false
	}
	name := d.name(at)
	i := slices.IndexFunc(d.stored, func(s state.Stored) bool { return s.Path == name })
	if i < 0 || !d.equal(at, seen, d.stored[i].Seen.Shown()) {
		return false
	}
	switch other := d.stored[i].Other; {
	case d.equal(at, want, sent):
		if other {
			d.others = append(d.others, at.Copy())
		}
		return true
	case other:
		return false
	}
	return spells(a, want, seen)
}

func spells(a *schema.Attr, want, seen cty.Value) bool {
	return isText(want) && isText(seen) && a.Spells(want.AsString(), seen.AsString())
}

func isText(v cty.Value) bool {
	return v != cty.NilVal && v.IsKnown() && !v.IsNull() && v.Type() == cty.String && !state.IsSealed(v)
}

// call names an entry of a merged list, by a fingerprint of its key: the key may
// be a secret, and its place may change.
func (d *differ) call(here, list cty.Path, a *schema.Attr, entry cty.Value) {
	if len(d.stored)+len(d.unproven) == 0 && d.found == nil && d.hidden == nil {
		return
	}
	if d.entry == nil {
		d.entry = make(map[string]string)
	}
	name := func(salt state.Salt) string {
		return d.name(list) + "[" + d.key.Fingerprint(state.PathOf(d.kind.Name, list), salt, cty.StringVal(entryKey(a, entry))) + "]"
	}
	called := name(d.salt)
	if old := name(""); slices.ContainsFunc(d.stored, func(s state.Stored) bool { return strings.HasPrefix(s.Path, old) }) {
		called = old // as it was called before the object had a salt
	}
	d.entry[schema.PathString(here)] = called
}

// name is the name of an attribute in [state.Stored].
func (d *differ) name(at cty.Path) string {
	for n := len(at); n > 0 && d.entry != nil; n-- {
		if name, ok := d.entry[schema.PathString(at[:n])]; ok {
			if n == len(at) {
				return name
			}
			return name + "." + schema.PathString(at[n:])
		}
	}
	return schema.PathString(at)
}

// Kept is an attribute that Kira does not show as it was written just now.
type Kept struct {
	Path  cty.Path
	As    As
	Money bool // it says where money goes
	Stays bool // Kira shows the value that it showed before the write, or none
	Again bool // as Before, and the write before had sent the same

	name string
}

// As says how Kira keeps an attribute that it does not show as it was sent.
type As uint8

const (
	Spelled As = iota // in another spelling
	Before            // as it was before the write, or not at all
	Changed           // as another value
)

// Write is a write that Kira has answered.
type Write struct {
	Kind   *schema.Kind
	Key    state.Key
	Salt   state.Salt   // of the object
	Ignore []cty.Path   // attributes whose changes are ignored
	Want   cty.Value    // the written object, open
	Change []cty.Path   // of an update: the attributes that it carried; nil if everything was sent
	Before state.Object // the object as it was; the zero Object if there was none
}

// Kept compares the object that Kira shows after the write with the written
// one.
func (w Write) Kept(seen cty.Value) (all []Kept) {
	before := make(map[string]cty.Value)
	if !w.Before.Seen.IsZero() {
		for _, x := range w.differs(w.Before.Seen.Shown()) {
			before[x.name] = x.seen
		}
	}
	d := differ{kind: w.Kind, key: w.Key, salt: w.Salt, variant: w.Kind.VariantOf(w.Want)}
	for _, x := range w.differs(seen) {
		if w.Change != nil && !slices.ContainsFunc(w.Change, func(p cty.Path) bool { return x.path.HasPrefix(p) }) {
			continue
		}
		kept := Kept{Path: x.path, Money: w.money(x.path), name: x.name, As: Changed}
		old, differed := before[x.name]
		kept.Stays = absent(x.seen) || differed && d.equal(x.path, x.seen, old)
		switch {
		case kept.Money && w.sameForm(x, seen), !kept.Money && spells(x.attr, x.want, x.seen):
			kept.As = Spelled
		case kept.Stays:
			kept.As = Before
			kept.Again = d.equal(x.path, x.want, w.Before.Sent.At(x.path).Shown())
		}
		all = append(all, kept)
	}
	return all
}

// differs returns the attributes that Kira shows otherwise than they are written.
func (w Write) differs(seen cty.Value) []difference {
	found := []difference{}
	d := differ{kind: w.Kind, key: w.Key, salt: w.Salt, variant: w.Kind.VariantOf(w.Want), found: &found}
	d.object(nil, w.Kind.Attrs, w.Want, open{w.Want}, open{seen}, schema.Echoed)
	return slices.DeleteFunc(found, func(x difference) bool { return ignored(x.path, eval.Resource{Ignore: w.Ignore}) })
}

// money reports whether an attribute says where money goes.
func (w Write) money(at cty.Path) bool {
	return w.Kind.Identity != nil && slices.Contains(w.Kind.Identity.Money, schema.PathString(at))
}

// sameForm compares an attribute as those are compared that say where money goes.
func (w Write) sameForm(x difference, seen cty.Value) bool {
	want, have := subject{w.Kind, w.Key, w.Salt, at(w.Want), at(w.Want)}, subject{w.Kind, w.Key, w.Salt, at(seen), at(seen)}
	return isText(x.seen) && want.form(schema.PathString(x.path), x.want) == have.form(schema.PathString(x.path), x.seen)
}

// Remember returns the record of how Kira stores an object: for the attributes
// that were written as kept says, for others as before.
func (w Write) Remember(kept []Kept, seen state.Sealed) (all []state.Stored) {
	for _, s := range w.Before.Stored {
		sent := w.Change == nil || slices.ContainsFunc(w.Change, func(p cty.Path) bool {
			top := schema.PathString(p[:1])
			return s.Path == top || strings.HasPrefix(s.Path, top+".") || strings.HasPrefix(s.Path, top+"[")
		})
		if !sent {
			all = append(all, s)
		}
	}
	var differs []difference
	if len(kept) > 0 {
		differs = w.differs(seen.Shown())
	}
	for _, x := range differs {
		i := slices.IndexFunc(kept, func(k Kept) bool { return k.name == x.name })
		if i >= 0 && (kept[i].As != Before || kept[i].Money) { // another payee would be stored so too
			all = append(all, state.Stored{Path: x.name, Seen: w.part(seen, x.path), Other: kept[i].As != Spelled})
		}
	}
	slices.SortFunc(all, func(a, b state.Stored) int { return cmp.Compare(a.Path, b.Path) })
	return all
}

// part returns the value that Kira shows of the attribute that is written at a
// path.
func (w Write) part(seen state.Sealed, path cty.Path) state.Sealed {
	d := differ{kind: w.Kind, key: w.Key, salt: w.Salt}
	there, ok := d.counterpart(w.Want, seen.Shown(), path)
	if !ok {
		return state.Sealed{}
	}
	return seen.At(there)
}

// otherwise warns of an attribute of which Kira keeps another value than it was
// sent. It is not sent again: that would change nothing.
func (m *maker) otherwise(a addr.Resource, k *schema.Kind, at cty.Path) *hcl.Diagnostic {
	if (Write{Kind: k}).money(at) {
		return diag.Warning("stored-otherwise", m.Program.Locate(a, at), "Money may go elsewhere",
			"%s of %s says where money goes, and Kira does not show it as it was sent. Do not pay to it before that is cleared up with Kira. "+
				"To have it made anew, run with -replace=%s.", schema.PathString(at), a, a.Shell())
	}
	return diag.Warning("stored-otherwise", m.Program.Locate(a, at), "Kira has stored another value",
		"%s of %s was sent, and Kira shows another value since. It is not sent again. Write the value that Kira shows, which \"kiraform state show %s\" "+
			"prints, or name it in ignore_changes.", schema.PathString(at), a, a.Shell())
}
