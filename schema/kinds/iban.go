package kinds

import (
	"regexp"
	"strings"
	"sync"

	"github.com/zclconf/go-cty/cty"

	"kiraform/schema"
)

// likeIBAN matches a text that looks like an IBAN: a country, two check digits
// and the account.
var likeIBAN = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$`) })

// ibanCheckDigits warns of an account number that looks like an IBAN and is
// none. It stays a risk: any letters may stand in a number (documented 4.1).
func ibanCheckDigits(v cty.Value, _ schema.Env) []schema.Problem {
	number := strings.ToUpper(strings.ReplaceAll(known(v, "account", "account_number"), " ", ""))
	if known(v, "account", "account_type") != "SWIFT" || !likeIBAN().MatchString(number) || isIBAN(number) {
		return nil
	}
	return risk(path("account", "account_number"), "iban-check-digits", "IBAN with wrong check digits",
		"This account number looks like an IBAN, but its check digits do not fit the rest. Compare it with what you were given.")
}

// isIBAN follows ISO 13616: with the first four characters moved to the end,
// and letters counted from 10, the number leaves 1 when divided by 97.
func isIBAN(number string) bool {
	rest := 0
	for _, c := range []byte(number[4:] + number[:4]) {
		if c >= 'A' {
			rest = (rest*100 + int(c-'A') + 10) % 97
		} else {
			rest = (rest*10 + int(c-'0')) % 97
		}
	}
	return rest == 1
}
