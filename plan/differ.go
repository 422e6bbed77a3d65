package plan

import (
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
	"kiraform/state"
)

// differ finds the attributes in which an object differs from the
// configuration.
//
// It compares three objects: the written one, the one that was sent last, and
// the one that Kira showed last. Which of the last two counts follows from how
// much of the attribute can be seen; the third then tells who made the
// difference.
type differ struct {
	kind     *schema.Kind
	key      state.Key
	salt     state.Salt // of the fingerprints in the sent and the seen object
	variant  string
	imported bool      // nothing was ever sent by us
	root     cty.Value // all that is written
	stored   []state.Stored
	entry    map[string]string // names of entries of merged lists, by path

	found   *[]difference // takes down the differences; nil if nobody wants to know
	others  []cty.Path    // attributes of which Kira keeps another value than it was sent
	reasons []Reason
	dark    int // attributes of an imported object that nothing can be compared with
	dropped []drop

	unproven []string  // names of attributes of which nothing need be known
	hidden   *[]Hidden // takes down the attributes that Kira does not show, and compares none of them; nil to compare
	wild     bool      // an unknown value equals everything
}

// drop is something that is no longer written, but that Kira keeps.
type drop struct {
	path   cty.Path
	now    string // of an entry that was given another key: that key; else ""
	unsure bool   // the request that carried it got no answer
}

// members is an object of which each member is asked for by its name.
type members interface{ Member(name string) cty.Value }

// open is a value as members.
type open struct{ cty.Value }

// Member implements members.
func (o open) Member(name string) cty.Value { return schema.Member(o.Value, name) }

// object compares the attributes of an object. An object whose own class is
// Unreadable makes all that is in it unreadable.
func (d *differ) object(at cty.Path, attrs []schema.Attr, want cty.Value, sent, seen members, class schema.Class) {
	if len(at) == 0 {
		d.root = want
	}
	for i := range attrs {
		a := &attrs[i]
		if a.Computed || a.Local || !a.Applies(d.variant) {
			continue
		}
		written, was := schema.Member(want, a.Name), sent.Member(a.Name)
		if schema.IsNull(written) && was.IsNull() {
			continue // as most attributes are
		}
		c := a.ClassIn(d.variant)
		if class == schema.Unreadable {
			c = schema.Unreadable
		}
		d.attr(step(at, a.Name), a, written, was, seen.Member(a.Name), c)
	}
}

func (d *differ) attr(at cty.Path, a *schema.Attr, want, sent, seen cty.Value, c schema.Class) {
	if want, _ = want.Unmark(); !want.Type().IsPrimitiveType() {
		want, _ = want.UnmarkDeep()
	}
	switch {
	case want.IsNull():
		if !sent.IsNull() {
			d.dropped = append(d.dropped, drop{path: at})
		}
	case c == schema.Merged:
		d.merged(at, a, want, sent, seen)
	case want.IsKnown() && a.Spread:
		d.spread(at, a, want, sent)
	case want.IsKnown() && a.Nested != nil && !a.List:
		d.object(at, a.Nested, want, open{sent}, open{seen}, c)
	case c == schema.Unreadable:
		d.unreadable(at, a, want, sent)
	case !d.equal(at, want, seen) && !d.blind(at, want, seen) && !d.storedSo(at, a, want, sent, seen):
		d.differs(at, a, want, sent, seen)
	}
}

// unreadable compares with the value that was sent, since no other can be
// known.
func (d *differ) unreadable(at cty.Path, a *schema.Attr, want, sent cty.Value) {
	if d.hidden != nil {
		if a.Ref == "" && !absent(want) {
			*d.hidden = append(*d.hidden, Hidden{at.Copy(), d.name(at), want})
		}
		return
	}
	if d.equal(at, want, sent) {
		return
	}
	unknown := d.blind(at, want, sent) || sent.IsNull() && (d.imported || slices.Contains(d.unproven, d.name(at)))
	if !unknown {
		d.differs(at, a, want, cty.NilVal, cty.NilVal)
		return
	}
	if !d.fixed(at, a) { // an attribute that cannot be changed cannot be sent again either
		d.reasons = append(d.reasons, Reason{Path: at, Cause: Unreadable})
	} else if a.Ref == "" { // whose it is, is compared when it is imported
		d.dark++
	}
}

