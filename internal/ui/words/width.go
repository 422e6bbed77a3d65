package words

import (
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// Cells is how much room s takes on a terminal: two cells for a character that
// East Asian scripts draw wide and for an emoji, whatever it is made of.
func Cells(s string) int { return displaywidth.String(s) }

// Pad adds spaces until s is width cells wide.
func Pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-Cells(s)))
}

// Column returns the labels of things, each padded to the widest of them, or to most
// cells where that is wider.
func Column[T any](things []T, most int, label func(T) string) []string {
	labels, width := make([]string, len(things)), 0
	for i, t := range things {
		labels[i] = label(t)
		width = max(width, Cells(labels[i]))
	}
	for i := range labels {
		labels[i] = Pad(labels[i], min(width, most))
	}
	return labels
}

// Fold breaks s into lines of at most width cells, at spaces. A word that is
// longer stands on a line of its own, and a line that begins with a space,
// such as an example or a list, is never broken.
func Fold(s string, width int) []string {
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

func fill(parts []string, width int) []string {
	lines := []string{parts[0]}
	room := width - Cells(parts[0])
	for _, w := range parts[1:] {
		n := 1 + Cells(w)
		if n > room {
			lines = append(lines, w)
			room = width - Cells(w)
			continue
		}
		lines[len(lines)-1] += " " + w
		room -= n
	}
	return lines
}

// Screen is the number of cells in a line of the narrowest terminal that is usual.
const Screen = 80

// Hang returns text behind a first part, in lines that fit a terminal of that many cells:
// those after the first begin below the text. Where there is little room beside the first
// part, the text stands below it. With a width of 0 it stays one line.
func Hang(first, text string, width int) string {
	indent := Cells(first)
	room := width - indent
	switch {
	case width <= 0:
		return first + text
	case room >= beside || room >= Cells(text):
		return first + strings.Join(Fold(text, room), "\n"+strings.Repeat(" ", indent))
	}
	lead := strings.Repeat(" ", min(indent-len(strings.TrimLeft(first, " "))+4, width/4))
	return strings.TrimRight(first, " ") + "\n" + lead + strings.Join(Fold(text, width-len(lead)), "\n"+lead)
}

// beside is how much room a text needs that hangs.
const beside = 20
