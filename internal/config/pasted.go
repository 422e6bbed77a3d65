package config

import (
	"regexp"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"kiraform/internal/diag"
)

// Kira's documents show bodies in JSON, and people paste them into a block:
// names in quotes, colons, commas. Below the first level that is HCL as well;
// on it, it is not.

// blockHeader is how the line of a block begins whose arguments are sent to Kira: a
// resource, or the config of an action.
var blockHeader = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\s*(?:(?:resource|data)\s+"[^"]*"\s+"[^"]*"|config)\s*\{`)
})

// pastedBody is how such a body begins: with a name in quotes or before a colon, or
// with a brace, perhaps after comments.
var pastedBody = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:\s*(?:#|//)[^\n]*\n)*\s*("[A-Za-z_]+"\s*[:=]|[A-Za-z_]+\s*:|\{)`)
})

var emptyLine = regexp.MustCompile(`(?m)^[ \t]*\r?\n`)

// A longer text, or one that comes oftener, is no body that somebody pasted.
const (
	longestBody = 1 << 16
	mostPasted  = 20
)

// pasted returns an error with the corrected block if a block of a file that
// does not parse holds a body in JSON, else nil. It shows the values of harmless names.
func pasted(src []byte, name string, harmless func(name string) bool) hcl.Diagnostics {
	var diags hcl.Diagnostics
	lines := strings.SplitAfter(string(src), "\n")
	for i, offset := 0, 0; i < len(lines); i++ {
		start := offset
		offset += len(lines[i])
		header := blockHeader().FindString(lines[i])
		if header == "" || len(diags) == mostPasted {
			continue
		}
		body := src[start+len(header) : min(len(src), start+len(header)+longestBody)]
		if !pastedBody().Match(body) {
			continue
		}
		fixed, changed := unpaste(string(body))
		if !changed {
			continue
		}
		fixed = emptyLine.ReplaceAllString(fixed, "")
		block := hclwrite.Format([]byte(header + "\n" + fixed))
		if _, d := hclsyntax.ParseConfig(block, name, hcl.InitialPos); d.HasErrors() {
			continue
		}
		rng := hcl.Range{Filename: name, Start: hcl.Pos{Line: i + 1, Column: 1, Byte: start},
			End: hcl.Pos{Line: i + 1, Column: len(strings.TrimRight(lines[i], "\r\n")) + 1, Byte: start + len(strings.TrimRight(lines[i], "\r\n"))}}
		diags = append(diags, diag.Error("pasted-body", &rng, "A body in JSON",
			"Between the braces of a block, names have no quotes, an equals sign stands for the colon, and no comma ends a line. "+
				"Values that may be secret are left out. Write:\n\n%s", strings.TrimRight(withoutSecrets(block, harmless), "\n")))
	}
	return diags
}

// unpaste corrects the text after the opening brace of a block, up to the brace
// that closes it.
func unpaste(rest string) (fixed string, changed bool) {
	tokens, _ := hclsyntax.LexConfig([]byte(rest), "", hcl.InitialPos)
	var b strings.Builder
	depth, last, braces := 0, 0, 0
	name := true // the next thing may be the name of an argument
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		b.WriteString(rest[last:t.Range.Start.Byte])
		text := string(t.Bytes)
		switch t.Type {
		case hclsyntax.TokenEOF:
			return "", false
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
			if depth == 0 && name && t.Type == hclsyntax.TokenOBrace {
				text, changed = "", true // the whole object was pasted
				braces++
				break
			}
			depth++
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenTemplateSeqEnd:
			switch {
			case depth > 0:
				depth--
			case braces > 0:
				braces--
				text = ""
			default:
				return b.String() + "\n" + text + "\n", changed
			}
		case hclsyntax.TokenOQuote:
			if n, ok := quotedName(tokens[i:]); ok && depth == 0 && name {
				text, changed = n, true
				i += 2
				t = tokens[i]
				name = false
			}
		case hclsyntax.TokenColon:
			if depth == 0 {
				text, changed = " =", true
			}
		case hclsyntax.TokenComma:
			if depth == 0 {
				text, changed, name = "\n", true, true
			}
		case hclsyntax.TokenNewline:
			name = name || depth == 0
		case hclsyntax.TokenIdent:
			name = name && depth > 0
		}
		b.WriteString(text)
		last = t.Range.End.Byte
	}
	return "", false
}

// quotedName returns the name that the tokens begin with, in quotes and before
// a colon or an equals sign.
func quotedName(tokens hclsyntax.Tokens) (string, bool) {
	if len(tokens) < 4 || tokens[1].Type != hclsyntax.TokenQuotedLit || tokens[2].Type != hclsyntax.TokenCQuote {
		return "", false
	}
	follows := tokens[3].Type == hclsyntax.TokenColon || tokens[3].Type == hclsyntax.TokenEqual
	return string(tokens[1].Bytes), follows && hclsyntax.ValidIdentifier(string(tokens[1].Bytes))
}
