package config

import (
	"bytes"
	"strings"

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
