package tui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
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
	plain ink = 0
)

// A span is text in one ink.
type span struct {
	text string
	ink  ink
}

// A line is what stands on one row of the screen, before it is cut to a width
// and painted. Layout works on lines and never sees an escape code.
type line []span

func words(text string) line { return line{{text, plain}} }

func inked(i ink, text string) line { return line{{text, i}} }

// cells is how much room l takes, wide characters counted as two.
func (l line) cells() int {
	n := 0
	for _, s := range l {
		n += ansi.StringWidth(s.text)
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

// cut shortens l to width cells. What is left out leaves dots behind.
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
		w := ansi.StringWidth(s.text)
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

// wrap breaks l into lines of at most width cells, at spaces where it can. All
// but the first line begin with indent spaces.
func (l line) wrap(width, indent int) []line {
	if l.cells() <= width || width <= indent+4 {
		return []line{l.cut(width)}
	}
	broken := ansi.Wrap(l.String(), width, "")
	if indent > 0 {
		first, rest, _ := strings.Cut(broken, "\n")
		rest = ansi.Wrap(strings.ReplaceAll(rest, "\n", " "), width-indent, "")
		broken = first + "\n" + rest
	}
	return l.reflow(strings.Split(broken, "\n"), indent)
}

// reflow hands the inks of l out to its text as it was broken into rows.
// Breaking drops spaces, so the two are walked side by side.
func (l line) reflow(rows []string, indent int) []line {
	type cell struct {
		r   rune
		ink ink
	}
	var all []cell
	for _, s := range l {
		for _, r := range s.text {
			all = append(all, cell{r, s.ink})
		}
	}
	var out []line
	at := 0
	for i, row := range rows {
		var ln line
		if i > 0 && indent > 0 {
			ln = words(strings.Repeat(" ", indent))
		}
		for _, r := range row {
			for at < len(all) && all[at].r != r && all[at].r == ' ' {
				at++
			}
			look := plain
			if at < len(all) && all[at].r == r {
				look = all[at].ink
				at++
			}
			if n := len(ln); n > 0 && ln[n-1].ink == look {
				ln[n-1].text += string(r)
			} else {
				ln = append(ln, span{string(r), look})
			}
		}
		out = append(out, ln)
	}
	return out
}
