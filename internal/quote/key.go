package quote

import "github.com/hashicorp/hcl/v2/hclsyntax"

// naming takes the tokens of a name. One that nobody knows is shown only where
// values are, and not in a file of values that does not parse: there it may be
// one itself.
func (s *scanner) naming(name string, length int) {
	at := s.top().at
	if s.names.words[name] || s.given && !at.unsound {
		return
	}
	p := piece{from: s.base + s.toks[s.i].Range.Start.Byte, to: s.base + s.toks[s.i+length-1].Range.End.Byte, at: at, in: s.top().item, key: true}
	if length > 1 { // without the quotes
		p.from, p.to = p.from+1, p.to-1
	}
	s.pieces = append(s.pieces, p)
}

// header takes the type and the labels of a block, or words that look like
// them.
func (s *scanner) header(name string, length int) {
	at := s.top().at.under(name)
	labels := at
	first := s.i
	for s.i += length; ; {
		label, n := s.name()
		if n == 0 {
			break
		}
		labels = labels.under(label)
		s.i += n
		if s.i >= len(s.toks) {
			break
		}
	}
	if s.next(0) == hclsyntax.TokenOBrace && blockWords[name] {
		s.begin(s.top().at)
		s.push(hclsyntax.TokenOBrace)
		top := s.top()
		top.body, top.at, top.now = true, labels, labels
		return
	}
	s.i = first + length - 1 // not a block: the words that looked like labels may be values
	s.begin(at)
}