// differs records a difference and who made it: if the configuration still equals
// the last request, Kira changed the value; if it differs from both the last
// request and the value that Kira shows, both changed it. Pass cty.NilVal as sent
// where Kira shows nothing.
func (d *differ) differs(at cty.Path, a *schema.Attr, want, sent, seen cty.Value) {
	if d.found != nil {
		*d.found = append(*d.found, difference{at.Copy(), d.name(at), a, want, seen})
	}
	cause := Configured
	switch was := sent != cty.NilVal && !sent.IsNull(); {
	case !want.IsWhollyKnown():
		cause = Depends
	case was && d.equal(at, want, sent):
		cause = Drifted
	case was && !d.equal(at, sent, seen):
		cause = Both
	}
	d.reasons = append(d.reasons, Reason{Path: at, Cause: cause, Fixed: d.fixed(at, a)})
}

func (d *differ) fixed(at cty.Path, a *schema.Attr) bool {
	top, _ := d.kind.Attr(schema.Top(at))
	return a.Fixed || d.kind.Settled(top, d.root)
}

// equal reports whether want is the value that have stands for: the same value,
// or one with that fingerprint. Lists and tuples, maps and objects count as
// alike, and a member that is null as one that is not there. So does an empty
// string: it is how Kira shows an attribute that it was never sent (observed
// 5.1).
func (d *differ) equal(at cty.Path, want, have cty.Value) bool {
	if absent(want) || absent(have) {
		return absent(want) && absent(have)
	}
	if !want.IsKnown() {
		return false
	}
	switch sealed := state.IsSealed(want); {
	case d.wild && (state.IsBlank(have) || state.IsBlank(want)):
		return true
	case sealed != state.IsSealed(have):
		if sealed {
			want, have = have, want
		}
		return want.IsWhollyKnown() && (d.matches(at, have, want) || d.matches(at, have, d.folded(at, want)))
	case sealed:
		return want.RawEquals(have)
	}
	wt, ht := want.Type(), have.Type()
	switch {
	case isList(wt) && isList(ht):
		return want.LengthInt() == have.LengthInt() && !slices.ContainsFunc(pairs(want, have), func(p [2]cty.Value) bool {
			return !d.equal(at, p[0], p[1])
		})
	case isObject(wt) && isObject(ht):
		return !slices.ContainsFunc(names(want, have), func(n string) bool {
			return !d.equal(step(at, n), schema.Member(want, n), schema.Member(have, n))
		})
	}
	return wt.Equals(ht) && (want.RawEquals(have) || d.folded(at, want).RawEquals(d.folded(at, have)))
}

// folded returns a value that says where money goes in the form in which it is
// compared: an account number is the same with and without hyphens. Any other
// value stays as it is.
func (d *differ) folded(at cty.Path, v cty.Value) cty.Value {
	id := d.kind.Identity
	if id == nil || id.Form == nil || v.Type() != cty.String || v.IsNull() || !v.IsKnown() || v.IsMarked() {
		return v
	}
	path := schema.PathString(at)
	if !slices.Contains(id.Money, path) {
		return v
	}
	return cty.StringVal(id.Form(path, v.AsString(), func(other string) cty.Value { return member(d.root, other) }))
}

func absent(v cty.Value) bool {
	return v == cty.NilVal || v.IsNull() || v.Type() == cty.String && v.IsKnown() && v.AsString() == ""
}

// matches reports whether a fingerprint is that of an open value.
func (d *differ) matches(at cty.Path, fingerprint, open cty.Value) bool {
	return d.key.Matches(state.PathOf(d.kind.Name, at), d.salt, fingerprint, open)
}

func isList(t cty.Type) bool   { return t.IsListType() || t.IsSetType() || t.IsTupleType() }
func isObject(t cty.Type) bool { return t.IsMapType() || t.IsObjectType() }

// pairs returns the elements of two lists of one length, side by side.
func pairs(a, b cty.Value) (out [][2]cty.Value) {
	bs := b.AsValueSlice()
	for i, v := range a.AsValueSlice() {
		out = append(out, [2]cty.Value{v, bs[i]})
	}
	return out
}

// names returns the names of all members of objects or maps, sorted.
func names(vs ...cty.Value) (out []string) {
	for _, v := range vs {
		for n := range v.AsValueMap() {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func step(at cty.Path, name string) cty.Path {
	return append(slices.Clip(at), cty.GetAttrStep{Name: name})
}
