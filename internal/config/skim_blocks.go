package config

import (
	"bytes"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// blockSkimmer finds the blocks of a file in native syntax.
type blockSkimmer struct {
	src []byte
	at  int
}

// blocks calls visit with the type, the labels and the body of each block at the top.
// The next block has the same slices.
func (s *blockSkimmer) blocks(visit func(header []string, body []byte)) {
	var header []string
	for s.at < len(s.src) {
		switch c := s.src[s.at]; {
		case c == '{':
			begin := s.at
			if !s.plain() {
				s.braces()
			}
			if len(header) > 0 {
				visit(header, s.src[begin:s.at])
			}
			header = header[:0]
		case c == '"':
			begin := s.at
			s.text()
			if label := strings.Trim(string(s.src[begin:s.at]), `"`); identifier(label) {
				header = append(header, label)
			}
		case letter(c):
			begin := s.at
			for s.at < len(s.src) && letter(s.src[s.at]) {
				s.at++
			}
			header = append(header, string(s.src[begin:s.at]))
		default:
			if c == '\n' {
				header = header[:0]
			}
			s.step()
		}
	}
}

// identifier is [hclsyntax.ValidIdentifier], which reads a text as if it were a whole file,
// with a short way for the letters that most names are made of.
func identifier(text string) bool {
	for i := range len(text) {
		switch c := text[i]; {
		case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_':
		case i > 0 && ('0' <= c && c <= '9' || c == '-'):
		default:
			return hclsyntax.ValidIdentifier(text)
		}
	}
	return text != ""
}

// plain goes past the text in braces if that is written as nearly all blocks are: with the
// last brace, and no other, at the beginning of a line, and nothing in it that makes braces
// hard to count. To look for a few bytes takes a tenth of the time of a walk through all.
func (s *blockSkimmer) plain() bool {
	rest := s.src[s.at:]
	end := bytes.Index(rest, []byte("\n}"))
	if end < 0 {
		return false
	}
	body := rest[1:end]
	if !even(body) || bytes.Contains(body, []byte("<<")) || bytes.Contains(body, []byte("/*")) {
		return false
	}
	s.at += end + len("\n}")
	return true
}

// even reports whether each closing brace has an opening one before it, and each opening
// one a closing one behind it.
func even(body []byte) bool {
	open := 0
	for {
		i := bytes.IndexByte(body, '}')
		if i < 0 {
			return open+bytes.Count(body, []byte("{")) == 0
		}
		if open += bytes.Count(body[:i], []byte("{")) - 1; open < 0 {
			return false
		}
		body = body[i+1:]
	}
}

// braces goes past the text in braces.
func (s *blockSkimmer) braces() {
	for depth := 0; s.at < len(s.src); {
		switch s.src[s.at] {
		case '{':
			depth++
		case '}':
			depth--
		case '"', '#', '/', '<':
		default:
			s.at++
			continue
		}
		if s.step(); depth == 0 {
			return
		}
	}
}

// step goes past one character, or a text, comment or heredoc.
func (s *blockSkimmer) step() {
	rest := s.src[s.at:]
	switch {
	case rest[0] == '"':
		s.text()
	case rest[0] == '#' || bytes.HasPrefix(rest, []byte("//")):
		s.past("\n")
	case bytes.HasPrefix(rest, []byte("/*")):
		s.past("*/")
	case bytes.HasPrefix(rest, []byte("<<")):
		s.heredoc()
	default:
		s.at++
	}
}

// past goes behind the next end, or to the end of the file.
func (s *blockSkimmer) past(end string) {
	i := bytes.Index(s.src[s.at:], []byte(end))
	if i < 0 {
		s.at = len(s.src)
		return
	}
	s.at += i + len(end)
}

// text goes past a text in quotes, which ends with its line at the latest, and past the
// expressions in it.
func (s *blockSkimmer) text() {
	for s.at++; s.at < len(s.src); s.at++ {
		switch c := s.src[s.at]; {
		case c == '\\':
			s.at++
		case c == '"':
			s.at++
			return
		case c == '\n':
			return
		case (c == '$' || c == '%') && bytes.HasPrefix(s.src[s.at+1:], []byte("{")) && s.src[s.at-1] != c:
			s.at++
			s.braces()
			s.at--
		}
	}
	s.at = min(s.at, len(s.src))
}

// heredoc goes past a heredoc, if one begins here.
func (s *blockSkimmer) heredoc() {
	line, _, _ := bytes.Cut(s.src[s.at:], []byte("\n"))
	word := strings.TrimSpace(strings.TrimPrefix(string(line[2:]), "-"))
	if s.at += 2; !hclsyntax.ValidIdentifier(word) {
		return
	}
	for s.past("\n"); s.at < len(s.src); s.past("\n") {
		if line, _, _ = bytes.Cut(s.src[s.at:], []byte("\n")); strings.TrimSpace(string(line)) == word {
			s.at += len(line)
			return
		}
	}
}

// letter reports whether c may be part of a name.
func letter(c byte) bool {
	return c == '_' || c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
