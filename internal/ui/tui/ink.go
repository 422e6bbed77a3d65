package tui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"kiraform/internal/ui/words"
)

// ink is how a piece of text looks: one colour at most, and any attributes.
type ink uint16

const (
	red ink = 1 << iota
	green
	yellow
	cyan
	magenta
	faint
	bold
	underline
	reverse
	plain ink = 0
)

// A span is text in one ink.
type span struct {
	text string
	ink  ink
}

// A line is the text on one row of the screen, before it is cut to a width and
// painted. Layout works on lines and never sees an escape code.
type line []span

func uninked(text string) line { return inked(plain, text) }

func inked(i ink, text string) line { return line{{text, i}} }

// cells is how much room l takes, wide characters counted as two.
func (l line) cells() int {
	n := 0
	for _, s := range l {
		n += words.Cells(s.text)
	}
	return n
}

// String is l without looks.
func (l line) String() string {
	var b strings.Builder
	for _, s := range l {
		b.WriteString(s.text)
	}
	return b.String()
}

// cut shortens l to width cells. Dots take the place of the rest.
func (l line) cut(width int) line {
	if width <= 0 {
		return nil
	}
	if l.cells() <= width {
		return l
	}
	var out line
	room := width - 1
	for _, s := range l {
		w := words.Cells(s.text)
		if w > room {
			return append(out, span{ansi.Truncate(s.text, room, "") + "…", s.ink})
		}
		out = append(out, s)
		room -= w
	}
	return out
}

// fill cuts or pads l to exactly width cells.
func (l line) fill(width int) line {
	l = l.cut(width)
	if gap := width - l.cells(); gap > 0 {
		return append(l[:len(l):len(l)], span{strings.Repeat(" ", gap), plain})
	}
	return l
}

// spread puts l at the left and right at the right end of width cells. The
// right part gives way if there is no room for both.
func (l line) spread(right line, width int) line {
	gap := width - l.cells() - right.cells()
	if gap < 1 {
		return l.fill(width)
	}
	out := append(l[:len(l):len(l)], span{strings.Repeat(" ", gap), plain})
	return append(out, right...)
}
