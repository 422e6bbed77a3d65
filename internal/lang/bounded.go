package lang

import (
	"fmt"
	"regexp"
	"strconv"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// Bounds of functions whose result can be very much larger than their arguments.
const (
	maxCombinations = 1_000_000 // of setproduct
	maxWidth        = 10_000    // of a verb of format
)

// few refuses sets with too many combinations.
func few(sets []cty.Value) error {
	product, many := 1, false
	for _, s := range sets {
		s, _ = s.Unmark()
		if s.IsNull() || !s.IsKnown() || s.LengthInt() == 0 {
			return nil
		}
		if product *= s.LengthInt(); product > maxCombinations {
			product, many = maxCombinations, true
		}
	}
	if many {
		return fmt.Errorf("there are more than %d combinations, and they would fill the memory. Give it smaller sets", maxCombinations)
	}
	return nil
}

// verb is a verb of format, with its width and its precision.
var verb = regexp.MustCompile(`%[^a-zA-Z%]*`)

var digits = regexp.MustCompile(`[0-9]+`)

// narrow refuses a format with a width or a precision that nobody means.
func narrow(args []cty.Value) error {
	format, _ := args[0].Unmark()
	if format.Type() != cty.String || format.IsNull() || !format.IsKnown() {
		return nil
	}
	for _, v := range verb.FindAllString(format.AsString(), -1) {
		for _, n := range digits.FindAllString(v, -1) {
			if width, err := strconv.Atoi(n); err != nil || width > maxWidth {
				return function.NewArgErrorf(0, "a width of %s is too large; it is %d at most", n, maxWidth)
			}
		}
	}
	return nil
}
