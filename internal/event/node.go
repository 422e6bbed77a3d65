package event

// Node is one line, or one nested block of lines, of a difference between two
// values. Renderers lay nodes out; they never look at values.
type Node struct {
	Name   string `json:"name,omitempty"` // attribute name or map key; "" in a list
	Op     Op     `json:"op"`
	Shape  Shape  `json:"shape"`
	Before Leaf   `json:"before,omitzero"` // of a leaf
	After  Leaf   `json:"after,omitzero"`
	Nodes  []Node `json:"nodes,omitempty"` // of all other shapes, in order
	// Hidden counts the members of this object, map or list that do not change
	// and are left out.
	Hidden int `json:"hidden,omitempty"`
	// Cause says why the value changes, where that is not simply that the
	// configuration changed, such as "changed at Kira" or "cannot be read;
	// will be sent once".
	Cause string `json:"cause,omitempty"`
	// Replaces marks the attributes that force a replacement.
	Replaces bool `json:"replaces,omitempty"`
}

// Label is the name of a node as HCL would have it to the left of an equals sign, in a
// value of a shape; "" in a list.
func (n Node) Label(in Shape) string {
	switch {
	case in == ListShape:
		return ""
	case in == MapShape || !identifier(n.Name):
		return Foreign(n.Name).Quoted()
	}
	return n.Name
}

func identifier(s string) bool {
	for i, r := range s {
		letter := r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !letter && (i == 0 || r != '-' && (r < '0' || r > '9')) {
			return false
		}
	}
	return s != ""
}

// Op is the change of a value.
type Op string

// The signs are Terraform's.
const (
	Same   Op = " "
	Add    Op = "+"
	Remove Op = "-"
	Change Op = "~"
)

// Shape is the form of a node's value.
type Shape string

// The shapes.
const (
	LeafShape   Shape = "leaf"
	ObjectShape Shape = "object"
	MapShape    Shape = "map" // keys are quoted
	ListShape   Shape = "list"
)

// Brackets are the signs around the members of a value; "" of a leaf, which has none.
func (s Shape) Brackets() (open, end string) {
	switch s {
	case ObjectShape, MapShape:
		return "{", "}"
	case ListShape:
		return "[", "]"
	}
	return "", ""
}

// Unchanged is the noun for a member of a value that stays as it is.
func (s Shape) Unchanged() string {
	if s == ListShape || s == MapShape {
		return "unchanged element"
	}
	return "unchanged attribute"
}

// Leaf is a value without parts. At most one of its fields is set; the zero
// Leaf is null.
type Leaf struct {
	Text      *Foreign `json:"text,omitempty"`    // a string, raw
	Literal   string   `json:"literal,omitempty"` // a number or bool, as written; or the words that stand for a value, such as of a document
	Unknown   bool     `json:"unknown,omitempty"`
	Sensitive bool     `json:"sensitive,omitempty"`
	Sealed    bool     `json:"sealed,omitempty"` // known to have a value that is kept only as a fingerprint
}

// IsNull reports whether l is the null value.
func (l Leaf) IsNull() bool { return l == Leaf{} }

// Line spells the value on one line, safe to show.
func (l Leaf) Line() string {
	switch {
	case l.Text != nil:
		return l.Text.Quoted()
	case l.Literal != "":
		return Foreign(l.Literal).Line()
	case l.Unknown:
		return "(known after apply)"
	case l.Sensitive:
		return "(sensitive value)"
	case l.Sealed:
		return "(kept as fingerprint)"
	}
	return "null"
}

// Index is the key of an instance: a number under count, a text under for_each.
// The zero Index belongs to a block with neither.
type Index struct {
	Number *int    `json:"number,omitempty"`
	Text   *string `json:"text,omitempty"`
}
