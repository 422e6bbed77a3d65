package config

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// jsonVars reads a variable file in JSON as it comes, without a tree of expressions,
// which takes many times its size: such a file may come from a program and name
// everybody there is. It is false for a file with a mistake, or with something that
// HCL has rules of its own for, and tells where that stands: it has to be read in the
// other way, which knows the place of everything.
func jsonVars(src []byte, name string) (_ map[string]Input, stop hcl.Pos, ok bool) {
	r := newJSONReader(src, name, hcl.InitialPos)
	given := make(map[string]Input)
	ok = utf8.Valid(src) && r.starts('{') && r.members(func(key string) bool {
		if _, twice := given[key]; twice || key == "//" { // which is a comment there
			return false
		}
		r.fractions = false
		start := r.pos(r.next())
		v := r.value()
		rng := hcl.Range{Filename: name, Start: start, End: r.pos(r.at)}
		in := Input{Value: v, Range: &rng, From: name}
		if r.fractions {
			in.Numbers = func(mark func(text string, rng hcl.Range) any) cty.Value {
				again := newJSONReader(src[:rng.End.Byte], name, start)
				again.mark = mark
				return again.value()
			}
		}
		given[key] = in
		return !r.odd
	})
	ok = ok && r.next() == len(src)
	return given, r.pos(r.at), ok
}

// jsonReader makes values of JSON. It takes what encoding/json takes, which makes an
// object for each token.
type jsonReader struct {
	plain
	at int // the offset of the end of the last token
}

// newJSONReader reads from a place on.
func newJSONReader(src []byte, name string, from hcl.Pos) *jsonReader {
	return &jsonReader{plain: plain{src: src, name: name, seen: from}, at: from.Byte}
}

// next is the offset of the next token.
func (r *jsonReader) next() int {
	at := r.at
	for at < len(r.src) && strings.IndexByte(" \t\r\n", r.src[at]) >= 0 {
		at++
	}
	return at
}

// starts takes off a token of one byte if it is the next one.
func (r *jsonReader) starts(c byte) bool {
	at := r.next()
	if at == len(r.src) || r.src[at] != c {
		return false
	}
	r.at = at + 1
	return true
}

// members calls read for each member of an object, until that is false, which is
// reported. It takes off the end of the object.
func (r *jsonReader) members(read func(key string) bool) bool {
	if r.starts('}') {
		return true
	}
	for {
		key, ok := r.text()
		if !ok || !r.starts(':') || !read(r.shared(string(key))) {
			return false
		}
		if r.starts('}') {
			return !r.odd
		}
		if !r.starts(',') {
			return false
		}
	}
}

// fail gives the file up.
func (r *jsonReader) fail() cty.Value {
	r.odd = true
	return cty.DynamicVal
}

// value takes off a value. It is of no use if something is odd.
func (r *jsonReader) value() cty.Value {
	begin := r.next()
	rest := r.src[begin:]
	if len(rest) == 0 {
		return r.fail()
	}
	switch c := rest[0]; {
	case c == '[', c == '{':
		if r.depth++; r.depth >= maxDepth {
			return r.fail()
		}
		defer func() { r.depth-- }()
		if r.starts('[') {
			return r.list()
		}
		return r.object()
	case c == '"':
		if text, ok := r.text(); ok {
			return r.textVal(text)
		}
	case c == '-', isDigit(c):
		end := 1
		for end < len(rest) && (isDigit(rest[end]) || strings.IndexByte(".eE+-", rest[end]) >= 0) {
			end++
		}
		if text := string(rest[:end]); jsonNumber().MatchString(text) {
			r.at = begin + end
			return r.number(text, begin)
		}
	case bytes.HasPrefix(rest, []byte("true")): // a letter behind it is found by whoever wants a comma there
		r.at = begin + len("true")
		return cty.True
	case bytes.HasPrefix(rest, []byte("false")):
		r.at = begin + len("false")
		return cty.False
	case bytes.HasPrefix(rest, []byte("null")):
		r.at = begin + len("null")
		return cty.NullVal(cty.DynamicPseudoType)
	}
	r.at = begin
	return r.fail()
}

// text takes off a text.
func (r *jsonReader) text() (text []byte, ok bool) {
	begin := r.next()
	if !r.starts('"') {
		return nil, false
	}
	escapes := false
	for at := r.at; at < len(r.src) && r.src[at] >= ' '; at++ {
		switch r.src[at] {
		case '\\':
			escapes = true
			at++
		case '"':
			whole := r.src[begin : at+1]
			r.at = at + 1
			if !escapes {
				return whole[1 : len(whole)-1], true
			}
			var text string
			err := json.Unmarshal(whole, &text)
			return []byte(text), err == nil
		}
	}
	return nil, false
}

func (r *jsonReader) list() cty.Value {
	all := []cty.Value{}
	if r.starts(']') {
		return cty.TupleVal(all)
	}
	for {
		all = append(all, r.value())
		switch {
		case r.odd:
			return cty.DynamicVal
		case r.starts(']'):
			return cty.TupleVal(all)
		case !r.starts(','):
			return r.fail()
		}
	}
}

func (r *jsonReader) object() cty.Value {
	attrs := r.attrs()
	if !r.starts('{') || !r.members(func(key string) bool {
		if _, twice := attrs[key]; twice {
			return false
		}
		attrs[key] = r.value()
		return !r.odd
	}) {
		return r.fail()
	}
	return r.alike(attrs)
}
