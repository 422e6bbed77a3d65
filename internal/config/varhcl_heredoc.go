package config

import (
	"bytes"
	"math"
	"strings"
	"unicode/utf8"
)

// heredoc takes off a text in lines that is no template.
func (r *hclReader) heredoc() (text []byte, ok bool) {
	r.at += len("<<")
	flush := r.take('-')
	marker := r.word()
	if marker == "" || !r.take('\n') {
		return nil, false
	}
	body := r.src[r.at:]
	for {
		line, _, whole := bytes.Cut(r.src[r.at:], []byte("\n"))
		if !whole {
			return nil, false
		}
		if string(bytes.TrimSpace(line)) == marker {
			body = body[:len(body)-len(r.src[r.at:])]
			r.at += len(line) // the end of the line ends what the text is the value of, too
			if strings.Trim(string(line), " \t") != marker || !isProse(body, flush) {
				return nil, false
			}
			if flush {
				return unindented(body)
			}
			return body, true
		}
		r.at += len(line) + 1
	}
}

// isProse reports whether the lines of a heredoc are the same to everybody who reads
// them: the parser takes a dollar for the begin of a template, or of its escape, by the
// characters around it.
func isProse(body []byte, flush bool) bool {
	for _, odd := range []string{"\r", "${", "%{", "$\n", "%\n"} {
		if bytes.Contains(body, []byte(odd)) {
			return false
		}
	}
	return !flush || !bytes.ContainsAny(body, "$%")
}

const indents = " \t\v\f"

// unindented takes from each line as much space as the line with the least has. Lines of
// nothing but space do not count. It is false where that depends on the idea of a space.
func unindented(body []byte) (text []byte, ok bool) {
	least := math.MaxInt
	for line := range bytes.Lines(body) {
		rest := bytes.TrimLeft(line, indents)
		switch {
		case rest[0] == '\n':
		case rest[0] >= utf8.RuneSelf: // it may be a space, or belong to one
			return nil, false
		default:
			least = min(least, len(line)-len(rest))
		}
	}
	text = make([]byte, 0, len(body))
	for line := range bytes.Lines(body) {
		if bytes.TrimLeft(line, indents)[0] != '\n' {
			line = line[least:]
		}
		text = append(text, line...)
	}
	return text, true
}
