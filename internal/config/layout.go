package config

import (
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// steps is the number of open brackets that each line which opened any still
// has; each is one step of indentation.
type steps []int

// shut closes a bracket, and reports whether its step stays open.
func (s *steps) shut() bool {
	last := len(*s) - 1
	if last < 0 {
		return false
	}
	if (*s)[last]--; (*s)[last] > 0 {
		return true
	}
	*s = (*s)[:last]
	return false
}

// indent works out the depth of every line, and its text.
func indent(lines []line) {
	var open steps
	for i := range lines {
		l := &lines[i]
		l.depth = len(open)
		leading, inside, fresh := true, false, 0
		for _, w := range l.words {
			leading = leading && closes(w.kind)
			switch {
			case opens(w.kind):
				fresh++
			case closes(w.kind) && fresh > 0:
				fresh--
			case closes(w.kind):
				inside = open.shut()
				l.net--
				if leading {
					l.depth = len(open)
				}
			}
		}
		l.net += fresh
		switch {
		case fresh > 0 && inside: // "}, {" goes on with the step that it is in
			open[len(open)-1] += fresh
		case fresh > 0:
			open = append(open, fresh)
		}
		l.write()
	}
}

func opens(k hclsyntax.TokenType) bool {
	return k == hclsyntax.TokenOBrace || k == hclsyntax.TokenOBrack || k == hclsyntax.TokenOParen
}

func closes(k hclsyntax.TokenType) bool {
	return k == hclsyntax.TokenCBrace || k == hclsyntax.TokenCBrack || k == hclsyntax.TokenCParen
}

// write puts the words of l together.
func (l *line) write() {
	words := l.words
	if n := len(words); n > 1 && words[n-1].kind == hclsyntax.TokenComment {
		l.comment, words = words[n-1].text, words[:n-1]
	}
	if l.aligned(words) {
		l.name, words = words[0].text, words[1:]
	}
	var b strings.Builder
	for i, w := range words {
		if i > 0 && spaceBetween(words[:i], w) {
			b.WriteByte(' ')
		}
		b.WriteString(w.text)
	}
	l.body = b.String()
}

// aligned reports whether the words are an attribute that fits on its line.
func (l *line) aligned(words []word) bool {
	if len(words) < 3 || words[1].kind != hclsyntax.TokenEqual || l.net != 0 {
		return false
	}
	if k := words[0].kind; k != hclsyntax.TokenIdent && k != hclsyntax.TokenOQuote {
		return false
	}
	for _, w := range words {
		if strings.Contains(w.text, "\n") {
			return false
		}
	}
	return true
}

// align pads names, or what is before comments, to one width wherever such
// lines follow each other at one depth.
func align(lines []line, comments bool) {
	for i := 0; i < len(lines); i++ {
		end, width := i, 0
		for end < len(lines) && lines[end].depth == lines[i].depth && lines[end].pads(comments) {
			width = max(width, lines[end].width(comments))
			end++
		}
		for j := i; j < end; j++ {
			pad := strings.Repeat(" ", width-lines[j].width(comments))
			if comments {
				lines[j].body += pad
			} else {
				lines[j].name += pad
			}
		}
		i = max(i, end-1)
	}
}

// pads reports whether something in l stands in line with the lines around it.
func (l *line) pads(comments bool) bool {
	return comments && l.comment != "" || !comments && l.name != ""
}

// width is the room that what is before takes.
func (l *line) width(comments bool) int {
	n := utf8.RuneCountInString(l.name)
	if comments {
		n += utf8.RuneCountInString(l.body) + min(n, 1)
	}
	return n
}
