package config

import (
	"bytes"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// plain makes the values of a file that has nothing but values.
type plain struct {
	src   []byte
	name  string
	depth int
	seen  hcl.Pos           // the place that was asked for last
	last  cty.Type          // of the last object with attributes; objects that are alike share it
	names map[string]string // of attributes, each once: objects that are alike share them

	mark      func(text string, rng hcl.Range) any // the mark of a number, nil for none; nil if none is marked
	fractions bool                                 // a number is more than a few digits
	odd       bool                                 // HCL has a rule of its own for something, or it is wrong
}

// maxShared is how many names of attributes are kept.
const maxShared = 1000

// shared is the normal form of the name of an attribute. The first names are kept, so
// that many objects with the same attributes hold each name once; the keys of a large
// map, which all differ, are not kept for nothing.
func (p *plain) shared(name string) string {
	if known, ok := p.names[name]; ok {
		return known
	}
	normal := cty.NormalizeString(name)
	if p.names == nil {
		p.names = make(map[string]string)
	}
	if len(p.names) < maxShared {
		p.names[name] = normal
	}
	return normal
}

// alike makes an object.
func (p *plain) alike(attrs map[string]cty.Value) cty.Value {
	v := cty.ObjectVal(attrs)
	if p.last == cty.NilType || !v.Type().Equals(p.last) {
		p.last = v.Type()
		return v
	}
	return cty.ListVal([]cty.Value{cty.NullVal(p.last), v}).AsValueSlice()[1] // which has the type of the list
}

// number makes a number of its text, which begins at an offset.
func (p *plain) number(text string, begin int) cty.Value {
	v, err := cty.ParseNumberVal(text)
	if err != nil || huge(text) {
		p.odd = true
		return cty.DynamicVal
	}
	if !strings.ContainsAny(text, ".eE") && len(text) < 16 && (text[0] != '0' || len(text) == 1) && !strings.HasPrefix(text, "-0") {
		return v
	}
	p.fractions = true
	if p.mark == nil {
		return v
	}
	rng := hcl.Range{Filename: p.name, Start: p.pos(begin), End: p.pos(begin + len(text))}
	if mark := p.mark(text, rng); mark != nil {
		v = v.Mark(mark)
	}
	return v
}

// pos is the place of an offset, or the one that was asked for last if that is behind it,
// as it is where a file ends in the middle of a value.
func (p *plain) pos(offset int) hcl.Pos {
	offset = max(offset, p.seen.Byte)
	for {
		rest := p.src[p.seen.Byte:offset]
		line := bytes.IndexByte(rest, '\n')
		if line < 0 {
			p.seen.Column, p.seen.Byte = p.seen.Column+characters(rest), offset
			return p.seen
		}
		p.seen = hcl.Pos{Line: p.seen.Line + 1, Column: 1, Byte: p.seen.Byte + line + 1}
	}
}

// characters counts the characters of a part of a line, as a reader sees them.
func characters(text []byte) int {
	if !bytes.ContainsFunc(text, func(c rune) bool { return c >= utf8.RuneSelf }) {
		return len(text)
	}
	s := hcl.NewRangeScanner(text, "", func(data []byte, _ bool) (int, []byte, error) { return len(data), data, nil })
	s.Scan()
	return s.Range().End.Column - 1
}

// The forms of HCL's numbers, and of texts in quotes without a mistake in what a
// backslash begins.
var (
	numeral = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^-?\d+(\.\d+)?([eE][+-]?\d+)?$`) })
	escaped = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^([^\\]|\\([nrt"\\]|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}))*$`)
	})
)
