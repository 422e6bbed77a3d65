package budget

import "github.com/zclconf/go-cty/cty"

// perElement is how many bytes of text count as one element more.
const perElement = 64

// length is how many elements v has, not counting those inside of others.
func length(v cty.Value) int {
	v, _ = v.Unmark()
	switch {
	case v == cty.NilVal || v.IsNull() || !v.IsKnown():
		return 0
	case v.Type() == cty.String:
		return len(v.AsString()) / perElement
	case v.CanIterateElements():
		return v.LengthInt()
	}
	return 0
}

// size is how many elements v is, itself and those inside of others included, counted
// no further than just above most.
func size(v cty.Value, most int) int {
	n := 1 + length(v)
	v, _ = v.Unmark()
	if n > most || v == cty.NilVal || v.IsNull() || !v.IsKnown() || !v.CanIterateElements() {
		return n
	}
	n = 1
	for it := v.ElementIterator(); it.Next() && n <= most; {
		_, e := it.Element()
		n += size(e, most-n)
	}
	return n
}
