package schema

import "github.com/zclconf/go-cty/cty"

// Identity names the attributes that tell two objects of a kind apart, and
// those that say who somebody is or where money goes. Attributes are named by
// path, such as "account.clabe"; one that does not apply to an object is null
// in it.
type Identity struct {
	// Natural is the natural key: the attributes by which people tell two
	// objects apart. None means that there is one object of the kind at most.
	Natural []string

	// Who are the identity attributes that are not in Natural. In a merged
	// list, such as "identifying_information.number", each entry counts that
	// both have.
	Who []string

	// Money are those of either that say where money goes.
	Money []string

	// Derive returns an attribute that can be written in several ways, such as
	// the bank of an account, from the others, which at returns. Nil, or a path
	// that is not in it, means the attribute itself.
	Derive map[string]func(at func(path string) cty.Value) cty.Value

	// Form returns a text in the form in which it is compared. Nil means that
	// texts are compared as they are.
	Form func(path, text string, at func(path string) cty.Value) string

	// Person lists, by variant, the attributes which tell that an object has
	// become another person; nil if objects of the kind are no people. See
	// [Identity.Key].
	Person map[string][]string

	// Key is the attribute by which a person is reached, such as the e-mail.
	// A person who changes it together with one attribute of Person, or who
	// keeps it and changes all of them, is another one.
	Key string

	// Loose is the status, of the computed attribute "status", in which a
	// person may still be made into another: nobody has looked at it yet.
	// Failed is the one in which a person that keeps its key may be corrected
	// in everything.
	Loose, Failed string
}
