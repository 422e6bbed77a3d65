// Package kinds holds every resource kind that kiraform manages: the attributes
// that may be written for it, and the calls that create, read, change and find
// it.
//
// To add a kind, write its file and add its line to [All]. A call that the API
// does not have is a nil function, from which the verbs of the schema are
// derived. Nothing here remembers anything between two calls.
package kinds

import (
	"context"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// All lists the kinds in the order the documentation shows them.
var All = []*Kind{
	derive(&user),
	derive(&virtualAccount),
	derive(&recipient),
	derive(&liquidation),
	derive(&webhook),
	derive(&versionPin),
}

// Kind is one resource kind. A nil function is something the API cannot do.
type Kind struct {
	Schema *schema.Kind // the only one of the kind: whoever holds it sees its verbs

	// Create makes the object. It returns the object as the answer showed it.
	// An answer without an id shows none: that is an error, though one that is
	// no refusal, since the object may exist.
	Create func(context.Context, Call) (Object, error)
	// Read looks at the object c.ID. Its error wraps [ErrGone] if Kira says
	// that there is none.
	Read func(context.Context, Call) (Object, error)
	// Update sends c.Changed of c.Want to the object c.ID. An answer without an id
	// is an error, as of Create.
	Update func(context.Context, Call) (Object, error)
	// Find looks for the object that c.Want asks for, without its id.
	Find func(context.Context, Call) (Object, bool, error)
	// List returns every object of the kind; where objects belong to a user,
	// those of the user c.ID, or else of c.Want's. Rows show less than Read. Its
	// error wraps [ErrGone] if Kira says that there is no such user.
	List func(context.Context, Call) ([]Object, error)
	// Label is a name that people would give an object that Kira shows, apart
	// from its owner. Nil means that it has no name of its own.
	Label func(seen cty.Value) string
	// Page returns the rows of the list of all objects from an offset on. Nil
	// means that there is no such list, or that it is not paged.
	Page func(ctx context.Context, c Call, offset int) (Page, error)
	// Owner names the attribute that holds the id of the object whose own ones
	// List returns, such as a user, for a kind of which Kira lists no others.
	Owner string
	// RowLacks names the attributes that rows never show, though Read may: a
	// null in a row says nothing of them. The list may depend on the attributes
	// that a row does show.
	RowLacks []string

	// Verify has the verification of the object c.ID run again, with c.Key.
	// Nil means that objects of the kind are not verified.
	Verify func(ctx context.Context, c Call, how string) (Verification, error)

	// NeverTwice reports whether a second object like v must not be made while
	// it is not known whether there is a first. Nil means that it may.
	NeverTwice func(v cty.Value) bool

	// Conflict reports whether an error of Create means that the object exists
	// already, so that Find will find it. Nil means that no error does.
	Conflict func(error) bool
	// Forbids is how a block forbids to take over that object. Nil means that
	// none can.
	Forbids *Setting

	// Twin tells whether two objects are probably one. Nil means that nothing
	// does.
	Twin *Twin

	// Events is the first word of the names of the events about objects of the
	// kind, such as "user". Rejection is the event that says why one has ended.
	// Each is "" if there is none.
	Events, Rejection string

	// Products are those that objects of the kind can be ready for.
	Products []*Product

	// ReadAfterCreate reports whether the answer to a Create differs from the
	// stored object, so that only Read shows it. Nil means that it never does.
	ReadAfterCreate func(Call) bool
}

// ByName returns the kind called name.
func ByName(name string) (*Kind, bool) {
	i := slices.IndexFunc(All, func(k *Kind) bool { return k.Schema.Name == name })
	if i < 0 {
		return nil, false
	}
	return All[i], true
}

// Schemas returns the schemas of all kinds by name.
func Schemas() map[string]*schema.Kind {
	m := make(map[string]*schema.Kind, len(All))
	for _, k := range All {
		m[k.Schema.Name] = k.Schema
	}
	return m
}

// derive completes the schema of k in place: its verbs are the functions that k
// has.
func derive(k *Kind) *Kind {
	if k.Read != nil {
		k.Schema.Verbs |= schema.CanRead
	}
	if k.Update != nil {
		k.Schema.Verbs |= schema.CanUpdate
	}
	if k.Find != nil {
		k.Schema.Verbs |= schema.CanFind
	}
	k.Schema.Precompute()
	return k
}
