package config

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// withoutSecrets leaves out of a block the comments, and each text and number whose
// name is not harmless.
func withoutSecrets(block []byte, harmless func(name string) bool) string {
	if harmless == nil {
		harmless = func(string) bool { return false }
	}
	tokens, _ := hclsyntax.LexConfig(block, "", hcl.InitialPos)
	var b strings.Builder
	var outer []string // names around the one that a value belongs to
	last, name, inside := 0, "", false
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		b.Write(block[last:t.Range.Start.Byte])
		text := string(t.Bytes)
		switch t.Type {
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack:
			outer, inside = append(outer, name), true
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack:
			if n := len(outer); n > 0 {
				name, outer = outer[n-1], outer[:n-1]
			}
		case hclsyntax.TokenComment:
			text = text[len(strings.TrimRight(text, "\r\n")):]
		case hclsyntax.TokenIdent:
			if named(tokens[i+1:]) {
				name = text
			}
		case hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc:
			if n, ok := quotedName(tokens[i:]); ok {
				name = n
				break
			}
			end := closing(tokens, i)
			if inside && !harmless(name) {
				text, t = `"..."`, tokens[end]
				i = end
			}
		case hclsyntax.TokenNumberLit:
			if !harmless(name) {
				text = `"..."`
			}
		}
		b.WriteString(text)
		last = t.Range.End.Byte
	}
	return b.String()
}

// named reports whether the name of a value comes before tokens.
func named(tokens hclsyntax.Tokens) bool {
	return len(tokens) > 0 && (tokens[0].Type == hclsyntax.TokenEqual || tokens[0].Type == hclsyntax.TokenColon)
}

// closing returns the token that ends the text which begins at i.
func closing(tokens hclsyntax.Tokens, i int) int {
	depth := 0
	for ; i < len(tokens)-1; i++ {
		switch tokens[i].Type {
		case hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc:
			depth++
		case hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return i
}
