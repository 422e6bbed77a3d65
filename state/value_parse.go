package state

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// parser turns JSON into the values that encoding/json makes of it, with
// numbers as json.Number. It reads only text that encoding/json has found to be
// valid, so it need not look for mistakes, and takes a fraction of the time.
type parser struct{ rest []byte }

func parseValid(data json.RawMessage) any {
	p := parser{rest: data}
	return p.value()
}

func (p *parser) value() any {
	p.space()
	switch p.rest[0] {
	case '{':
		p.rest = p.rest[1:]
		object := make(map[string]any)
		for p.more('}') {
			name := p.text()
			p.space()
			p.rest = p.rest[1:] // the colon
			object[name] = p.value()
		}
		return object
	case '[':
		p.rest = p.rest[1:]
		list := []any{}
		for p.more(']') {
			list = append(list, p.value())
		}
		return list
	case '"':
		return p.text()
	}
	switch word := p.word(); word {
	case "null":
		return nil
	case "true", "false":
		return word == "true"
	default:
		return json.Number(word)
	}
}

// more reports whether there is another element, and goes to it; else it goes
// on behind the end of the object or array.
func (p *parser) more(end byte) bool {
	p.space()
	switch p.rest[0] {
	case end:
		p.rest = p.rest[1:]
		return false
	case ',':
		p.rest = p.rest[1:]
		p.space()
	}
	return true
}

func (p *parser) space() { p.rest = bytes.TrimLeft(p.rest, " \t\r\n") }

// word takes off a number or a name.
func (p *parser) word() string {
	end := bytes.IndexAny(p.rest, ",]} \t\r\n")
	if end < 0 {
		end = len(p.rest)
	}
	word := string(p.rest[:end])
	p.rest = p.rest[end:]
	return word
}

// text takes off a string.
func (p *parser) text() (s string) {
	plain, end := true, 1
	for ; p.rest[end] != '"'; end++ {
		switch c := p.rest[end]; {
		case c == '\\':
			plain = false
			end++
		case c >= utf8.RuneSelf:
			plain = false
		}
	}
	quoted := p.rest[:end+1]
	p.rest = p.rest[end+1:]
	if plain {
		return string(quoted[1:end])
	}
	if err := json.Unmarshal(quoted, &s); err != nil {
		panic("state: " + err.Error()) // it was valid before
	}
	return s
}
