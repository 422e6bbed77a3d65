package quote

import (
	"bytes"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// file is a file of the configuration as its tokens tell it.
type file struct {
	src, shown []byte // as it is, and with everything that may be secret as stars
	pieces     []piece
	refs       []ref
	marked     [][2]string // blocks, by type and name, that say that they are sensitive
	covered    []cover     // the hidden parts, in order
	secrets    []string    // texts that only a secret can be
	elements   []string    // names that loops give to elements
}

// piece is a token that may be a value, or a part of one.
type piece struct {
	from, to int
	at       *place
	in       *item
	known    bool // a name that tells nobody anything, such as that of a function
	key      bool // a name that has a value
	comment  bool
}

// item is the text that is written for one name.
type item struct {
	mentions []ref
	compares bool
}

// ref is a reference to a variable, a local value or, without a root, an
// attribute.
type ref struct {
	at   *place
	name [2]string
}

// frame is a bracket that is open, or the file.
type frame struct {
	open  hclsyntax.TokenType
	keyed bool // names may stand in it, each with a value
	body  bool // it is a block, or the file
	at    *place

	value bool // a value has begun, which belongs to now
	asked bool // it has a question mark, so a colon may be its other half
	loop  bool // it is a for expression
	now   *place
	item  *item
}

// scanner finds out under which names the tokens of a file stand. It makes
// something of any tokens: where they are wrong, more names apply and not fewer.
type scanner struct {
	*file
	names *names
	toks  hclsyntax.Tokens
	i     int
	base  int // of the offsets of toks
	stack []frame
	loops map[string]bool // names that for expressions give to elements
	given bool            // a file that gives values to variables: references mean nothing there
}

// scan reads a file; unsound says that it does not parse.
func (n *names) scan(src []byte, values, unsound bool) *file {
	return n.scanWith(src, values, unsound, map[string]bool{})
}

// scanWith is scan of a file in which loops have given names to elements already.
func (n *names) scanWith(src []byte, values, unsound bool, loops map[string]bool) *file {
	root := &place{unsound: unsound}
	if values {
		root.sense.mode = inputs
	}
	s := &scanner{file: &file{src: src}, names: n, loops: loops, given: values}
	s.stack = []frame{{keyed: true, body: true, at: root, now: root, item: &item{}}}
	for range mostOpen {
		s.toks, _ = hclsyntax.LexConfig(src[s.base:], "", hcl.InitialPos)
		if s.i = 0; s.read() {
			return s.file
		}
	}
	lost := root.under("") // nobody wrote that by hand
	lost.unsound = true
	s.pieces = append(s.pieces, piece{from: s.base, to: len(src), at: lost, in: &item{}})
	return s.file
}

// mostOpen is how many texts without an end a file may have. The rest is
// hidden: to read it would take time with the square of their number.
const mostOpen = 5

// read takes the tokens up to a line that ends inside a string, where the lexer
// would take strings for code and code for strings from there on. It reports
// whether there was none.
func (s *scanner) read() (done bool) {
	for ; s.i < len(s.toks); s.i++ {
		t := s.toks[s.i]
		if t.Type == hclsyntax.TokenQuotedNewline {
			s.close(hclsyntax.TokenOBrace)
			s.end()
			s.base += t.Range.End.Byte
			return false
		}
		if top := s.top(); top.keyed && !top.value {
			s.key(t)
		} else {
			s.value(t)
		}
	}
	return true
}

func (s *scanner) top() *frame { return &s.stack[len(s.stack)-1] }

// next returns the type of the token n further on.
func (s *scanner) next(n int) hclsyntax.TokenType {
	if s.i+n < 0 || s.i+n >= len(s.toks) {
		return hclsyntax.TokenEOF
	}
	return s.toks[s.i+n].Type
}

// key takes a token where a name is expected.
func (s *scanner) key(t hclsyntax.Token) {
	switch t.Type {
	case hclsyntax.TokenNewline, hclsyntax.TokenComma, hclsyntax.TokenEOF:
		return
	case hclsyntax.TokenComment:
		s.piece(t, true)
		return
	case hclsyntax.TokenCBrace:
		s.close(hclsyntax.TokenOBrace)
		s.pop()
		return
	case hclsyntax.TokenOBrace:
		s.begin(s.top().at)
		s.push(hclsyntax.TokenOBrace)
		return
	}
	name, length := s.name()
	after := s.next(length)
	switch {
	case length > 0 && (after == hclsyntax.TokenEqual || after == hclsyntax.TokenColon):
		s.naming(name, length)
		s.begin(s.top().at.under(name))
		s.i += length
		s.marks(name)
	case length > 0 && s.top().body && (after == hclsyntax.TokenIdent || after == hclsyntax.TokenOQuote || after == hclsyntax.TokenOBrace):
		s.header(name, length)
	case t.Type == hclsyntax.TokenIdent && string(t.Bytes) == "for":
		s.begin(s.top().at)
		s.value(t)
	default: // nothing that belongs here: take it for a value
		if !s.names.sensitive[name] {
			name = ""
		}
		s.begin(s.top().at.under(name))
		s.value(t)
	}
}

// name returns the name that is next, and of how many tokens it is made.
func (s *scanner) name() (string, int) {
	switch t := s.toks[s.i]; {
	case t.Type == hclsyntax.TokenIdent:
		return string(t.Bytes), 1
	case t.Type == hclsyntax.TokenOQuote && s.next(1) == hclsyntax.TokenQuotedLit && s.next(2) == hclsyntax.TokenCQuote:
		return string(s.toks[s.i+1].Bytes), 3
	case t.Type == hclsyntax.TokenOQuote && s.next(1) == hclsyntax.TokenCQuote:
		return "", 2
	}
	return "", 0
}

// begin starts the value of a name.
func (s *scanner) begin(at *place) {
	top := s.top()
	top.value, top.now, top.asked, top.loop, top.item = true, at, false, false, &item{}
}

// end ends the value, as a line or a comma does.
func (s *scanner) end() {
	if top := s.top(); top.keyed {
		top.value, top.now, top.item = false, top.at, &item{}
	}
}

func (s *scanner) push(open hclsyntax.TokenType) {
	top := s.top()
	s.stack = append(s.stack, frame{open: open, keyed: open == hclsyntax.TokenOBrace, at: top.now, now: top.now, item: top.item})
}

func (s *scanner) pop() {
	if len(s.stack) > 1 {
		s.stack = s.stack[:len(s.stack)-1]
		return
	}
	s.end()
}

// close leaves all frames above the innermost one that was opened by open, but
// no block.
func (s *scanner) close(open hclsyntax.TokenType) {
	for i := len(s.stack) - 1; i >= 0; i-- {
		if s.stack[i].open == open || s.stack[i].body {
			s.stack = s.stack[:i+1]
			return
		}
	}
}

// closes leaves the innermost frame that was opened by open, if there is one.
func (s *scanner) closes(open hclsyntax.TokenType) {
	s.close(open)
	if s.top().open == open {
		s.pop()
	}
}

// opened has the opening token for each closing one.
var opened = map[hclsyntax.TokenType]hclsyntax.TokenType{
	hclsyntax.TokenCBrace: hclsyntax.TokenOBrace, hclsyntax.TokenCBrack: hclsyntax.TokenOBrack, hclsyntax.TokenCParen: hclsyntax.TokenOParen,
	hclsyntax.TokenCQuote: hclsyntax.TokenOQuote, hclsyntax.TokenCHeredoc: hclsyntax.TokenOHeredoc, hclsyntax.TokenTemplateSeqEnd: hclsyntax.TokenTemplateInterp,
}

// value takes a token of a value.
func (s *scanner) value(t hclsyntax.Token) {
	switch t.Type {
	case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOHeredoc, hclsyntax.TokenTemplateInterp:
		s.push(t.Type)
	case hclsyntax.TokenOParen:
		s.push(t.Type)
		if s.next(-1) == hclsyntax.TokenIdent && string(s.toks[s.i-1].Bytes) == "sensitive" {
			top := s.top()
			top.at = top.at.under(sensitiveCall)
			top.now = top.at
		}
	case hclsyntax.TokenTemplateControl:
		s.push(hclsyntax.TokenTemplateInterp)
	case hclsyntax.TokenOQuote:
		s.also()
		s.push(t.Type)
	case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc, hclsyntax.TokenTemplateSeqEnd:
		s.closes(opened[t.Type])
	case hclsyntax.TokenNewline, hclsyntax.TokenComma:
		s.end()
	case hclsyntax.TokenComment:
		s.piece(t, true)
		if bytes.HasSuffix(t.Bytes, []byte("\n")) {
			s.end()
		}
	case hclsyntax.TokenQuestion:
		s.top().asked = true
	case hclsyntax.TokenEqualOp, hclsyntax.TokenNotEqual:
		s.top().item.compares = true
	case hclsyntax.TokenIdent:
		s.ident(t)
	case hclsyntax.TokenQuotedLit, hclsyntax.TokenStringLit, hclsyntax.TokenNumberLit, hclsyntax.TokenInvalid, hclsyntax.TokenBadUTF8:
		s.piece(t, false)
	}
}

// also lets a name in the middle of a value, as of two attributes on one line,
// apply to the text after it, besides those that do already.
func (s *scanner) also() {
	top := s.top()
	name, length := s.name()
	after := s.next(length)
	if length > 0 && (after == hclsyntax.TokenEqual || after == hclsyntax.TokenColon && top.keyed && !top.asked && !top.loop) {
		top.now = top.now.under(name)
	}
}

func (s *scanner) piece(t hclsyntax.Token, comment bool) {
	s.pieces = append(s.pieces, piece{from: s.base + t.Range.Start.Byte, to: s.base + t.Range.End.Byte, at: s.top().now, in: s.top().item, comment: comment})
}
