package words

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

var painted = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("\x1b\\[[0-9;]*m") })

// Fit breaks the lines of s that do not fit a terminal of that many cells, at spaces: the
// rest of a line begins a little behind its first word, or below that of an indented one.
// A command to paste is never broken, and neither is a word or a line in a box, which was
// broken before. With a width of 0 s stays as it is.
func Fit(s string, width int) string {
	if width <= 0 || len(s) <= width {
		return s
	}
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if len(line) > width && shownCells(line) > width && !isWhole(line) {
			lines[i] = strings.Join(broken(line, width), "\n")
		}
	}
	return strings.Join(lines, "\n")
}

// shownCells is how much room s takes without the codes that colour it.
func shownCells(s string) int {
	if strings.Contains(s, "\x1b") {
		s = painted().ReplaceAllString(s, "")
	}
	return Cells(s)
}

// isWhole reports whether a line is one to paste, or in a box.
func isWhole(line string) bool {
	return strings.HasPrefix(strings.TrimLeft(line, " >"), "kiraform ") || strings.HasPrefix(painted().ReplaceAllString(line, ""), "│")
}

// broken breaks one line. A command at its end stays whole, on a line of its own.
func broken(line string, width int) []string {
	text := strings.TrimLeft(line, " ")
	first := line[:len(line)-len(text)]
	more := 2
	if r, _ := utf8.DecodeRuneInString(text); len(first) > 0 && unicode.IsLetter(r) {
		more = 0 // it is a sentence or a list, and not a line behind a sign
	}
	indent := strings.Repeat(" ", min(len(first)+more, width/2))
	if at := strings.LastIndex(text, ": kiraform "); at >= 0 && !strings.Contains(text[at:], ". ") {
		command := text[at+2:]
		return append(hung(first, text[:at+1], indent, width), indent+command)
	}
	return hung(first, text, indent, width)
}

// hung breaks a text behind spaces, and puts others before its further lines.
func hung(first, text, indent string, width int) []string {
	parts := strings.Split(text, " ")
	lines := []string{first + parts[0]}
	room := width - shownCells(lines[0])
	for _, w := range parts[1:] {
		n := 1 + shownCells(w)
		if n > room {
			lines = append(lines, indent+w)
			room = width - len(indent) - n + 1
			continue
		}
		lines[len(lines)-1] += " " + w
		room -= n
	}
	return lines
}

// narrow is how much room the last column of a table has to have, or it gets lines of
// its own.
const narrow = 30

// TableIn is [Table] for a terminal of that many cells; 0 is any number. The last cells
// of rows are broken at spaces, and stand below the others where there is no room beside
// them. So do columns before the last that have no room.
func TableIn(rows [][]string, width int) string {
	all := Table(rows)
	if width <= 0 || !overflows(all, width) {
		return all
	}
	columns, longest := widthsOf(rows), 0
	for _, row := range rows {
		longest = max(longest, Cells(row[len(row)-1]))
	}
	var b strings.Builder
	for _, row := range rows {
		last := row[len(row)-1]
		line := ""
		for i, cell := range row[:len(row)-1] {
			if i > 0 && Cells(line)+columns[i] > width {
				b.WriteString(strings.TrimRight(line, " ") + "\n")
				line = below
			}
			line += Pad(flat.Replace(cell), columns[i]) + gap
		}
		room := width - Cells(line)
		if room < min(narrow, longest) {
			b.WriteString(strings.TrimRight(line, " ") + "\n" + below + strings.Join(Fold(last, width-len(below)), "\n"+below) + "\n")
			continue
		}
		b.WriteString(line + strings.Join(Fold(last, room), "\n"+strings.Repeat(" ", Cells(line))) + "\n")
	}
	return b.String()
}

// below begins the lines of a row behind its first.
const below = "    "

func overflows(text string, width int) bool {
	for line := range strings.SplitSeq(text, "\n") {
		if len(line) > width && Cells(line) > width {
			return true
		}
	}
	return false
}
