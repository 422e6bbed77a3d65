package kinds

import (
	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// Twin tells whether two objects of a kind are probably one, so that creating the
// second would be a mistake. They have the Key of the schema's Identity in common,
// among others.
type Twin struct {
	// Of returns the text that twins have in common, of a block or of the row of a
	// list. It is "" if there is none.
	Of func(v cty.Value) string

	Adopt Setting // asks for the only twin to be taken over
	Noun  string  // for an object of the kind, such as "user"
	Alike string  // names, after the noun, the attributes that twins have in common
}

// Setting is a value of an attribute.
type Setting struct{ Attr, Value string }

// Has reports whether a block has the setting.
func (s *Setting) Has(want cty.Value) bool {
	return s != nil && schema.Text(schema.Member(want, s.Attr)) == s.Value
}

// String is the setting as one writes it.
func (s Setting) String() string { return s.Attr + ` = "` + s.Value + `"` }
