package discover

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// identifier makes a name for a block or a variable out of words that people
// wrote: "Sofía Peña" becomes sofia_pena. If nothing is left, it is otherwise.
func identifier(otherwise string, words ...string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(strings.Join(words, "_"))) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r): // an accent
		case !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	s := strings.Trim(b.String(), "_")
	switch {
	case s == "":
		return otherwise
	case s[0] <= '9':
		return otherwise + "_" + s
	}
	return s
}
