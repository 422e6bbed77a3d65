package lsp

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// scope is the surroundings of the cursor in a file that need not be whole.
type scope struct {
	frames []frame
	line   []hclsyntax.Token // of the line, or of the element of a list, up to the cursor
	value  bool              // the cursor is behind an equals sign, or in a list
	quoted bool              // within a text, and not in an expression in it
	word   string            // the part of a name that is typed: letters, digits, dots, keys
	from   int               // where the last part of word begins
	attr   string            // the attribute whose value it is; "" if none
	parens int               // so many are open on the line, since the last brace or bracket
	begun  int               // so many tokens of line are on lines above, within parentheses

	comment bool // the cursor is in a comment
}

// frame is a pair of braces or brackets that is open.
type frame struct {
	block   []string // type and labels, of a block
	attr    string   // the attribute whose value it is
	list    bool
	parens  int // open before it, on its line
	line    []hclsyntax.Token
	written map[string]string
}

// scopeAt reads a file up to the cursor, from the last place of which it is known that no
// block is open there.
func (ix *index) scopeAt(file string, offset int) scope {
	text, begin := ix.texts[file], 0
	if e := ix.edited[file]; e != nil {
		if body, _ := e.Tree(text, file); body != nil {
			begin = e.Begin(offset)
		}
	}
	return scopeAt(text, begin, offset)
}

// scopeAt reads a text from a place up to the cursor.
func scopeAt(text string, begin, offset int) scope {
	tokens, _ := hclsyntax.LexConfig([]byte(text[begin:offset]), "", hcl.Pos{Byte: begin, Line: 1, Column: 1})
	s := scope{}
	for i, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenEOF:
			continue
		case hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc:
			s.quoted = true
		case hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc:
			s.quoted = false
		case hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
			s.quoted = false
		case hclsyntax.TokenTemplateSeqEnd:
			s.quoted = true
		case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack:
			if t.Type == hclsyntax.TokenOBrace {
				s.giveUp(0)
			}
			s.open(t)
			continue
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack:
			s.close()
			continue
		case hclsyntax.TokenNewline, hclsyntax.TokenComment:
			if t.Type == hclsyntax.TokenComment && !strings.HasSuffix(string(t.Bytes), "\n") {
				s.comment = t.Range.End.Byte == offset && !strings.HasSuffix(string(t.Bytes), "*/")
				continue
			}
			if s.parens == 0 {
				s.note()
				s.line = nil
			}
			s.begun = len(s.line)
			continue
		case hclsyntax.TokenStar: // of a comment that ends behind the cursor
			s.comment = s.comment || i > 0 && tokens[i-1].Type == hclsyntax.TokenSlash && tokens[i-1].Range.End.Byte == t.Range.Start.Byte
		case hclsyntax.TokenEqual:
			s.giveUp(1)
		case hclsyntax.TokenOParen:
			s.parens++
		case hclsyntax.TokenCParen:
			s.parens = max(0, s.parens-1)
		case hclsyntax.TokenComma:
			if s.parens > 0 || s.loops() {
				break // the next argument of a call, or the value beside the key
			}
			s.note()
			s.line = nil
			continue
		}
		s.line = append(s.line, t)
	}
	s.finish(text, offset)
	return s
}

// giveUp ends a call that was never finished: behind it, at the beginning of a line, there
// is a name with an equals sign, or, so many tokens before it, words that begin a block.
func (s *scope) giveUp(names int) {
	rest := s.line[min(s.begun, len(s.line)):]
	if s.parens == 0 || s.begun == 0 || len(rest) == 0 || rest[0].Type != hclsyntax.TokenIdent || names > 0 && len(rest) != names {
		return
	}
	s.line, s.parens, s.begun = rest, 0, 0
}

// close closes a frame.
func (s *scope) close() {
	n := len(s.frames)
	if n == 0 {
		s.line = nil
		return
	}
	f := s.frames[n-1]
	s.frames, s.parens, s.line, s.begun = s.frames[:n-1], f.parens, nil, 0
	if f.block == nil {
		s.line = f.line // which goes on behind a value
	}
}

// loops reports whether the line is the beginning of a for expression.
func (s *scope) loops() bool {
	return len(s.line) > 0 && s.line[0].Type == hclsyntax.TokenIdent && string(s.line[0].Bytes) == "for" &&
		!slices.ContainsFunc(s.line, func(t hclsyntax.Token) bool { return t.Type == hclsyntax.TokenColon })
}

