package state

import (
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"
)

// Trust is a person's word that Kira has the assumed values of an object.
type Trust struct {
	By string    `json:"by"`
	At time.Time `json:"at"`
}

// Unwritten reports whether kiraform has not written to o yet: the values in
// Sent, if any, were assumed when o was imported.
func (o Object) Unwritten() bool { return o.Sent.IsZero() || o.Imported }

// blank takes the place of a fingerprint that cannot be compared: it is that of no
// value.
var blank = unsaltedPrefix + strings.Repeat("0", 64)

// HoldsBlank reports whether v has a leaf of which not even the fingerprint is
// known.
func HoldsBlank(v cty.Value) (found bool) {
	if v == cty.NilVal {
		return false
	}
	if v.Type().IsPrimitiveType() {
		return IsBlank(v)
	}
	_ = cty.Walk(v, func(_ cty.Path, v cty.Value) (bool, error) {
		found = found || IsBlank(v)
		return !found, nil
	})
	return found
}

// IsBlank reports whether v is a secret of which not even the fingerprint is
// known.
func IsBlank(v cty.Value) bool { return IsSealed(v) && v.AsString() == blank }

// Blind makes every fingerprint in s unknown, as the key that they were made with
// is. A secret stays one.
func (s *State) Blind() {
	for a, o := range s.Resources {
		s.Resources[a] = Refit{}.Object(a.Kind, o)
	}
	for key, in := range s.Intents {
		in.Sent, in.Digest = Refit{}.Sealed(in.Addr.Kind, in.Salt, in.Sent), ""
		s.Intents[key] = in
	}
}

// Refit makes fingerprints anew with another key: those of the values that are
// known. The others become unknown. Its zero value knows none.
type Refit struct {
	Old, New Key
	values   map[LeafPath][]cty.Value
}

// Know adds the values that are written of an object.
func (r *Refit) Know(kind string, config cty.Value) {
	if r.values == nil {
		r.values = make(map[LeafPath][]cty.Value)
	}
	config, _ = config.UnmarkDeep()
	r.know(LeafPath(kind), config)
}

func (r *Refit) know(at LeafPath, v cty.Value) {
	switch t := v.Type(); {
	case v.IsNull() || !v.IsKnown():
	case t.IsObjectType() || t.IsMapType():
		for name, e := range v.AsValueMap() {
			r.know(at.Under(name), e)
		}
	case v.CanIterateElements():
		for _, e := range v.AsValueSlice() {
			r.know(at, e)
		}
	default:
		r.values[at] = append(r.values[at], v)
	}
}

// salts are those of an object before and after its fingerprints are made anew.
type salts struct{ from, to Salt }

// Object is o with its fingerprints made anew. One that had no salt gets one.
func (r Refit) Object(kind string, o Object) Object {
	by := salts{o.Salt, o.Salt}
	if r.New.secret != nil {
		by.to = o.Salted()
	}
	sealed := func(s Sealed) Sealed { return Sealed{v: r.value(LeafPath(kind), by, s.Shown())} }
	o.Salt, o.Sent, o.Seen = by.to, sealed(o.Sent), sealed(o.Seen)
	var stored []Stored
	for _, s := range o.Stored {
		path, known := r.name(kind, by, s.Path)
		if s.Seen = sealed(s.Seen); known && !s.Seen.HoldsBlank() {
			s.Path = path
			stored = append(stored, s)
		}
	}
	var unproven []string
	for _, name := range o.Unproven {
		if name, known := r.name(kind, by, name); known {
			unproven = append(unproven, name)
		}
	}
	o.Stored, o.Unproven = stored, unproven
	return o
}

// Sealed is s, of an object of that kind and salt, with its fingerprints made anew.
func (r Refit) Sealed(kind string, salt Salt, s Sealed) Sealed {
	return Sealed{v: r.value(LeafPath(kind), salts{salt, salt}, s.Shown())}
}

func (r Refit) value(at LeafPath, by salts, v cty.Value) cty.Value {
	switch {
	case v == cty.NilVal || v.IsNull() || !v.IsKnown():
	case IsSealed(v):
		return r.leaf(at, by, v, r.values[at])
	case v.Type().IsObjectType():
		out := v.AsValueMap()
		for name, e := range out {
			out[name] = r.value(at.Under(name), by, e)
		}
		return cty.ObjectVal(out)
	case v.Type().IsTupleType():
		items := v.AsValueSlice()
		for i, e := range items {
			items[i] = r.value(at, by, e)
		}
		return cty.TupleVal(items)
	}
	return v
}

func (r Refit) leaf(at LeafPath, by salts, was cty.Value, values []cty.Value) cty.Value {
	for _, v := range values {
		if r.Old.secret != nil && r.Old.Matches(at, by.from, was, v) {
			return cty.StringVal(r.New.Fingerprint(at, by.to, v))
		}
	}
	return cty.StringVal(blank)
}

// name is the name of an attribute, as in [Stored], with the fingerprint in it
// made anew, and whether that could be done.
func (r Refit) name(kind string, by salts, name string) (string, bool) {
	list, rest, _ := strings.Cut(name, "[")
	print, rest, _ := strings.Cut(rest, "]")
	was := cty.StringVal(print)
	if !IsSealed(was) {
		return name, true
	}
	at := LeafPath(kind)
	for step := range strings.SplitSeq(list, ".") {
		at = at.Under(step)
	}
	for path, values := range r.values {
		if !strings.HasPrefix(string(path), string(at)+".") {
			continue
		}
		if now := r.leaf(at, by, was, values); !IsBlank(now) {
			return list + "[" + now.AsString() + "]" + rest, true
		}
	}
	return "", false
}
