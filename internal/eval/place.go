package eval

import "github.com/zclconf/go-cty/cty"

// place is the set of references that an expression may have besides variables.
type place struct {
	what  string               // such as "a validation"; for messages
	bare  bool                 // nothing that is known only once resources are
	whole bool                 // of depends_on: a module stands for all that it does
	check string               // the check block that it is in
	names map[string]cty.Value // objects of its own
	each  bool
	count bool
	self  bool
}
