package config

import (
	"slices"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// spaceBetween reports whether there is a space between the last of the words
// before and w.
func spaceBetween(before []word, w word) bool {
	last := before[len(before)-1]
	switch {
	case tight(last.kind, w.kind), last.kind == hclsyntax.TokenMinus && unary(before[:len(before)-1]):
		return false
	case w.kind == hclsyntax.TokenOBrack || w.kind == hclsyntax.TokenOParen:
		// An index or a call if written without space; but "in [" and "in ("
		// look the same to the scanner, so it is left as it was.
		return !operand(last) || last.kind == hclsyntax.TokenIdent && w.spaced
	case last.kind == hclsyntax.TokenOBrace && w.kind == hclsyntax.TokenCBrace:
		return false
	}
	return true
}

// tight reports whether the two kinds are always written together.
func tight(last, next hclsyntax.TokenType) bool {
	switch next {
	case hclsyntax.TokenComma, hclsyntax.TokenDot, hclsyntax.TokenCBrack, hclsyntax.TokenCParen,
		hclsyntax.TokenEllipsis, hclsyntax.TokenDoubleColon:
		return true
	}
	switch last {
	case hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenDot, hclsyntax.TokenBang, hclsyntax.TokenDoubleColon:
		return true
	}
	return false
}

// unary reports whether a minus after the given words has one operand only.
func unary(before []word) bool {
	if len(before) == 0 {
		return true
	}
	last := before[len(before)-1]
	return !operand(last) || last.kind == hclsyntax.TokenIdent && slices.Contains([]string{"in", "if"}, last.text)
}

// operand reports whether w can be the end of an expression.
func operand(w word) bool {
	switch w.kind {
	case hclsyntax.TokenIdent, hclsyntax.TokenNumberLit, hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc,
		hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen:
		return true
	}
	return false
}
