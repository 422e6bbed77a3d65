package text

import (
	"strings"
	"unicode"
)

// wrap breaks s into lines of at most width cells, at spaces. A word that is
// longer stands on a line of its own, and a line that begins with a space,
// such as an example or a list, is never broken.
func wrap(s string, width int) []string {
	var out []string
	for line := range strings.SplitSeq(s, "\n") {
		if strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t") {
			out = append(out, line)
			continue
		}
		out = append(out, fill(strings.Split(line, " "), width)...)
	}
	return out
}

func fill(words []string, width int) []string {
	lines := []string{words[0]}
	room := width - cells(words[0])
	for _, w := range words[1:] {
		n := 1 + cells(w)
		if n > room {
			lines = append(lines, w)
			room = width - cells(w)
			continue
		}
		lines[len(lines)-1] += " " + w
		room -= n
	}
	return lines
}

// pad adds spaces until s is width cells wide.
func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-cells(s)))
}

// cells is how much room s takes on a terminal: two cells for what East Asian
// scripts and emoji draw wide, none for what is drawn over its neighbour.
func cells(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case r < 0x300:
			n++
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case unicode.Is(wide, r):
			n += 2
		default:
			n++
		}
	}
	return n
}

// wide holds the blocks that Unicode's EastAsianWidth gives as wide or full
// width, without the single exceptions inside them.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x1100, Hi: 0x115f, Stride: 1}, // Hangul, leading consonants
		{Lo: 0x2e80, Hi: 0x303e, Stride: 1}, // radicals, CJK punctuation
		{Lo: 0x3041, Hi: 0xa4cf, Stride: 1}, // kana to Yi
		{Lo: 0xac00, Hi: 0xd7a3, Stride: 1}, // Hangul
		{Lo: 0xf900, Hi: 0xfaff, Stride: 1}, // compatibility ideographs
		{Lo: 0xfe30, Hi: 0xfe6f, Stride: 1}, // vertical and small forms
		{Lo: 0xff00, Hi: 0xff60, Stride: 1}, // full width ASCII
		{Lo: 0xffe0, Hi: 0xffe6, Stride: 1}, // full width signs
	},
	R32: []unicode.Range32{
		{Lo: 0x1f300, Hi: 0x1f64f, Stride: 1}, // pictographs, faces
		{Lo: 0x1f680, Hi: 0x1f6ff, Stride: 1}, // transport
		{Lo: 0x1f900, Hi: 0x1f9ff, Stride: 1}, // more pictographs
		{Lo: 0x20000, Hi: 0x3fffd, Stride: 1}, // ideographs
	},
}
