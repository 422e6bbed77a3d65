package schema

import (
	"slices"

	"github.com/zclconf/go-cty/cty"
)

// Attr describes one attribute, of a kind or of a nested object.
type Attr struct {
	Name string // in configuration and in requests
	Doc  string // one or more sentences; says which document a rule comes from

	// Type is the type of a leaf: a primitive, a list or map of primitives, or
	// cty.DynamicPseudoType where the API takes more than one form. It is not
	// set where Nested is. Forms lists those forms; a map stands for an object
	// of such values.
	Type   cty.Type
	Forms  []cty.Type
	Nested []Attr // attributes of a nested object; nil for a leaf
	List   bool   // a list of nested objects rather than one

	Required  bool // must be written, in every variant that it applies to
	Computed  bool // set by Kira, never written
	Local     bool // an instruction to kiraform; never sent, compared or kept
	Sensitive bool // hidden in every output, kept only as a fingerprint
	Fixed     bool // cannot change once the object exists
	Forward   bool // Kira takes later values only, as text compares; never an earlier one
	Number    bool // a text that is the number of an account, a document, a person or a place: each digit counts
	Tagged    bool // an e-mail address that email_tag in the provider block changes
	Clear     bool // although unreadable, kept as it was sent: it says nothing of a person
	Spread    bool // holds attributes unknown to the schema: each member is sent under its own name, beside the others

	// Asks names the local attribute, a list of texts, that must hold "update" for
	// later values to be sent; "" if they are without being asked for. Until it
	// does, the attribute is as good as Fixed.
	Asks string

	// WayOut names the step to take instead of changing an attribute that cannot
	// change, in a sentence, where nobody will want to replace the object.
	WayOut string

	Class    Class
	MergeKey string // of a merged list: the attribute that identifies an entry

	// Along says which entries of a merged list an update has to carry one of,
	// although it changed others only; nil means that there is none.
	Along func(entry cty.Value) bool

	// For lists the variants (see [Kind.Variant]) that the attribute applies
	// to; nil means all. EchoedFor lists those in which an echoed or merged one is
	// really shown, in the others it is unreadable; nil means all.
	// RequiredFor lists those in which an attribute that is not Required must
	// be written all the same.
	For         []string
	EchoedFor   []string
	RequiredFor []string

	// Demanded says in words when a rule of the kind refuses an object without the
	// attribute, such as "unless bank is written"; "" if none does.
	Demanded string

	// OneOf lists the accepted values of a string, or of every string in a
	// list; nil for any. OneOfFor takes its place in the variants it names.
	OneOf    []string
	OneOfFor map[string][]string
	Open     bool   // OneOf may be incomplete: other values are a risk, not a mistake
	Judged   bool   // a rule of the kind names the risk of other values
	Format   Format // form of a string
	Ref      string // kind of the object whose id it holds, such as the owner's; "" if it is no id

	// Hints has, by a value that people write by mistake, a sentence that names
	// the value to write; "{}" stands for an object where the value is none.
	// Called lists names that they write for the attribute.
	Hints  map[string]string
	Called []string

	// Read lists the places in an answer where the value may stand, such as
	// "residential_address.city"; the first that is there counts. Within a
	// nested object they are relative to its own place unless they begin with
	// "/". Nil means the place called Name.
	Read []string
}

// Class says how much of an attribute can be seen once it was sent.
type Class uint8

const (
	// Echoed attributes are read back and compared with the live value.
	Echoed Class = iota
	// Unreadable attributes are never shown again. They are compared with the
	// fingerprint of the value that was sent last. All that is nested in them
	// is too.
	Unreadable
	// WriteOnce attributes are shown in the answer to the create request only.
	// They are compared with the value that the state remembers from it.
	WriteOnce
	// Merged attributes are lists or maps to which Kira adds each entry that it
	// is sent, and from which it never removes.
	Merged
)

func (c Class) String() string {
	return [...]string{"echoed", "unreadable", "write-once", "merged"}[c]
}

// CtyType returns the type of the attribute's value.
func (a *Attr) CtyType() cty.Type {
	if a.Nested == nil {
		return a.Type
	}
	obj := objectType(a.Nested, func(*Attr) bool { return true })
	if a.List {
		return cty.List(obj)
	}
	return obj
}

// Applies reports whether the attribute belongs to the variant; "" is a
// variant that is not known yet, to which everything applies.
func (a *Attr) Applies(variant string) bool {
	return a.For == nil || variant == "" || slices.Contains(a.For, variant)
}

// ClassIn returns how much of the attribute can be seen in a variant.
func (a *Attr) ClassIn(variant string) Class {
	if (a.Class == Echoed || a.Class == Merged) && a.EchoedFor != nil && variant != "" && !slices.Contains(a.EchoedFor, variant) {
		return Unreadable
	}
	return a.Class
}

// NeededIn reports whether the attribute must be written in a variant.
func (a *Attr) NeededIn(variant string) bool {
	if a.Required {
		return a.For == nil || slices.Contains(a.For, variant)
	}
	return slices.Contains(a.RequiredFor, variant)
}

// Values returns the values that are accepted in a variant, or nil for any.
func (a *Attr) Values(variant string) []string {
	if own, ok := a.OneOfFor[variant]; ok {
		return own
	}
	return a.OneOf
}

// Sealed reports whether a state may keep the attribute's leaves only as
// fingerprints: they are sensitive, or were sent and can never be read.
func (a *Attr) Sealed() bool {
	return a.Sensitive || a.Class == Unreadable && !a.Clear
}

// Sub returns the nested attribute called name.
func (a *Attr) Sub(name string) (*Attr, bool) { return Find(a.Nested, name) }

// Format is the form that a string must have.
type Format uint8

// The formats, each with the function that accepts it.
const (
	Any      Format = iota
	Date            // YYYY-MM-DD, a day that exists
	Email           // an address with a domain
	E164            // "+" and 8 to 15 digits
	Alpha2          // ISO 3166 alpha-2, upper case (recipients)
	Alpha3          // ISO 3166 alpha-3, upper case (users)
	EIN             // NN-NNNNNNN, the hyphen may be absent
	HTTPURL         // http or https with a host
	YesNo           // the strings "yes" and "no", never a boolean
	ABA             // nine digits
	CLABE           // eighteen digits
	BIC             // 8 or 11 letters and digits
	Document        // data URI or https URL
	Decimal         // digits, and up to four of them behind a point
	UUID            // 8-4-4-4-12 hexadecimal digits
)
