package config

import (
	"bytes"
	"io/fs"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/diag"
)

// Cache keeps the files of a configuration that is loaded again and again while somebody
// writes it: a file is parsed once more only after it has changed. Its zero value is
// empty and ready for use, by one load at a time, and a load that is over has no part in
// the module of the one before.
type Cache struct {
	files map[string]*cached
	bytes int // of the files
	loads int
}

// mostCached is how many bytes of files are kept: a parsed file takes about thirty times
// its size. 20,000 blocks are 11 MB.
const mostCached = 12 << 20

// cached is a file as it was parsed.
type cached struct {
	file    *hcl.File
	diags   hcl.Diagnostics
	numbers []*hclsyntax.LiteralValueExpr
	parts   parts // of the last version without a mistake
	load    int   // the last one that had the file
}

// Load is [LoadShowing] with the files that are kept.
func (c *Cache) Load(fsys fs.FS, harmless func(name string) bool) (*Module, hcl.Diagnostics) {
	c.loads++
	m, diags := load(fsys, &Module{Dir: ".", Files: make(map[string]*hcl.File), harmless: harmless, cache: c})
	for name, f := range c.files {
		if f.load != c.loads {
			c.drop(name)
		}
	}
	return m, diags
}

// parse parses a file in native syntax, or takes it as it was parsed before, whole or the
// parts that did not change.
//
// A program marks the numbers of the trees that it compiles (see eval), so these marks are
// taken away. An overriding file is put into the trees of the others, which nothing takes
// away: such a folder is parsed anew.
func (c *Cache) parse(m *Module, src []byte, name string) (*hcl.File, hcl.Diagnostics) {
	have := c.files[name]
	if have == nil {
		have = new(cached)
	}
	if have.file == nil || !bytes.Equal(have.file.Bytes, src) {
		have = have.next(m, src, name)
		c.drop(name)
		if have.file == nil || c.bytes+len(src) > mostCached { // nothing has marked it
			return have.file, have.diags
		}
		if c.files == nil {
			c.files = make(map[string]*cached)
		}
		c.files[name] = have
		c.bytes += len(src)
	}
	for _, n := range have.numbers {
		n.Val, _ = n.Val.Unmark()
	}
	have.load = c.loads
	return have.file, slices.Clone(have.diags)
}

// next parses the next version of a file.
func (f *cached) next(m *Module, src []byte, name string) *cached {
	if !tooLarge(src, name) {
		if file, numbers, diags := f.parts.parse(src, name); file != nil {
			return &cached{file: file, diags: diag.Coded("syntax", m.instead(diags, src, name)), numbers: numbers, parts: f.parts}
		}
	}
	file, diags := m.parseSource(src, name)
	now := &cached{file: file, diags: diags, parts: f.parts}
	if file == nil {
		return now
	}
	body := file.Body.(*hclsyntax.Body)
	if !diags.HasErrors() {
		now.parts = partsOf(src, body)
	}
	now.numbers = numbersIn(body)
	return now
}

// keep keeps a file that cannot be read this time.
func (c *Cache) keep(name string) {
	if c != nil && c.files[name] != nil {
		c.files[name].load = c.loads
	}
}

func (c *Cache) drop(name string) {
	if f := c.files[name]; f != nil {
		c.bytes -= len(f.file.Bytes)
		delete(c.files, name)
	}
}

// numbersIn returns the numbers that are written in a part of a file.
func numbersIn(n hclsyntax.Node) (all []*hclsyntax.LiteralValueExpr) {
	_ = hclsyntax.VisitAll(n, func(n hclsyntax.Node) hcl.Diagnostics {
		if e, ok := n.(*hclsyntax.LiteralValueExpr); ok && e.Val.Type() == cty.Number {
			all = append(all, e)
		}
		return nil
	})
	return all
}
