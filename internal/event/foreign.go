package event

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Foreign is a text that comes from elsewhere: a message of Kira, a reason, a
// name or the name of a file in an answer, a value. It is kept, and recorded,
// as it came. A view shows it by one of its methods, so that it can neither
// move the cursor nor look like another text. Printed as it is, it is [Foreign.Line].
type Foreign string

// Lines returns the text with everything spelled out that a terminal would act
// upon or not show. Line feeds and tabs stay.
func (f Foreign) Lines() string {
	s := string(f)
	if utf8.ValidString(s) && !strings.ContainsFunc(s, odd) {
		return s
	}
	var b strings.Builder
	runes := []rune(s)
	for i, r := range runes {
		if odd(r) && !(joins(r) && i > 0 && i+1 < len(runes) && joined(runes[i-1]) && joined(runes[i+1])) {
			b.WriteString(escape(r))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Line is like Lines for a text that has to stay on its line.
func (f Foreign) Line() string { return strings.ReplaceAll(f.Lines(), "\n", " ") }

// Brief is like Line for a name or an id in a row of many: one that is longer than any
// of Kira's is cut, since whoever sent it may have meant to fill the page.
func (f Foreign) Brief() string {
	n := 0
	for i := range f {
		if n++; n > longestBrief {
			return f[:i].Line() + "…"
		}
	}
	return f.Line()
}

// longestBrief is in characters.
const longestBrief = 100

// First is the first line, of a text of which the rest is shown elsewhere.
func (f Foreign) First() string {
	first, _, _ := strings.Cut(string(f), "\n")
	return Foreign(first).Lines()
}

// String implements [fmt.Stringer].
func (f Foreign) String() string { return f.Line() }

// Quoted spells the text as a string of HCL, except that templates, which do
// not occur in values, stay as they are.
func (f Foreign) Quoted() string {
	return `"` + Foreign(quoting.Replace(string(f))).Lines() + `"`
}

var quoting = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`)

// odd reports whether r is something else than a character to look at: a
// control or a format character, among which are those that turn the direction
// of writing, a separator of lines, or a letter that has no shape.
func odd(r rune) bool {
	switch r {
	case '\n', '\t':
		return false
	case '\u034f', '\u115f', '\u1160', '\u17b4', '\u17b5', '\u3164', '\uffa0':
		return true
	}
	return r >= 0x7f && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) || r < ' '
}

// joins reports whether r joins its neighbours, as emoji and some scripts need;
// joined, whether it may.
func joins(r rune) bool  { return r == '\u200c' || r == '\u200d' }
func joined(r rune) bool { return r > 0x2ff && !odd(r) }

// escape spells out one character.
func escape(r rune) string {
	switch r {
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	case '\t':
		return `\t`
	}
	if r > 0xffff {
		return fmt.Sprintf(`\U%08x`, r)
	}
	return fmt.Sprintf(`\u%04x`, r)
}
