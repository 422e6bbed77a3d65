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
// rest of a line begins a little behind its first word, or below that of an indented one. A command to paste is never
// broken, and neither is a word. With a width of 0 s stays as it is.
func Fit(s string, width int) string {
	if width <= 0 || len(s) <= width {
		return s
	}
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if len(line) > width && shownCells(line) > width && !isCommand(line) {
			lines[i] = strings.Join(hung(line, width), "\n")
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

// isCommand reports whether a line is one to paste.
func isCommand(line string) bool { return strings.HasPrefix(strings.TrimLeft(line, " >"), "kiraform ") }

// hung breaks one line.
func hung(line string, width int) []string {
	text := strings.TrimLeft(line, " ")
	first := line[:len(line)-len(text)]
	more := 2
	if r, _ := utf8.DecodeRuneInString(text); len(first) > 0 && unicode.IsLetter(r) {
		more = 0 // it is a sentence or a list, and not a line behind a sign
	}
	indent := strings.Repeat(" ", min(len(first)+more, width/2))
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
// them.
func TableIn(rows [][]string, width int) string {
	all := Table(rows)
	if width <= 0 || !overflows(all, width) {
		return all
	}
	left := make([][]string, len(rows))
	for i, row := range rows {
		left[i] = append(append([]string{}, row[:max(len(row)-1, 0)]...), "")
	}
	var b strings.Builder
	for i, line := range strings.Split(strings.TrimSuffix(Table(left), "\n"), "\n") {
		last := rows[i][len(rows[i])-1]
		room := width - Cells(line)
		if room < narrow {
			b.WriteString(strings.TrimRight(line, " ") + "\n    " + strings.Join(Fold(last, width-4), "\n    ") + "\n")
			continue
		}
		b.WriteString(line + strings.Join(Fold(last, room), "\n"+strings.Repeat(" ", Cells(line))) + "\n")
	}
	return b.String()
}

func overflows(text string, width int) bool {
	for line := range strings.SplitSeq(text, "\n") {
		if len(line) > width && Cells(line) > width {
			return true
		}
	}
	return false
}
