package config

import (
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

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
