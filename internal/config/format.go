package config

import (
	"bytes"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// Format returns src, a file in HCL's native syntax called name, in the
// canonical style: that of terraform fmt. A file that is not HCL comes back
// unchanged, with diagnostics.
func Format(name string, src []byte) ([]byte, hcl.Diagnostics) {
	if diags := guard(src, name, false); diags.HasErrors() {
		return src, diags
	}
	if _, diags := hclsyntax.ParseConfig(src, name, hcl.InitialPos); diags.HasErrors() {
		return src, diags
	}
	f, diags := hclwrite.ParseConfig(src, name, hcl.InitialPos)
	if diags.HasErrors() {
		return src, diags
	}
	modernise(f.Body(), nil)
	out := f.Bytes()
	if len(out) > 0 && !bytes.HasSuffix(out, []byte("\n")) {
		out = append(out, '\n')
	}
	return out, nil
}

// modernise writes older forms in the newer one: "${x}" is x, labels have
// quotes, and types are no texts.
func modernise(body *hclwrite.Body, in []string) {
	for _, name := range slices.Sorted(maps.Keys(body.Attributes())) {
		tokens := body.GetAttribute(name).Expr().BuildTokens(nil)
		if len(in) == 1 && in[0] == "variable" && name == "type" {
			body.SetAttributeRaw(name, modernType(tokens))
		} else {
			body.SetAttributeRaw(name, unwrapped(tokens))
		}
	}
	for _, b := range body.Blocks() {
		b.SetLabels(b.Labels())
		modernise(b.Body(), append(slices.Clone(in), b.Type()))
	}
}

// unwrapped takes the quotes and braces of a template away that is one
// interpolation and no more.
func unwrapped(tokens hclwrite.Tokens) hclwrite.Tokens {
	n := len(tokens)
	if n < 5 || tokens[0].Type != hclsyntax.TokenOQuote || tokens[1].Type != hclsyntax.TokenTemplateInterp ||
		tokens[n-2].Type != hclsyntax.TokenTemplateSeqEnd || tokens[n-1].Type != hclsyntax.TokenCQuote {
		return tokens
	}
	inside := tokens[2 : n-2]
	quotes := 0
	for _, t := range inside {
		switch t.Type {
		case hclsyntax.TokenOQuote:
			quotes++
		case hclsyntax.TokenCQuote:
			quotes--
		case hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateSeqEnd:
			if quotes == 0 {
				return tokens // more than one
			}
		}
	}
	isNewline := func(t *hclwrite.Token) bool { return t.Type == hclsyntax.TokenNewline }
	for len(inside) > 0 && isNewline(inside[0]) {
		inside = inside[1:]
	}
	for len(inside) > 0 && isNewline(inside[len(inside)-1]) {
		inside = inside[:len(inside)-1]
	}
	if len(inside) == 0 {
		return tokens
	}
	first, last := inside[0].Type == hclsyntax.TokenOParen, inside[len(inside)-1].Type == hclsyntax.TokenCParen
	if slices.ContainsFunc(inside, isNewline) && !(first && last) {
		inside = slices.Concat(hclwrite.Tokens{punctuation(hclsyntax.TokenOParen, "(")}, inside, hclwrite.Tokens{punctuation(hclsyntax.TokenCParen, ")")})
	}
	return inside
}

func punctuation(t hclsyntax.TokenType, s string) *hclwrite.Token {
	return &hclwrite.Token{Type: t, Bytes: []byte(s)}
}

// modernType writes a type without quotes, and gives a collection the type of
// its elements.
func modernType(tokens hclwrite.Tokens) hclwrite.Tokens {
	word, element := "", "any"
	switch {
	case len(tokens) == 1 && tokens[0].Type == hclsyntax.TokenIdent:
		word = string(tokens[0].Bytes)
	case len(tokens) == 3 && tokens[0].Type == hclsyntax.TokenOQuote && tokens[1].Type == hclsyntax.TokenQuotedLit && tokens[2].Type == hclsyntax.TokenCQuote:
		word, element = string(tokens[1].Bytes), "string"
		if word == "string" {
			return hclwrite.Tokens{punctuation(hclsyntax.TokenIdent, word)}
		}
	}
	if word != "list" && word != "map" && (word != "set" || element == "string") {
		return tokens
	}
	return hclwrite.Tokens{punctuation(hclsyntax.TokenIdent, word), punctuation(hclsyntax.TokenOParen, "("),
		punctuation(hclsyntax.TokenIdent, element), punctuation(hclsyntax.TokenCParen, ")")}
}
