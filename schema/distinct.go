package schema

import "kiraform/internal/diag"

// Distinct is something that two objects of a kind in one configuration must
// not have in common. Unlike a [Rule] it can only be seen by looking at both.
type Distinct struct {
	// By is the text attribute that must differ, whatever its case; an
	// attribute that is not written counts as one value. With "" there must be
	// one object only.
	By string

	ID      diag.Code // as in Rule
	Doc     string
	Warning bool // a risk rather than a mistake
	Summary string

	// Detail is about the second of two; %s in it stands for the address of
	// the first.
	Detail string
}
