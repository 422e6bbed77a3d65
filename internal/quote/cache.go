package quote

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kiraform/internal/config"
	"kiraform/internal/redact"
	"kiraform/schema"
)

// Cache keeps the files of a configuration as they were read for the last [Quoter] of it,
// while somebody writes it: a file is read once more only after it has changed. Its zero
// value is empty and ready for use, by one [Cache.Edited] at a time.
type Cache struct {
	words string // the names of variables: a file reads another way without one
	files map[string]scanned
	round int // of judging, in the last Quoter
}

// scanned is a file as it was read.
type scanned struct {
	*file
	values, unsound bool
}

// Edited is [New] for an editor, which has the lines itself: none is quoted.
func (c *Cache) Edited(secrets *redact.Set, kinds map[string]*schema.Kind, m *config.Module) *Quoter {
	q := New(secrets, kinds, m)
	q.cache, q.bare = c, true
	return q
}

// begin is called with the names of a new Quoter.
func (c *Cache) begin(n *names) {
	if c == nil {
		return
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(n.declared)) {
		fmt.Fprintln(&b, name)
	}
	if words := b.String(); words != c.words {
		c.words, c.files = words, nil
	}
	n.round = c.round // which the places of the files that are kept have been judged in
}

// scan reads a file, or takes it as it was read before, with nothing covered.
func (c *Cache) scan(n *names, name string, src []byte, values, unsound bool) *file {
	if c == nil {
		return n.scan(src, values, unsound)
	}
	if have, ok := c.files[name]; ok && have.values == values && have.unsound == unsound && bytes.Equal(have.src, src) {
		return &file{src: have.src, pieces: have.pieces, refs: have.refs, marked: have.marked}
	}
	f := n.scan(src, values, unsound)
	if c.files == nil {
		c.files = make(map[string]scanned)
	}
	c.files[name] = scanned{&file{src: f.src, pieces: f.pieces, refs: f.refs, marked: f.marked}, values, unsound}
	return f
}

// end is called once the names have settled: the files that are no more are dropped.
func (c *Cache) end(n *names, files map[string]*file) {
	if c == nil {
		return
	}
	c.round = n.round
	maps.DeleteFunc(c.files, func(name string, _ scanned) bool { return files[name] == nil })
}
