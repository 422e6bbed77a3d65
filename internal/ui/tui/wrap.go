package tui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"kiraform/internal/ui/words"
)

// wrap breaks l into lines of at most width cells, at spaces where it can. All
// but the first begin with hang spaces.
func (l line) wrap(width, hang int) []line {
	if l.cells() <= width || width <= hang+4 {
		return []line{l.cut(width)}
	}
	w := wrapper{width: width, hang: hang}
	for _, s := range l {
		for text := s.text; text != ""; {
			var word string
			word, text = token(text)
			w.add(word, s.ink)
		}
	}
	return append(w.out, w.line)
}

// token splits off the first word of text, or the spaces before it.
func token(text string) (first, rest string) {
	space := text[0] == ' '
	if i := strings.IndexFunc(text, func(r rune) bool { return (r == ' ') != space }); i > 0 {
		return text[:i], text[i:]
	}
	return text, ""
}

// wrapper fills lines word by word.
type wrapper struct {
	width, hang int
	out         []line
	line        line
	used        int  // cells of line
	started     bool // line has a word
}

func (w *wrapper) add(word string, look ink) {
	n := words.Cells(word)
	if word[0] == ' ' {
		if w.used+n < w.width && (w.started || len(w.out) == 0) {
			w.put(word, look, n)
		} else if w.started {
			w.next()
		}
		return
	}
	if w.used+n > w.width && w.started && n <= w.width-w.hang {
		w.next()
	}
	for n > w.width-w.used { // longer than a line: broken anywhere
		head := ansi.Truncate(word, w.width-w.used, "")
		if head == "" && w.used == w.hang {
			break // not even one wide character fits
		}
		w.put(head, look, words.Cells(head))
		w.next()
		word = word[len(head):]
		n = words.Cells(word)
	}
	if word != "" {
		w.put(word, look, n)
		w.started = true
	}
}

func (w *wrapper) put(text string, look ink, cells int) {
	w.line = append(w.line, span{text, look})
	w.used += cells
}

func (w *wrapper) next() {
	for i := len(w.line) - 1; i >= 0 && strings.TrimSpace(w.line[i].text) == ""; i-- {
		w.line = w.line[:i]
	}
	w.out = append(w.out, w.line)
	w.line, w.used, w.started = nil, 0, false
	if w.hang > 0 {
		w.put(strings.Repeat(" ", w.hang), plain, w.hang)
	}
}
