// Package schema describes resource kinds: their attributes, the values that
// are accepted for them, how much of them can be seen, and the abilities of the
// API.
//
// A schema is data, and every function here is pure: no I/O, no clock. It
// decodes and checks configuration, leads the JSON codec, tells the planner the
// meaning of a difference, and prints the reference.
package schema

import (
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// Kind is the schema of one resource kind.
type Kind struct {
	Name  string // as written in a resource block, such as "kira_user"
	Doc   string // one or more sentences
	Attrs []Attr // in the order the reference shows them

	// Example is the content of a new block as somebody would begin to write it: it is
	// valid, and other blocks in it are called NAME.
	Example string

	// Variant names the attribute (such as "type" of a user, or
	// "account.account_type" of a recipient) whose value decides which
	// attributes apply; "" if all always do. See [Attr.For].
	Variant string

	// Marks names the attribute, a merged map, in which the owner of an object
	// can be noted at Kira; "" if there is none.
	Marks string

	Verbs   Verbs
	Replace Replace
	Gates   []Gate
	Rules   []Rule

	// Identity names the attributes that tell two objects apart; nil means that
	// only their ids do, as of data sources.
	Identity *Identity

	// Known says by which attributes people know an object: in each part, paths
	// of attributes that are read together, such as the names of a person. A part
	// that has a value in no attribute is left out.
	Known [][]string

	// Distinct names the attributes that two objects of the kind must not have
	// in common; nil means that they may be alike.
	Distinct *Distinct

	// Single says of which objects of the kind Kira allows one only; nil means
	// that there may be any number of them.
	Single *Single

	// Waiting names the thing that a created object still waits for at Kira,
	// such as "its account number", or "" if it is ready for use. It gets the
	// object as Kira last showed it. Nil means that an object is ready once it
	// exists.
	Waiting func(seen cty.Value) string

	// Course is the life of an object at Kira after it was made.
	Course Course

	types map[string]cty.Type // of the attributes, by name; see Precompute
	whole cty.Type            // of an object
}

// Precompute works out once the tables that would otherwise be worked out for
// every object. It is for the catalogue, before the kind is used.
func (k *Kind) Precompute() {
	k.whole = objectType(k.Attrs, func(*Attr) bool { return true })
	k.types = make(map[string]cty.Type, len(k.Attrs))
	for i := range k.Attrs {
		k.types[k.Attrs[i].Name] = k.Attrs[i].CtyType()
	}
}

// TypeOf returns the type of one of the kind's own attributes.
func (k *Kind) TypeOf(a *Attr) cty.Type {
	if t, ok := k.types[a.Name]; ok {
		return t
	}
	return a.CtyType()
}

// Verbs is the set of operations that the API offers for a kind.
type Verbs uint8

// Creating is always possible.
const (
	CanRead   Verbs = 1 << iota // an object can be looked at
	CanUpdate                   // an object can be changed
	CanFind                     // an object can be found without its id
)

// Has reports whether v includes all of w.
func (v Verbs) Has(w Verbs) bool { return v&w == w }

// Replace is the consent that it takes to replace an object by a new one, which
// leaves the old one alive: Kira cannot delete.
type Replace uint8

const (
	// ReplaceByConsent is for objects that mean work for people at Kira, such
	// as users: only -replace or replace_triggered_by may replace them.
	ReplaceByConsent Replace = iota
	// ReplaceFreely is for objects that cost nothing, such as recipients.
	ReplaceFreely
)

// Single is a limit of Kira to one object. While it lives it cannot be replaced:
// a request for another one would come to it.
type Single struct {
	For []string // paths of the attributes that the one object is for, such as its user
	Doc string   // Kira's limit, in a sentence

	// Among reports whether the limit holds for the written object want while
	// Kira shows seen. Nil means always.
	Among func(want, seen cty.Value) bool
}

// Shortage is a list of the attributes that an object lacks.
type Shortage struct {
	For   string // the use that it is not complete for, such as the code of a product
	Lacks []Lack // nil if it lacks nothing
	Seen  bool   // judged by the last observation of it, which may be old
}

// Lack is one attribute that an object lacks, or one document among those that
// stand in an attribute.
type Lack struct {
	Path     cty.Path // the attribute to write
	Document string   // the type of the document to add there, such as "front", or ""
	Token    string   // the name that Kira has for it
	Unknown  bool     // the schema has no such attribute: Kira asks for one that this version does not know
	Extra    bool     // unknown, but it can be sent in the attribute for unknown ones
}

// Attr returns the attribute called name.
func (k *Kind) Attr(name string) (*Attr, bool) { return Find(k.Attrs, name) }

// OwnerAttr returns the attribute that holds the id of the object that one of this
// kind belongs to, or nil if it belongs to none.
func (k *Kind) OwnerAttr() *Attr {
	i := slices.IndexFunc(k.Attrs, func(a Attr) bool { return a.Ref != "" })
	if i < 0 {
		return nil
	}
	return &k.Attrs[i]
}

// Find returns the attribute called name.
func Find(attrs []Attr, name string) (*Attr, bool) {
	for i := range attrs {
		if attrs[i].Name == name {
			return &attrs[i], true
		}
	}
	return nil, false
}

// Settled reports whether one of the kind's own attributes cannot change any more
// once an object exists that is written as v.
func (k *Kind) Settled(a *Attr, v cty.Value) bool {
	if a.Fixed || !k.Verbs.Has(CanUpdate) || a.Asks == "" {
		return a.Fixed || !k.Verbs.Has(CanUpdate)
	}
	on, _ := texts(Member(v, a.Asks))
	return !slices.Contains(on, "update")
}

// VariantOf returns the value that decides which attributes of v apply, or ""
// while it is not known.
func (k *Kind) VariantOf(v cty.Value) string {
	if k.Variant == "" {
		return ""
	}
	for name := range strings.SplitSeq(k.Variant, ".") {
		v, _ = v.Unmark()
		if v == cty.NilVal || !v.IsKnown() || !v.Type().IsObjectType() {
			return ""
		}
		v = Member(v, name)
	}
	if v, _ = v.Unmark(); v.IsNull() || !v.IsKnown() || v.Type() != cty.String {
		return ""
	}
	return v.AsString()
}

// Variants returns the values that decide which attributes apply; one that is "" if
// none does.
func (k *Kind) Variants() []string {
	attrs, all := k.Attrs, []string{""}
	for name := range strings.SplitSeq(k.Variant, ".") {
		a, ok := Find(attrs, name)
		if !ok {
			break
		}
		if a.OneOf != nil {
			all = a.OneOf
		}
		attrs = a.Nested
	}
	return all
}

// InputType is the type of a decoded block of this kind: every attribute that
// may be written. An attribute that is not written is null.
func (k *Kind) InputType() cty.Type {
	return objectType(k.Attrs, func(a *Attr) bool { return !a.Computed })
}

// Type is the type of an object of this kind as other blocks refer to it:
// every attribute, written and computed.
func (k *Kind) Type() cty.Type {
	if k.whole != cty.NilType {
		return k.whole
	}
	return objectType(k.Attrs, func(*Attr) bool { return true })
}

func objectType(attrs []Attr, keep func(*Attr) bool) cty.Type {
	types := make(map[string]cty.Type)
	for i := range attrs {
		if a := &attrs[i]; keep(a) {
			types[a.Name] = a.CtyType()
		}
	}
	return cty.Object(types)
}
