package config

import (
	"bytes"
	"regexp"
	"slices"
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
	seen  hcl.Pos                // the place that was asked for last
	types []cty.Type             // of the last objects, the latest first; objects that are alike share them
	parts []map[string]cty.Value // see attrs
	names map[string]string      // of attributes, each once: objects that are alike share them
	texts map[string]cty.Value   // see textVal

	mark      func(text string, rng hcl.Range) any // the mark of a number, nil for none; nil if none is marked
	fractions bool                                 // a number is more than a few digits
	odd       bool                                 // HCL has a rule of its own for something, or it is wrong
}

// maxShared is how many names of attributes are kept, and how many texts.
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

// maxTypes is how many types of objects are kept: one of each sort that takes turns with
// others, such as a person, the address of a person, and their papers.
const maxTypes = 16

// textVal makes a text. The first short ones are kept, as names of attributes are: the
// name of a country, or the sort of a document, comes again and again.
func (p *plain) textVal(text []byte) cty.Value {
	const short = 64
	if known, ok := p.texts[string(text)]; ok {
		return known
	}
	v := cty.StringVal(string(text))
	if p.texts == nil {
		p.texts = make(map[string]cty.Value)
	}
	if len(text) <= short && len(p.texts) < maxShared {
		p.texts[string(text)] = v
	}
	return v
}

// ofTwo is the index of the second of two.
var ofTwo = cty.NumberIntVal(1)

// attrs returns an empty map for the attributes of an object, until [plain.alike] has
// made it. Objects of one depth use it one after the other.
func (p *plain) attrs() map[string]cty.Value {
	for len(p.parts) <= p.depth {
		p.parts = append(p.parts, make(map[string]cty.Value))
	}
	clear(p.parts[p.depth])
	return p.parts[p.depth]
}

// alike makes an object.
func (p *plain) alike(attrs map[string]cty.Value) cty.Value {
	v := cty.ObjectVal(attrs)
	i := slices.IndexFunc(p.types, v.Type().Equals)
	if i < 0 {
		if len(p.types) < maxTypes {
			p.types = append(p.types, cty.NilType)
		}
		i = len(p.types) - 1
		p.types[i] = v.Type()
	} else {
		v = cty.ListVal([]cty.Value{cty.NullVal(p.types[i]), v}).Index(ofTwo) // which has the type of the list
	}
	of := p.types[i]
	copy(p.types[1:i+1], p.types[:i])
	p.types[0] = of
	return v
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

// The forms of numbers in JSON and in HCL, and of texts in quotes without a mistake in what a
// backslash begins.
var (
	jsonNumber = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$`) })
	numeral    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^-?\d+(\.\d+)?([eE][+-]?\d+)?$`) })
	escaped    = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^([^\\]|\\([nrt"\\]|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}))*$`)
	})
)
