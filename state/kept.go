package state

import (
	"bytes"
	"encoding/json"
	"slices"
	"sync"

	"github.com/zclconf/go-cty/cty"
)

// kept is an object as a file has it, or is to have it: its members, in the order of
// their names. A value of cty, which takes many times the work, is made of it only if
// somebody wants the whole.
type kept struct {
	names  []string // sorted; objects that were read one after the other share them
	values []cty.Value

	once  sync.Once
	whole cty.Value
}

// member returns the member called name.
func (k *kept) member(name string) (cty.Value, bool) {
	i, ok := slices.BinarySearch(k.names, name)
	if !ok {
		return cty.NilVal, false
	}
	return k.values[i], true
}

// same reports whether both have the same members.
func (k *kept) same(other *kept) bool {
	return slices.Equal(k.names, other.names) && slices.EqualFunc(k.values, other.values, cty.Value.RawEquals)
}

func (k *kept) value() cty.Value {
	k.once.Do(func() {
		all := make(map[string]cty.Value, len(k.names))
		for i, name := range k.names {
			all[name] = k.values[i]
		}
		k.whole = cty.ObjectVal(all)
	})
	return k.whole
}

// keeper reads the objects of a file one after the other. Most have the same names as
// the one before, and many of the same values; and Kira shows most attributes as they
// were sent. All of these are kept once.
type keeper struct {
	sent, seen spelled // of the object before, or of this one
	known      map[string]string
}

// spelled is an object and the text of each of its members.
type spelled struct {
	names  []string // sorted
	values []cty.Value
	texts  [][]byte
}

// object reads an object in JSON, after another one in its place and beside others; nil
// if it has to be read in another way, since its names are not in order or may have
// several forms.
func (r *keeper) object(data []byte, before *spelled, beside ...*spelled) (*kept, error) {
	p := parser{rest: data}
	if p.space(); p.rest[0] != '{' {
		return nil, nil
	}
	p.rest = p.rest[1:]
	known := []search{{in: before}}
	for _, o := range beside {
		known = append(known, search{in: o})
	}
	n := len(before.names)
	names, values, texts := make([]string, 0, n), make([]cty.Value, 0, n), make([][]byte, 0, n)
	for p.more('}') {
		name, plain := p.plain()
		if !plain || len(names) > 0 && names[len(names)-1] >= string(name) {
			return nil, nil
		}
		names = append(names, r.name(name, before.names, len(names)))
		p.space()
		p.rest = p.rest[1:] // the colon
		p.space()
		v, text, err := p.knownMember(names[len(names)-1], known)
		if err != nil {
			return nil, err
		}
		values, texts = append(values, v), append(texts, text)
	}
	if slices.Equal(names, before.names) {
		names = before.names
	}
	*before = spelled{names, values, texts}
	return &kept{names: names, values: values}, nil
}

// search looks members up in an object, in the order of their names.
type search struct {
	in *spelled
	at int
}

// member returns the member called name and its text if rest begins with that.
func (s *search) member(name string, rest []byte) (v cty.Value, text []byte) {
	o := s.in
	for s.at < len(o.names) && o.names[s.at] < name {
		s.at++
	}
	if s.at == len(o.names) || o.names[s.at] != name {
		return cty.NilVal, nil
	}
	text = o.texts[s.at]
	if after, ok := bytes.CutPrefix(rest, text); !ok || !bytes.ContainsAny(after[:1], ",} \t\r\n") { // a number may go on
		return cty.NilVal, nil
	}
	return o.values[s.at], text
}

// knownMember takes off the value of a member, and returns its text as well. One that
// is known is not made again.
func (p *parser) knownMember(name string, known []search) (v cty.Value, text []byte, err error) {
	for i := range known {
		if v, text = known[i].member(name, p.rest); text != nil {
			p.rest = p.rest[len(text):]
			return v, text, nil
		}
	}
	before := p.rest
	v, err = p.member()
	return v, before[:len(before)-len(p.rest)], err
}

// name returns a name, the i-th of its object, as one text however often it is read.
func (r *keeper) name(text []byte, before []string, i int) string {
	if i < len(before) && before[i] == string(text) {
		return before[i]
	}
	name, ok := r.known[string(text)]
	if !ok {
		if r.known == nil {
			r.known = make(map[string]string)
		}
		name = string(text)
		r.known[name] = name
	}
	return name
}

// member takes off the value of a member, before which there is no space.
func (p *parser) member() (cty.Value, error) {
	if p.rest[0] == '"' {
		return cty.StringVal(p.text()), nil
	}
	return fromTree(p.value(), cty.DynamicPseudoType)
}

// plain takes off a string that stands for itself in ASCII; false if the next one
// does not.
func (p *parser) plain() (text []byte, ok bool) {
	p.space()
	for end := 1; ; end++ {
		switch c := p.rest[end]; {
		case c == '"':
			text = p.rest[1:end]
			p.rest = p.rest[end+1:]
			return text, true
		case escaped(rune(c)):
			return nil, false
		}
	}
}

// sealed reads a sealed value; one that is not there is zero.
func (r *keeper) sealed(value, ty json.RawMessage, before *spelled, beside ...*spelled) (Sealed, error) {
	if value != nil && ty == nil {
		if o, err := r.object(value, before, beside...); o != nil || err != nil {
			return Sealed{kept: o}, err
		}
	}
	v, err := decodeOptional(value, ty)
	return Sealed{v: v}, err
}
