package state

import (
	"encoding/json"
	"slices"
	"sync"

	"github.com/zclconf/go-cty/cty"
)

// kept is an object as a file has it: its members, in the order of their names. A
// value of cty, which takes many times the work, is made of it only if somebody
// wants the whole.
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
// the one before, which are kept once.
type keeper struct {
	last  []string
	known map[string]string
}

// object reads an object in JSON; nil if it has to be read in another way, since its
// names are not in order or may have several forms.
func (r *keeper) object(data []byte) (*kept, error) {
	p := parser{rest: data}
	if p.space(); p.rest[0] != '{' {
		return nil, nil
	}
	p.rest = p.rest[1:]
	names, values := make([]string, 0, len(r.last)), make([]cty.Value, 0, len(r.last))
	for p.more('}') {
		name, plain := p.plain()
		if !plain || len(names) > 0 && names[len(names)-1] >= string(name) {
			return nil, nil
		}
		names = append(names, r.name(name, len(names)))
		p.space()
		p.rest = p.rest[1:] // the colon
		v, err := p.member()
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	if slices.Equal(names, r.last) {
		names = r.last
	}
	r.last = names
	return &kept{names: names, values: values}, nil
}

// name returns a name, the i-th of its object, as one text however often it is read.
func (r *keeper) name(text []byte, i int) string {
	if i < len(r.last) && r.last[i] == string(text) {
		return r.last[i]
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

// member takes off the value of a member.
func (p *parser) member() (cty.Value, error) {
	if p.space(); p.rest[0] == '"' {
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
func (r *keeper) sealed(value, ty json.RawMessage) (Sealed, error) {
	if value != nil && ty == nil {
		if o, err := r.object(value); o != nil || err != nil {
			return Sealed{kept: o}, err
		}
	}
	v, err := decodeOptional(value, ty)
	return Sealed{v: v}, err
}
