package tui

import (
	"strings"
	"unicode"

	"kiraform/internal/textdiff"
)

// longText is from how many characters on a changed string is shown as two
// lines with the changed words marked.
const longText = 40

// diffLines shows how a text of several lines changes, with the changed words
// of lines that stand for each other marked.
func diffLines(before, after string) []line {
	var out []line
	diff := textdiff.Diff(safe(before), safe(after)) // whole: a word of it alone looks harmless
	for i := 0; i < len(diff); {
		if diff[i].Op == textdiff.Same {
			out = append(out, uninked("  "+safe(diff[i].Text)))
			i++
			continue
		}
		var gone, come []string
		for ; i < len(diff) && diff[i].Op != textdiff.Same; i++ {
			if diff[i].Op == textdiff.Remove {
				gone = append(gone, diff[i].Text)
			} else {
				come = append(come, diff[i].Text)
			}
		}
		out = append(out, pairs(gone, come)...)
	}
	return out
}

// pairs shows lines that go and lines that take their place.
func pairs(gone, come []string) []line {
	var minus, plus []line
	for i := range max(len(gone), len(come)) {
		switch {
		case i >= len(gone):
			plus = append(plus, line{{"+ ", green}, {safe(come[i]), green}})
		case i >= len(come):
			minus = append(minus, line{{"- ", red}, {safe(gone[i]), red}})
		default:
			a, b := diffWords(gone[i], come[i])
			minus = append(minus, append(line{{"- ", red}}, a...))
			plus = append(plus, append(line{{"+ ", green}}, b...))
		}
	}
	return append(minus, plus...)
}

// diffWords returns both lines, with the words underlined that only one of
// them has. Lines with nothing in common are not marked: that would be all.
func diffWords(before, after string) (a, b line) {
	same := 0
	for _, d := range textdiff.Diff(oneWordALine(before), oneWordALine(after)) {
		switch text := safe(d.Text); d.Op {
		case textdiff.Remove:
			a = append(a, span{text, red | underline | bold})
		case textdiff.Add:
			b = append(b, span{text, green | underline | bold})
		default:
			same += len(strings.TrimSpace(text))
			a, b = append(a, span{text, red}), append(b, span{text, green})
		}
	}
	if same == 0 {
		return inked(red, safe(before)), inked(green, safe(after))
	}
	return a, b
}

// oneWordALine puts every word, and the text between words, on a line of its
// own, so that a comparison of lines compares words.
func oneWordALine(s string) string {
	var b strings.Builder
	last := -1
	for _, r := range s {
		class := 0
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '_':
			class = 1
		case unicode.IsSpace(r):
			class = 2
		}
		if last >= 0 && (class != last || class == 0) {
			b.WriteByte('\n')
		}
		b.WriteRune(r)
		last = class
	}
	return b.String() + "\n"
}
