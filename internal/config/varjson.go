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
// HCL has rules of its own for: that has to be read in the other way, which knows the
// place of everything.
func jsonVars(src []byte, name string) (map[string]Input, bool) {
	if !utf8.Valid(src) {
		return nil, false
	}
	r := newJSONReader(src, name, hcl.InitialPos, 0)
	given := make(map[string]Input)
	ok := r.token() == json.Delim('{') && r.members(func(key string) bool {
		if _, twice := given[key]; twice || key == "//" { // which is a comment there
			return false
		}
		r.fractions = false
		start := r.pos(r.next())
		line := r.line
		v := r.value()
		rng := hcl.Range{Filename: name, Start: start, End: r.pos(r.offset())}
		in := Input{Value: v, Range: &rng, From: name}
		if r.fractions {
			in.Numbers = func(mark func(text string, rng hcl.Range) any) cty.Value {
				again := newJSONReader(src[:rng.End.Byte], name, line, rng.Start.Byte)
				again.mark = mark
				return again.value()
			}
		}
		given[key] = in
		return !r.odd
	})
	return given, ok && r.token() == nil && r.ended
}

// maxShared is how many names of members a jsonReader keeps.
const maxShared = 1000

// jsonReader makes values of JSON.
type jsonReader struct {
	src   []byte
	name  string
	dec   *json.Decoder
	begin int // the offset that dec began at
	depth int
	line  hcl.Pos           // the beginning of the line that was asked for last
	last  cty.Type          // of the last object with attributes; objects that are alike share it
	names map[string]string // of members, each once: objects that are alike share them

	mark      func(text string, rng hcl.Range) any // the mark of a number, nil for none; nil if none is marked
	fractions bool                                 // a number is more than a few digits
	odd       bool                                 // HCL has a rule of its own for something, or it is wrong
	ended     bool                                 // nothing is left
}

// newJSONReader reads from an offset on, which is in the line that begins there.
func newJSONReader(src []byte, name string, line hcl.Pos, offset int) *jsonReader {
	r := &jsonReader{src: src, name: name, dec: json.NewDecoder(bytes.NewReader(src[offset:])), begin: offset, line: line, names: make(map[string]string)}
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
	if s, ok := tok.(string); ok && len(s) > maxDepth && deepString(s) {
		r.odd = true
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

// shared is the normal form of the name of a member. The first names are kept, so
// that many objects with the same attributes hold each name once; the keys of a
// large map, which all differ, are not kept for nothing.
func (r *jsonReader) shared(name string) string {
	if known, ok := r.names[name]; ok {
		return known
	}
	normal := cty.NormalizeString(name)
	if len(r.names) < maxShared {
		r.names[name] = normal
	}
	return normal
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
	v := cty.ObjectVal(attrs)
	if r.last == cty.NilType || !v.Type().Equals(r.last) {
		r.last = v.Type()
		return v
	}
	return cty.ListVal([]cty.Value{cty.NullVal(r.last), v}).AsValueSlice()[1] // which has the type of the list
}

// number makes a number of its text, which begins at an offset.
func (r *jsonReader) number(text string, begin int) cty.Value {
	v, err := cty.ParseNumberVal(text)
	if err != nil || huge(text) {
		r.odd = true
		return cty.DynamicVal
	}
	if !strings.ContainsAny(text, ".eE") && len(text) < 16 {
		return v
	}
	r.fractions = true
	if r.mark == nil {
		return v
	}
	rng := hcl.Range{Filename: r.name, Start: r.pos(begin), End: r.pos(begin + len(text))}
	if mark := r.mark(text, rng); mark != nil {
		v = v.Mark(mark)
	}
	return v
}

// next is the offset of the next value.
func (r *jsonReader) next() int {
	at := r.offset()
	for at < len(r.src) && strings.IndexByte(" \t\r\n:,", r.src[at]) >= 0 {
		at++
	}
	return at
}

// pos is the place of an offset that is not before the one that was asked for last.
func (r *jsonReader) pos(offset int) hcl.Pos {
	for {
		line := bytes.IndexByte(r.src[r.line.Byte:offset], '\n')
		if line < 0 {
			return hcl.Pos{Line: r.line.Line, Column: 1 + utf8.RuneCount(r.src[r.line.Byte:offset]), Byte: offset}
		}
		r.line.Line, r.line.Byte = r.line.Line+1, r.line.Byte+line+1
	}
}
