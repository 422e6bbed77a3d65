package quote

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"kiraform/internal/config"
	"kiraform/internal/redact"
	"kiraform/schema"
)

// Cache keeps the files of a configuration as they were read for the last [Quoter] of it,
// while somebody writes it: a file, and of a file that parses a block, is read once more
// only after it has changed. Its zero value is empty and ready for use, by one
// [Cache.Edited] at a time.
type Cache struct {
	words string // the names of variables: a file reads another way without one
	files map[string]scanned
	round int // of judging, in the last Quoter
}

// scanned is a file as it was read.
type scanned struct {
	*file
	values, unsound bool
	blocks          map[written]*file // of one that parses
}

// written is the text of a block, with the names that loops above it have given to elements.
type written struct{ loops, text string }

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
func (c *Cache) scan(n *names, name string, parsed *hcl.File, values, unsound bool) *file {
	src := parsed.Bytes
	if c == nil {
		return n.scan(src, values, unsound)
	}
	have, ok := c.files[name]
	if ok && have.values == values && have.unsound == unsound && bytes.Equal(have.src, src) {
		return &file{src: have.src, pieces: have.pieces, refs: have.refs, marked: have.marked}
	}
	now := scanned{values: values, unsound: unsound}
	if values || unsound || !strings.HasSuffix(name, config.NativeSuffix) {
		now.file, now.blocks = n.scan(src, values, unsound), have.blocks // for when it parses again
	} else {
		now.file, now.blocks = n.scanBlocks(parsed, have.blocks)
	}
	if c.files == nil {
		c.files = make(map[string]scanned)
	}
	c.files[name] = now
	return &file{src: src, pieces: now.pieces, refs: now.refs, marked: now.marked}
}

// scanBlocks reads a file that parses block by block, except those that were read before.
func (n *names) scanBlocks(parsed *hcl.File, before map[written]*file) (*file, map[written]*file) {
	whole, blocks := &file{src: parsed.Bytes}, make(map[written]*file)
	loops, at := make(map[string]bool), 0
	for _, text := range config.Cut(parsed) {
		key := written{strings.Join(slices.Sorted(maps.Keys(loops)), " "), string(text)}
		f := before[key]
		if f == nil {
			f = n.scanWith(text, false, false, maps.Clone(loops))
		}
		blocks[key] = f
		for _, name := range f.elements {
			loops[name] = true
		}
		for _, p := range f.pieces {
			p.from, p.to = p.from+at, p.to+at
			whole.pieces = append(whole.pieces, p)
		}
		whole.refs, whole.marked = append(whole.refs, f.refs...), append(whole.marked, f.marked...)
		at += len(text)
	}
	return whole, blocks
}

// end is called once the names have settled: the files that are no more are dropped.
func (c *Cache) end(n *names, files map[string]*file) {
	if c == nil {
		return
	}
	c.round = n.round
	maps.DeleteFunc(c.files, func(name string, _ scanned) bool { return files[name] == nil })
}
