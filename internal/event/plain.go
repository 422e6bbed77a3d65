package event

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Plain passes text on to Out so that neither a terminal nor a CI server finds
// a command in it, whoever wrote it. The signs that it spells out, it spells as
// JSON does in a string, so JSON stays the same JSON.
type Plain struct {
	Out io.Writer
	SGR bool // the codes for colours and weight pass
	CI  bool // break commands to GitHub's or Azure's runner: see [Quiet]

	line line
	last rune
}

// Write implements [io.Writer].
func (p *Plain) Write(text []byte) (int, error) {
	var b bytes.Buffer
	b.Grow(len(text))
	for i := 0; i < len(text); {
		if p.SGR && text[i] == '\x1b' {
			if n := len(sgr.Find(text[i:])); n > 0 {
				b.Write(text[i : i+n])
				i += n
				continue
			}
		}
		r, n := utf8.DecodeRune(text[i:])
		switch {
		case p.CI && p.line.commands(r):
			b.WriteString(spelled(r))
		case odd(r) && !(joins(r) && joined(p.last) && joined(following(text[i+n:]))):
			b.WriteString(spelled(r))
		default:
			b.WriteRune(r) // which is another one for bytes that are no text
		}
		p.last = r
		i += n
	}
	if _, err := p.Out.Write(b.Bytes()); err != nil {
		return 0, err
	}
	return len(text), nil
}

func following(text []byte) rune {
	r, _ := utf8.DecodeRune(text)
	return r
}

// sgr is a code that changes how the text after it looks, and nothing else.
var sgr = regexp.MustCompile("^\x1b\\[[0-9;]*m")

// spelled writes a character as in a string of JSON.
func spelled(r rune) string {
	if r > 0xffff {
		high, low := utf16.EncodeRune(r)
		return fmt.Sprintf(`\u%04x\u%04x`, high, low)
	}
	return fmt.Sprintf(`\u%04x`, r)
}

// Quiet breaks everything that a CI server would take for a command: no line of
// the result begins, after white space, with "::" or "##", and neither "##["
// nor "##vso[" stands anywhere.
func Quiet(s string) string {
	if !strings.ContainsAny(s, ":#") {
		return s
	}
	var b strings.Builder
	var l line
	for _, r := range s {
		if l.commands(r) {
			b.WriteString(spelled(r))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// line is as much of a line as it takes to know a command.
type line struct {
	head string // the start of it, after white space, up to two characters
	tail string // its last characters
}

// commands reports whether r, which comes next, would complete a command. It
// then counts as another character.
func (l *line) commands(r rune) (yes bool) {
	if r == '\n' {
		*l = line{}
		return false
	}
	switch r {
	case ':':
		yes = l.head == ":"
	case '#':
		yes = l.head == "#"
	case '[':
		yes = strings.HasSuffix(l.tail, "##") || strings.HasSuffix(l.tail, "##vso")
	}
	c := string(unicode.ToLower(r))
	if yes || r > unicode.MaxASCII {
		c = "x"
	}
	if l.head == "" && (unicode.IsSpace(r) || odd(r)) {
		return false
	}
	if len(l.head) < 2 {
		l.head += c
	}
	l.tail += c
	l.tail = l.tail[max(0, len(l.tail)-len("##vso")):]
	return yes
}
