package tui

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// safe spells out what a terminal would act on. Kira's answers and the user's
// files end up on the screen, and neither may move the cursor. Line feeds stay;
// a tab becomes spaces, since its width depends on where it stands.
func safe(s string) string {
	if utf8.ValidString(s) && !strings.ContainsFunc(s, acts) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\t':
			b.WriteString("    ")
		case r > 0xffff && acts(r):
			fmt.Fprintf(&b, `\U%08x`, r)
		case acts(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// acts reports whether a terminal may do something else with r than show it.
// The joiners that emoji and some scripts need are harmless.
func acts(r rune) bool {
	switch r {
	case '\n', '\u200c', '\u200d', '\u00ad':
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

// inline is safe for a text that has to stay on its row.
func inline(s string) string { return strings.ReplaceAll(safe(s), "\n", " ") }

// firstLine is the beginning of a text of which the rest is shown elsewhere.
func firstLine(s string) string {
	first, _, _ := strings.Cut(s, "\n")
	return safe(first)
}

// count spells a number of things: "1 resource", "2 resources".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
