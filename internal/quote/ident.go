package quote

import "github.com/hashicorp/hcl/v2/hclsyntax"

// ident takes a name in a value. It is known if it is a word of the language,
// a function, or belongs to a reference; any other may be a text that lost its
// quotes.
func (s *scanner) ident(t hclsyntax.Token) {
	s.also()
	name := string(t.Bytes)
	known := keywords[name] || typeWords[name] || s.loops[name] ||
		s.next(1) == hclsyntax.TokenOParen && s.names.functions[name]
	switch {
	case s.given:
	case s.next(-1) == hclsyntax.TokenDot:
		known = s.member()
		if s.names.sensitive[name] {
			s.mention([2]string{"", name})
		}
	case s.names.roots[name] && s.next(1) == hclsyntax.TokenDot:
		known = true
		if (name == "var" || name == "local") && s.next(2) == hclsyntax.TokenIdent {
			s.mention([2]string{name, string(s.toks[s.i+2].Bytes)})
		}
	}
	if name == "for" {
		s.loop()
	}
	s.piece(t, false)
	s.pieces[len(s.pieces)-1].known = known
}

// member reports whether the name behind a dot belongs to a reference.
func (s *scanner) member() bool {
	switch s.next(-2) {
	case hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenStar:
		return true
	case hclsyntax.TokenIdent:
		return len(s.pieces) > 0 && s.pieces[len(s.pieces)-1].known
	}
	return false
}

func (s *scanner) mention(name [2]string) {
	r := ref{s.top().now, name}
	s.refs = append(s.refs, r)
	s.top().item.mentions = append(s.top().item.mentions, r)
}

// loop takes in the names that a for expression gives to elements.
func (s *scanner) loop() {
	s.top().loop = true
	for n := 1; s.next(n) == hclsyntax.TokenIdent || s.next(n) == hclsyntax.TokenComma; n++ {
		if name := string(s.toks[s.i+n].Bytes); name == "in" {
			return
		} else if len(name) < 16 { // nobody gives an element a long name
			s.loops[name] = true
			s.elements = append(s.elements, name)
		}
	}
}

// marks notes a variable or an output that says that it is sensitive, or means
// to: only false, written out, says that it is not.
func (s *scanner) marks(name string) {
	at := s.top().at
	if at.in == nil || at.in.in == nil || at.in.in.in != nil || at.in.name != "variable" && at.in.name != "output" || !meansSensitive(name) {
		return
	}
	no := s.next(1) == hclsyntax.TokenIdent && string(s.toks[s.i+1].Bytes) == "false"
	switch s.next(2) {
	case hclsyntax.TokenNewline, hclsyntax.TokenComment, hclsyntax.TokenComma, hclsyntax.TokenCBrace, hclsyntax.TokenEOF:
	default:
		no = false
	}
	if !no {
		s.marked = append(s.marked, [2]string{at.in.name, at.name})
	}
}
