package schema

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Spells reports whether two texts are one value in two spellings: in another
// case, Unicode form or white space and, as far as the attribute's form allows
// it, with other punctuation of a phone number, form of a date or country code.
func (a *Attr) Spells(x, y string) bool {
	switch a.Format {
	case E164:
		return sameNonEmpty(digits(x), digits(y))
	case Date:
		return sameNonEmpty(day(x), day(y))
	case Alpha2, Alpha3:
		if sameNonEmpty(toAlpha3(strings.TrimSpace(x)), toAlpha3(strings.TrimSpace(y))) {
			return true
		}
	}
	return strings.EqualFold(plainSpelling(x), plainSpelling(y))
}

func sameNonEmpty(x, y string) bool { return x != "" && x == y }

// plainSpelling is a text in one Unicode form, with one space where it has any.
func plainSpelling(s string) string { return strings.Join(strings.Fields(norm.NFC.String(s)), " ") }

// digits returns the digits of a phone number as it is dialled from abroad.
func digits(s string) string {
	all := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, norm.NFKC.String(s))
	return strings.TrimPrefix(all, "00")
}

// day returns the day that a date or time begins with, as YYYYMMDD, or "" if it
// does not begin with the year.
func day(s string) string {
	var out strings.Builder
	for i, r := range strings.TrimSpace(s) {
		switch {
		case out.Len() == 8 && unicode.IsDigit(r):
			return "" // a longer number
		case out.Len() == 8:
			return out.String()
		case r >= '0' && r <= '9':
			out.WriteRune(r)
		case i == 4 || i == 7:
		default:
			return ""
		}
	}
	if out.Len() != 8 {
		return ""
	}
	return out.String()
}
