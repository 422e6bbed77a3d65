package config

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Format returns src in the canonical layout: two spaces for each bracket that
// is open, one between what belongs apart, and equals signs and comments that
// follow each other in line. Only space changes, never the tokens. Source that
// cannot be parsed, or would not mean the same, is returned as it is.
func Format(src []byte) []byte {
	if guard(src, "", false).HasErrors() {
		return src
	}
	if _, diags := hclsyntax.ParseConfig(src, "", hcl.InitialPos); diags.HasErrors() {
		return src
	}
	tokens, _ := hclsyntax.LexConfig(src, "", hcl.InitialPos)
	lines := splitLines(src, tokens)
	indent(lines)
	align(lines, false)
	align(lines, true)
	out := join(lines)
	if !sameTokens(tokens, out) {
		return src
	}
	return out
}

// line is one line of source, or more where a heredoc spans them.
type line struct {
	words   []word
	depth   int
	net     int    // brackets that stay open
	name    string // what is before an equals sign that is aligned, or ""
	body    string // the rest without the comment
	comment string // at the end, or ""
}

// word is what is never split: a token, a quoted string, or a heredoc.
type word struct {
	kind   hclsyntax.TokenType
	text   string
	spaced bool // there was space before it
}

// splitLines cuts the tokens into lines and words.
func splitLines(src []byte, tokens hclsyntax.Tokens) []line {
	lines := []line{{}}
	end := 0
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		last := &lines[len(lines)-1]
		w := word{kind: t.Type, text: string(t.Bytes), spaced: t.Range.Start.Byte > end}
		switch t.Type {
		case hclsyntax.TokenEOF:
			return lines
		case hclsyntax.TokenNewline:
			end = t.Range.End.Byte
			lines = append(lines, line{})
			continue
		case hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc:
			i = closing(tokens, i)
			w.text = string(src[t.Range.Start.Byte:tokens[i].Range.End.Byte])
		}
		end = tokens[i].Range.End.Byte
		whole := strings.HasSuffix(w.text, "\n") // a comment to the end of its line, or a heredoc
		w.text = strings.TrimSuffix(strings.TrimSuffix(w.text, "\n"), "\r")
		last.words = append(last.words, w)
		if whole {
			lines = append(lines, line{})
		}
	}
	return lines
}

// closing returns the token that ends the string or heredoc begun at i.
func closing(tokens hclsyntax.Tokens, i int) int {
	depth := 0
	for ; i < len(tokens); i++ {
		switch tokens[i].Type {
		case hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc:
			depth++
		case hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(tokens) - 1
}

// indent works out the depth of every line, and its text. Brackets that are
// opened in one line and stay open count as one step.
func indent(lines []line) {
	var open []int // brackets opened by each line that began a step
	shut := func() {
		if n := len(open); n > 0 {
			if open[n-1]--; open[n-1] == 0 {
				open = open[:n-1]
			}
		}
	}
	for i := range lines {
		l := &lines[i]
		leading, fresh := true, 0
		l.depth = len(open)
		for _, w := range l.words {
			switch {
			case opens(w.kind):
				fresh++
			case closes(w.kind) && fresh > 0:
				fresh--
			case closes(w.kind):
				shut()
				l.net--
				if leading {
					l.depth = len(open)
				}
			}
			leading = leading && closes(w.kind)
		}
		if fresh > 0 {
			open = append(open, fresh)
		}
		l.net += fresh
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
func (l *line) pads(comments bool) bool { return comments && l.comment != "" || !comments && l.name != "" }

// width is the room that what is before takes.
func (l *line) width(comments bool) int {
	n := utf8.RuneCountInString(l.name)
	if comments {
		n += utf8.RuneCountInString(l.body) + min(n, 1)
	}
	return n
}

// join writes the lines, without space at their ends.
func join(lines []line) []byte {
	var b bytes.Buffer
	for i := range lines {
		l := &lines[i]
		text := l.name
		if l.name != "" {
			text += " "
		}
		text += l.body
		if l.comment != "" {
			text += " " + l.comment
		}
		if text = strings.TrimRight(text, " "); text != "" {
			b.WriteString(strings.Repeat("  ", l.depth) + text)
		}
		if i < len(lines)-1 {
			b.WriteByte('\n')
		}
	}
	if out := bytes.TrimRight(b.Bytes(), "\n"); len(out) > 0 {
		return append(out, '\n')
	}
	return nil
}

// sameTokens reports whether out has the tokens that it was made from.
func sameTokens(want hclsyntax.Tokens, out []byte) bool {
	got, _ := hclsyntax.LexConfig(out, "", hcl.InitialPos)
	want, got = withoutNewlines(want), withoutNewlines(got)
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		a := strings.ReplaceAll(string(want[i].Bytes), "\r\n", "\n")
		if want[i].Type != got[i].Type || a != string(got[i].Bytes) && want[i].Type != hclsyntax.TokenComment {
			return false
		}
	}
	return true
}

func withoutNewlines(tokens hclsyntax.Tokens) hclsyntax.Tokens {
	return keep(tokens, func(t hclsyntax.Token) bool { return t.Type != hclsyntax.TokenNewline })
}
