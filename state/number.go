package state

import (
	"bytes"
	"errors"
	"math/big"
	"strconv"
)

const (
	// numberPrec is the precision in bits that the language gives its numbers.
	numberPrec = 512
	// numberDigits is more than enough decimal digits to tell them all apart.
	numberDigits = 170
	// fractionZeros is after how many zeros behind the decimal point a number
	// is written with an exponent.
	fractionZeros = 154
)

// appendNumber writes f so that reading it gives the same number and equal
// numbers are equal text. To cty, whole numbers are equal if all digits are, and
// others if the shortest text that tells them from their neighbours is.
//
// The form depends on nothing but that text: the number that is read from it may
// lie a little beside f, across a power of two.
func appendNumber(b []byte, f *big.Float) ([]byte, error) {
	switch {
	case f.IsInf():
		return nil, errors.New("an infinite number cannot be kept")
	case f.IsInt() && f.MantExp(nil) <= numberPrec:
		n, _ := f.Int(nil) // which knows no negative zero
		return n.Append(b, 10), nil
	case f.IsInt() || f.Prec() > numberPrec:
		f = new(big.Float).SetPrec(numberPrec).Set(f) // as it is read
	}
	text := f.Append(nil, 'e', -1)
	switch {
	case !readsBack(f, text):
		return f.Append(b, 'e', numberDigits), nil
	case !f.IsInt() && exponent(text) >= -fractionZeros:
		return f.Append(b, 'f', -1), nil
	}
	return append(b, text...), nil
}

// readsBack reports whether text, the shortest of f, is read as a number equal
// to f. It is not always: just below a power of two numbers lie closer together
// than big.Float takes into account.
func readsBack(f *big.Float, text []byte) bool {
	back, _, err := big.ParseFloat(string(text), 10, numberPrec, big.ToNearestEven)
	switch {
	case err != nil:
		return false
	case f.IsInt() || f.Prec() == numberPrec:
		return back.Cmp(f) == 0
	}
	return bytes.Equal(back.Append(nil, 'e', -1), text)
}

// exponent returns the power of ten in a number that big.Float wrote.
func exponent(text []byte) int {
	_, digits, _ := bytes.Cut(text, []byte("e"))
	n, err := strconv.Atoi(string(digits))
	if err != nil {
		panic("a number without an exponent: " + string(text))
	}
	return n
}
