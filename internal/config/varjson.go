package config

import (
	"bytes"
	"encoding/json"
	"io"
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
	ok = utf8.Valid(src) && r.token() == json.Delim('{') && r.members(func(key string) bool {
		if _, twice := given[key]; twice || key == "//" { // which is a comment there
			return false
		}
		r.fractions = false
		start := r.pos(r.next())
		v := r.value()
		rng := hcl.Range{Filename: name, Start: start, End: r.pos(r.offset())}
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
	ok = ok && r.token() == nil && r.ended
	return given, r.pos(r.offset()), ok
}

// jsonReader makes values of JSON.
type jsonReader struct {
	plain
	dec   *json.Decoder
	begin int  // the offset that dec began at
	ended bool // nothing is left
}

// newJSONReader reads from a place on.
func newJSONReader(src []byte, name string, from hcl.Pos) *jsonReader {
	r := &jsonReader{plain: plain{src: src, name: name, seen: from}, dec: json.NewDecoder(bytes.NewReader(src[from.Byte:])), begin: from.Byte}
	r.dec.UseNumber()
	return r
}

// offset is that of the end of the last token.
func (r *jsonReader) offset() int { return r.begin + int(r.dec.InputOffset()) }

// token takes off a token; nil, and odd or ended, if there is none.
func (r *jsonReader) token() json.Token {
	tok, err := r.dec.Token()
	if err != nil {
		r.ended = err == io.EOF
		r.odd = r.odd || !r.ended
		return nil
	}
	return tok
}

// members calls read for each member of an object, until that is false, which is
// reported. It takes off the end of the object.
func (r *jsonReader) members(read func(key string) bool) bool {
	for r.dec.More() {
		key, named := r.token().(string)
		if !named || !read(r.shared(key)) {
			return false
		}
	}
	return r.token() == json.Delim('}') && !r.odd
}

// value takes off a value. It is of no use if something is odd.
func (r *jsonReader) value() cty.Value {
	begin := r.next()
	switch tok := r.token().(type) {
	case nil:
		if r.ended || r.odd {
			r.odd = true
			return cty.DynamicVal
		}
		return cty.NullVal(cty.DynamicPseudoType)
	case bool:
		return cty.BoolVal(tok)
	case string:
		return cty.StringVal(tok)
	case json.Number:
		return r.number(string(tok), begin)
	case json.Delim:
		if r.depth++; r.depth >= maxDepth {
			r.odd = true
			return cty.DynamicVal
		}
		defer func() { r.depth-- }()
		if tok == '[' {
			return r.list()
		}
		return r.object()
	}
	return cty.DynamicVal
}

func (r *jsonReader) list() cty.Value {
	all := []cty.Value{}
	for r.dec.More() && !r.odd {
		all = append(all, r.value())
	}
	r.token()
	return cty.TupleVal(all)
}

func (r *jsonReader) object() cty.Value {
	attrs := make(map[string]cty.Value)
	r.members(func(key string) bool {
		if _, twice := attrs[key]; twice {
			r.odd = true
			return false
		}
		attrs[key] = r.value()
		return !r.odd
	})
	return r.alike(attrs)
}

// next is the offset of the next value.
func (r *jsonReader) next() int {
	at := r.offset()
	for at < len(r.src) && strings.IndexByte(" \t\r\n:,", r.src[at]) >= 0 {
		at++
	}
	return at
}
