package state

import (
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"
)

// Trust is a person's word that Kira has of an object what was assumed.
type Trust struct {
	By string    `json:"by"`
	At time.Time `json:"at"`
}

// Unwritten reports whether kiraform has not written to o yet: what is in Sent,
// if anything, was assumed when o was imported.
func (o Object) Unwritten() bool { return o.Sent == cty.NilVal || o.Imported }

// blank stands for a value of which not even the fingerprint is known. It is a
// fingerprint of no value.
const blank = sealedPrefix + "0000000000000000000000000000000000000000000000000000000000000000"

// HoldsBlank reports whether v has a leaf of which not even the fingerprint is
// known.
func HoldsBlank(v cty.Value) (found bool) {
	if v == cty.NilVal {
		return false
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
// is. What is a secret stays one.
func (s *State) Blind() {
	for a, o := range s.Resources {
		s.Resources[a] = Refit{}.Object(a.Kind, o)
	}
	for key, in := range s.Intents {
		in.Sent, in.Digest = Refit{}.Value(in.Addr.Kind, in.Sent), ""
		s.Intents[key] = in
	}
}

// Refit makes fingerprints anew with another key: those of the values that are
// known. The others become unknown. Its zero value knows none.
type Refit struct {
	Old, New Key
	values   map[string][]cty.Value
}

// Know adds the values that are written of an object.
func (r *Refit) Know(kind string, config cty.Value) {
	if r.values == nil {
		r.values = make(map[string][]cty.Value)
	}
	config, _ = config.UnmarkDeep()
	r.know(kind, config)
}

func (r *Refit) know(at string, v cty.Value) {
	switch t := v.Type(); {
	case v.IsNull() || !v.IsKnown():
	case t.IsObjectType() || t.IsMapType():
		for name, e := range v.AsValueMap() {
			r.know(at+"."+name, e)
		}
	case v.CanIterateElements():
		for _, e := range v.AsValueSlice() {
			r.know(at, e)
		}
	default:
		r.values[at] = append(r.values[at], v)
	}
}

// Object is o with its fingerprints made anew.
func (r Refit) Object(kind string, o Object) Object {
	o.Sent, o.Seen = r.Value(kind, o.Sent), r.Value(kind, o.Seen)
	var stored []Stored
	for _, s := range o.Stored {
		path, known := r.Name(kind, s.Path)
		if s.Seen = r.Value(kind, s.Seen); known && !HoldsBlank(s.Seen) {
			s.Path = path
			stored = append(stored, s)
		}
	}
	var unproven []string
	for _, name := range o.Unproven {
		if name, known := r.Name(kind, name); known {
			unproven = append(unproven, name)
		}
	}
	o.Stored, o.Unproven = stored, unproven
	return o
}

// Value is v with its fingerprints made anew; at is its kind and the names on
// the way to it.
func (r Refit) Value(at string, v cty.Value) cty.Value {
	switch {
	case v == cty.NilVal || v.IsNull() || !v.IsKnown():
	case IsSealed(v):
		return cty.StringVal(r.leaf(at, v.AsString(), r.values[at]))
	case v.Type().IsObjectType():
		out := v.AsValueMap()
		for name, e := range out {
			out[name] = r.Value(at+"."+name, e)
		}
		return cty.ObjectVal(out)
	case v.Type().IsTupleType():
		items := v.AsValueSlice()
		for i, e := range items {
			items[i] = r.Value(at, e)
		}
		return cty.TupleVal(items)
	}
	return v
}

func (r Refit) leaf(at, was string, values []cty.Value) string {
	for _, v := range values {
		if r.Old.secret != nil && was == r.Old.Fingerprint(at, v) {
			return r.New.Fingerprint(at, v)
		}
	}
	return blank
}

// Name is the name of an attribute with the fingerprint in it made anew, and
// whether that could be done; see [Stored].
func (r Refit) Name(kind, name string) (string, bool) {
	list, rest, entry := strings.Cut(name, "["+sealedPrefix)
	was, rest, closed := strings.Cut(rest, "]")
	if !entry || !closed {
		return name, true
	}
	at := kind + "." + list
	for path, values := range r.values {
		if !strings.HasPrefix(path, at+".") {
			continue
		}
		if now := r.leaf(at, sealedPrefix+was, values); now != blank {
			return list + "[" + now + "]" + rest, true
		}
	}
	return "", false
}
