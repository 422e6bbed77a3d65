package schema

import (
	"regexp"
	"strings"
	"sync"

	"kiraform/internal/diag"
)

// format says how a form is recognised and how it is explained. None of its
// texts holds the value itself.
type format struct {
	ok      func(string) bool
	hint    func(string) string // the value that was probably meant, or ""; may be nil
	code    diag.Code
	summary string
	what    string // "… is not <what>."
	how     string // a sentence of advice
}

var formats = [...]format{
	Any: {},
	Date: {isDate, nil, "invalid-date", "Not a date", "a day that exists",
		`Write the date as YYYY-MM-DD, such as "1990-05-15".`},
	Email: {matches(`^[^\s@<>(),;:"\[\]\\]{1,64}@([\pL\pN]([\pL\pM\pN-]{0,61}[\pL\pM\pN])?\.)+\pL([\pL\pM\pN-]{0,61}[\pL\pM\pN])$`),
		nil, "invalid-email", "Not an e-mail address", "an e-mail address", `Write one with a domain, such as "maria@example.com".`},
	E164: {isE164, phoneHint, "invalid-phone", "Not a phone number", "a phone number in E.164 form",
		`Write "+", the country code and the number, digits only, such as "+525512345678".`},
	Alpha2: {isAlpha2, toAlpha2, "invalid-country", "Not a two-letter country code", "a two-letter country code",
		`Recipients take ISO 3166 alpha-2 codes in upper case, such as "MX"; users take three letters.`},
	Alpha3: {isAlpha3, toAlpha3, "invalid-country", "Not a three-letter country code", "a three-letter country code",
		`Users take ISO 3166 alpha-3 codes in upper case, such as "MEX"; recipients take two letters.`},
	EIN: {matches(`^[0-9]{2}-?[0-9]{7}$`), nil, "invalid-ein", "Not an EIN", "an employer identification number",
		`Write two digits, a hyphen and seven digits, such as "12-3456789".`},
	HTTPURL: {isHTTPURL, nil, "invalid-url", "Not a URL", "an http or https URL",
		`Write it in full, such as "https://example.com/kira".`},
	YesNo: {func(s string) bool { return s == "yes" || s == "no" }, yesNo, "invalid-yes-no", `Not "yes" or "no"`, `"yes" or "no"`,
		`Kira takes these two strings here and refuses booleans. Write "yes" or "no", in quotes.`},
	ABA: {matches(`^[0-9]{9}$`), nil, "invalid-routing-number", "Not a routing number", "a routing number, which has nine digits",
		"Compare it with what the bank gave you."},
	CLABE: {matches(`^[0-9]{18}$`), nil, "invalid-clabe", "Not a CLABE", "a CLABE, which has eighteen digits",
		"Compare it with what the bank gave you."},
	BIC: {matches(`^([A-Za-z0-9]{8}|[A-Za-z0-9]{11})$`), nil, "invalid-bic", "Not a SWIFT code", "a SWIFT code (BIC), which has 8 or 11 letters and digits",
		"Compare it with what the bank gave you."},
	Document: {isDocument, nil, "invalid-document", "Not a document", "a document that Kira can take",
		`Write a data URI such as "data:image/jpeg;base64,${filebase64("front.jpg")}", or an https URL.`},
	Decimal: {matches(`^[0-9]+(\.[0-9]{1,4})?$`), nil, "invalid-decimal", "Not a decimal", "a decimal with up to four places",
		`Write digits, and a point before the places, such as "0.25".`},
	UUID: {matches(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`), nil, "invalid-uuid", "Not an id", "an id in the form of a UUID",
		"Refer to the object, such as kira_user.maria.id, or write its id as Kira shows it."},
}

var (
	isE164    = matches(`^\+[1-9][0-9]{7,14}$`)
	isHTTPURL = matches(`^https?://([^\s/?#@]*@)?([^\s/?#@:\[\]]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?([/?#]\S*)?$`)
)

// matches compiles a pattern when it is asked for first: a command uses few of them.
func matches(pattern string) func(string) bool {
	form := sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
	return func(s string) bool { return form().MatchString(s) }
}

func yesNo(s string) string {
	switch strings.ToLower(s) {
	case "true", "yes", "y":
		return "yes"
	case "false", "no", "n":
		return "no"
	}
	return ""
}

// phoneHint drops the signs that people put between digits.
func phoneHint(s string) string {
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -().", r) {
			return -1
		}
		return r
	}, s)
	if rest, ok := strings.CutPrefix(digits, "00"); ok {
		digits = "+" + rest
	}
	if isE164(digits) {
		return digits
	}
	return ""
}

// Accepts reports whether s has the form.
func (f Format) Accepts(s string) bool { return f == Any || formats[f].ok(s) }

// Words name the form, such as "a day that exists", and how it is written, in a
// sentence. Both are "" for any form.
func (f Format) Words() (form, how string) { return formats[f].what, formats[f].how }
