package runs

import (
	"math/big"

	"kiraform/schema"
)

// Sum adds amounts, and returns the sum in one form. A text that is no amount
// counts as nothing.
func Sum(amounts ...string) string {
	sum := new(big.Rat)
	for _, text := range amounts {
		if n, ok := new(big.Rat).SetString(text); ok {
			sum.Add(sum, n)
		}
	}
	places := 2
	for places < 30 && !exact(sum, places) {
		places++
	}
	return schema.Amount(sum.FloatString(places))
}

// exact reports whether a number has no more decimal places than that.
func exact(n *big.Rat, places int) bool {
	r, _ := new(big.Rat).SetString(n.FloatString(places))
	return r.Cmp(n) == 0
}

// More reports whether an amount is more than another one. Where either is no amount,
// it may be.
func More(a, b string) bool {
	x, okX := new(big.Rat).SetString(a)
	y, okY := new(big.Rat).SetString(b)
	return !okX || !okY || x.Cmp(y) > 0
}
