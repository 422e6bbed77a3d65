package schema

import "github.com/zclconf/go-cty/cty"

// SeenType is the type of what Kira shows of an object: every attribute,
// written and computed, under its name in configuration. What Kira does not
// show is null. Attributes that the API takes in more than one form are
// dynamic in it.
func SeenType(k *Kind) cty.Type { return k.Type() }