// open opens a frame.
func (s *scope) open(t hclsyntax.Token) {
	f := frame{written: make(map[string]string), list: t.Type == hclsyntax.TokenOBrack}
	name, _, equals := s.assignment()
	switch {
	case equals:
		f.attr = name
	case len(s.frames) > 0 && (s.frames[len(s.frames)-1].list || s.frames[len(s.frames)-1].attr != "" && name == ""):
		f.attr = s.frames[len(s.frames)-1].attr // an element
	case !f.list:
		for _, t := range s.line {
			if t.Type == hclsyntax.TokenIdent || t.Type == hclsyntax.TokenQuotedLit {
				f.block = append(f.block, string(t.Bytes))
			}
		}
	}
	if len(s.frames) > 0 && equals && name != "" {
		s.frames[len(s.frames)-1].written[name] = ""
	}
	f.parens, f.line = s.parens, s.line
	s.frames = append(s.frames, f)
	s.line, s.parens, s.begun = nil, 0, 0
}

// assignment reads NAME = VALUE off the line. What is behind the colon of a for expression
// is a value without a name.
func (s *scope) assignment() (name string, value []hclsyntax.Token, ok bool) {
	for i, t := range s.line {
		switch t.Type {
		case hclsyntax.TokenQuestion: // whose other half a colon is
			return "", nil, false
		case hclsyntax.TokenEqual, hclsyntax.TokenColon:
		default:
			continue
		}
		if i == 0 {
			continue
		}
		if first := s.line[0]; first.Type == hclsyntax.TokenIdent && string(first.Bytes) == "for" && i > 1 {
			return "", s.line[i+1:], true
		}
		for _, before := range s.line[:i] {
			if before.Type == hclsyntax.TokenIdent || before.Type == hclsyntax.TokenQuotedLit {
				name = string(before.Bytes)
			}
		}
		return name, s.line[i+1:], true
	}
	return "", nil, false
}

// note remembers the attribute that the line has written.
func (s *scope) note() {
	name, value, ok := s.assignment()
	if !ok || name == "" || len(s.frames) == 0 {
		return
	}
	text := ""
	if len(value) == 3 && value[1].Type == hclsyntax.TokenQuotedLit {
		text = string(value[1].Bytes)
	}
	s.frames[len(s.frames)-1].written[name] = text
}

// finish works out the word at the cursor.
func (s *scope) finish(text string, offset int) {
	name, _, equals := s.assignment()
	s.attr, s.value = name, equals
	if n := len(s.frames); n > 0 && s.frames[n-1].list && !equals {
		s.attr, s.value = s.frames[n-1].attr, true
	}
	if s.loops() && slices.ContainsFunc(s.line, func(t hclsyntax.Token) bool { return string(t.Bytes) == "in" }) {
		s.attr, s.value = "", true // the collection of the loop
	}
	begin := wordStart(text, offset)
	if s.quoted {
		begin = strings.LastIndexAny(text[:offset], "\"\n") + 1
	}
	s.word, s.from = text[begin:offset], begin
	if i := strings.LastIndexByte(s.word, '.'); i >= 0 && !s.quoted {
		s.from = begin + i + 1
	}
}

// wordStart returns where the name begins that ends at a byte. Keys in brackets are part
// of it.
func wordStart(text string, at int) int {
	for at > 0 {
		switch c := text[at-1]; {
		case c == ']':
			open := strings.LastIndexByte(text[:at], '[')
			if open < 0 || strings.ContainsRune(text[open:at], '\n') {
				return at
			}
			at = open
		case wordByte(c):
			at--
		default:
			return at
		}
	}
	return 0
}

func wordByte(c byte) bool {
	return c == '_' || c == '-' || c == '.' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// block returns the outermost block and the attributes within it that lead to the
// cursor.
func (s *scope) block() (header, path []string) {
	for i, f := range s.frames {
		switch {
		case i == 0:
			header = f.block
		case f.block != nil:
			path = append(path, f.block...)
		case f.attr != "" && !(f.list && i+1 < len(s.frames) && s.frames[i+1].attr == f.attr):
			path = append(path, f.attr)
		}
	}
	if len(header) > 0 && len(path) > 2 && header[0] == "check" && path[0] == "data" {
		return path[:3], path[3:]
	}
	return header, path
}
