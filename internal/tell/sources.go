package tell

import (
	"encoding/json"
	"fmt"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/addr"
	"kiraform/internal/eval"
	"kiraform/state"
)

// Sources writes, for one digest, how values are written that are not known. Texts,
// variables, files and data that many values are made of enter it as one digest,
// which is worked out once: the text of a value does not grow with them.
type Sources struct {
	key     state.Key
	of      *eval.Sources
	written map[*eval.Written]string
	values  map[string]string // digests of variables and data, by name
	lists   map[list]string   // digests of lists of resources
}

// list is a list of resources that many changes may have in common. Nobody changes it.
type list struct {
	first *addr.Resource
	n     int
}

// NewSources returns the sources of values. They go with the values that of was made
// with.
func NewSources(key state.Key, of *eval.Sources) *Sources {
	return &Sources{key, of, make(map[*eval.Written]string), make(map[string]string), make(map[list]string)}
}

// Attr writes how an attribute of a resource is written that has the ids of the
// resources from in it.
func (s *Sources) Attr(a addr.Resource, name string, from []addr.Resource) string {
	return s.text(s.of.Attr(a, name), from)
}

// Output writes how an output is written.
func (s *Sources) Output(name string) string { return s.text(s.of.Output(name), nil) }

func (s *Sources) text(of eval.Source, from []addr.Resource) string {
	sum, done := s.written[of.Written]
	if !done {
		sum = s.digest("source", struct {
			Texts     []string          `json:"texts"`
			Variables map[string]string `json:"variables"`
			Files     map[string]string `json:"files,omitempty"`
			Data      map[string]string `json:"data,omitempty"`
		}{of.Texts, s.each("var", of.Variables), s.files(of.Files), s.each("data", of.Data)})
		s.written[of.Written] = sum
	}
	return marshalled(struct {
		Source string            `json:"source"`
		From   []string          `json:"from"`
		Files  map[string]string `json:"files,omitempty"`
	}{sum, addr.Texts(from), s.files(of.Own)})
}

// Needs returns the digest of the resources that a change needs: one for all changes
// that have the list in common.
func (s *Sources) Needs(all []addr.Resource) string {
	at := list{n: len(all)}
	if len(all) > 0 {
		at.first = &all[0]
	}
	sum, done := s.lists[at]
	if !done {
		sum = s.digest("needs", addr.Texts(all))
		s.lists[at] = sum
	}
	return sum
}

// each returns the digest of each value.
func (s *Sources) each(sort string, all map[string]cty.Value) map[string]string {
	sums := make(map[string]string, len(all))
	for name, v := range all {
		sum, done := s.values[sort+" "+name]
		if !done {
			sum = s.digest(sort, LeafWriter{Key: s.key}.Variable(name, v))
			s.values[sort+" "+name] = sum
		}
		sums[name] = sum
	}
	return sums
}

func (s *Sources) files(all map[string]string) map[string]string {
	sums := make(map[string]string, len(all))
	for path, sum := range all {
		sums[path] = s.key.Leaf("the file", path, cty.StringVal(sum))
	}
	return sums
}

func (s *Sources) digest(sort string, v any) string {
	return s.key.Leaf("a source", sort, cty.StringVal(marshalled(v)))
}

func marshalled(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("tell: a source does not marshal: %v", err))
	}
	return string(text)
}
