package schema

import (
	"regexp"
	"sync"
)

var bic = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Z0-9]{4}([A-Z]{2})[A-Z0-9]{2}([A-Z0-9]{3})?$`) })

// ValidBIC reports whether s is a SWIFT code by ISO 9362: upper case, with a
// country in the fifth and sixth place. Kira asks for its length only.
func ValidBIC(s string) bool {
	m := bic().FindStringSubmatch(s)
	return m != nil && isAlpha2(m[1])
}

// ValidABA reports whether the nine digits of an American routing number, weighed
// 3, 7, 1 and so on, add up to a multiple of ten.
func ValidABA(s string) bool {
	sum, ok := weigh(s, 9, func(digit, weight int) int { return digit * weight })
	return ok && sum%10 == 0 && sum > 0
}

// ValidCLABE reports whether the last of the eighteen digits of a Mexican account
// number makes the others, each weighed 3, 7 or 1 modulo ten, a multiple of ten.
func ValidCLABE(s string) bool {
	if len(s) != 18 {
		return false
	}
	sum, ok := weigh(s[:17], 17, func(digit, weight int) int { return digit * weight % 10 })
	check := int(s[17]) - '0'
	return ok && check >= 0 && check == (10-sum%10)%10
}

func weigh(s string, size int, term func(digit, weight int) int) (sum int, ok bool) {
	if len(s) != size || number(s) < 0 {
		return 0, false
	}
	for i := range len(s) {
		sum += term(int(s[i]-'0'), [...]int{3, 7, 1}[i%3])
	}
	return sum, true
}
