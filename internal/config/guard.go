package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/diag"
)

// The parser recurses on nested parts and on chains of operators, and Go cannot
// recover from a stack that is used up. So nesting that no person writes is
// refused before it is parsed.
//
// The files of a configuration are written by people. A variable file may come
// from a program and name everybody there is, so that it may be larger.
const (
	maxSize  = 4 << 20
	maxVars  = 100 << 20
	maxTree  = 16 << 20 // of a variable file that is read with a tree of expressions, which takes about a hundred times its size
	maxDepth = 200      // brackets, quotes and templates inside each other
	maxChain = 1000     // operators in one expression
)

// limitOf is how many bytes a file may have.
func limitOf(name string) int {
	if strings.HasSuffix(name, NativeSuffix) || strings.HasSuffix(name, JSONSuffix) {
		return maxSize
	}
	return maxVars
}

// tooLarge reports whether a file has more bytes than it may have.
func tooLarge(src []byte, name string) bool { return len(src) > limitOf(name) }

// read reads a file, but of one that is too large only so much that guard sees
// that. A pipe is none: to open it waits for somebody who writes.
func read(fsys fs.FS, name string) (src []byte, err error) {
	info, err := fs.Stat(fsys, name)
	if err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no regular file", name)
	}
	size := int64(0)
	if err == nil {
		size = min(info.Size(), int64(limitOf(name))+1)
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	buf := bytes.NewBuffer(make([]byte, 0, size+bytes.MinRead)) // which a large file would outgrow many times
	_, err = buf.ReadFrom(io.LimitReader(f, int64(limitOf(name))+1))
	return buf.Bytes(), errors.Join(err, f.Close())
}

// guard refuses source that is too large or too deeply nested to be parsed.
func guard(src []byte, name string, isJSON bool) hcl.Diagnostics {
	if most := limitOf(name); tooLarge(src, name) {
		return hcl.Diagnostics{diag.Error("file-too-large", &hcl.Range{Filename: name, Start: hcl.InitialPos, End: hcl.InitialPos},
			"File too large", "%s has more than %d bytes. Split it into several files.", name, most)}
	}
	var d *hcl.Diagnostic
	if isJSON {
		d = guardJSON(src, name)
	} else {
		tokens, _ := hclsyntax.LexConfig(src, name, hcl.InitialPos) // the parser reports the mistakes in them
		d = guardTokens(tokens)
	}
	if d == nil {
		return nil
	}
	return hcl.Diagnostics{d}
}

// Guard reports an expression that would take all of the stack or of the memory.
func Guard(src []byte, name string) hcl.Diagnostics {
	tokens, _ := hclsyntax.LexExpression(src, name, hcl.InitialPos) // the parser reports mistakes
	if d := guardTokens(tokens); d != nil {
		return hcl.Diagnostics{d}
	}
	return nil
}

// guardTokens looks for a place where the nesting is too deep.
func guardTokens(tokens hclsyntax.Tokens) *hcl.Diagnostic {
	type level struct {
		open  hclsyntax.TokenType
		chain int
	}
	levels := []level{{}}
	total := 0 // of the chains of all levels
	for i := range tokens {
		top := &levels[len(levels)-1]
		longer := func() { top.chain++; total++ }
		reset := func() { total -= top.chain; top.chain = 0 }
		switch ty := tokens[i].Type; ty {
		case hclsyntax.TokenOBrack, hclsyntax.TokenTemplateControl:
			longer() // a[0][1] nests on the left, and %{if} until its %{endif}
			levels = append(levels, level{open: ty})
		case hclsyntax.TokenOBrace, hclsyntax.TokenOParen,
			hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc, hclsyntax.TokenTemplateInterp:
			levels = append(levels, level{open: ty})
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen,
			hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc, hclsyntax.TokenTemplateSeqEnd:
			if reset(); len(levels) > 1 {
				levels = levels[:len(levels)-1]
			}
		case hclsyntax.TokenComma:
			reset()
		case hclsyntax.TokenNewline:
			if top.open == hclsyntax.TokenNil || top.open == hclsyntax.TokenOBrace {
				reset()
			}
		case hclsyntax.TokenNumberLit:
			if huge(string(tokens[i].Bytes)) {
				return diag.Error("number-too-large", &tokens[i].Range, "Number too large",
					"A number has an exponent of %d at most: with all its digits written out, a larger one fills the memory. Write a smaller one.", maxExponent)
			}
		case hclsyntax.TokenIdent, hclsyntax.TokenStringLit, hclsyntax.TokenQuotedLit, hclsyntax.TokenComment:
		default:
			longer()
		}
		if len(levels) > maxDepth || total > maxChain {
			return tooDeep(tokens[i].Range)
		}
	}
	return nil
}

// maxExponent is the largest that a number is written with.
const maxExponent = 10_000

// huge reports whether a number has a larger exponent.
func huge(number string) bool {
	_, exponent, ok := strings.Cut(strings.ToLower(number), "e")
	n, err := strconv.Atoi(exponent)
	return ok && (err != nil || n > maxExponent || n < -maxExponent)
}

func tooDeep(rng hcl.Range) *hcl.Diagnostic {
	return diag.Error("nested-too-deeply", &rng, "Nested too deeply",
		fmt.Sprintf("No more than %d brackets may be inside each other, and no more than %d operators in one expression. "+
			"Take parts out into local values.", maxDepth, maxChain))
}

// at returns the place of the byte before offset.
func at(src []byte, name string, offset int64) hcl.Range {
	before := src[:max(0, min(int(offset), len(src))-1)]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n')
	start := hcl.Pos{Line: line, Column: column, Byte: len(before)}
	return hcl.Range{Filename: name, Start: start, End: hcl.Pos{Line: line, Column: column + 1, Byte: len(before) + 1}}
}
