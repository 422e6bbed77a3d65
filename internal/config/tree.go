package config

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Tree parses a file in native syntax as far as that is possible: of a file that is
// being typed it returns the parts that make sense. It returns nil for one that is too
// large, or too deeply nested, to be parsed. It reports whether these parts are the whole.
func Tree(src []byte, name string) (body *hclsyntax.Body, whole bool) {
	if guard(src, name, false).HasErrors() {
		return nil, false
	}
	f, diags := hclsyntax.ParseConfig(src, name, hcl.InitialPos)
	body, _ = f.Body.(*hclsyntax.Body)
	return body, !diags.HasErrors()
}

// Reserved reports whether an expression that begins with name refers to no block.
func Reserved(name string) bool {
	return slices.Contains([]string{"each", "count", "self", "path", "kiraform", "terraform", "change", "plan"}, name)
}

// Edited is a file that somebody edits: of its next version the blocks that changed are
// parsed. Its zero value is ready for use, by one call at a time.
type Edited struct {
	parts parts
	body  *hclsyntax.Body
	src   []byte // that body was parsed from
	same  int    // so many bytes of it are as parts has them
	whole bool
}

// Tree is [Tree] for the next version of the file. The tree is of use until the next call.
func (e *Edited) Tree(text, name string) (body *hclsyntax.Body, whole bool) {
	if e.body != nil && string(e.src) == text {
		return e.body, e.whole
	}
	e.body, e.src, e.same, e.whole = nil, []byte(text), 0, false
	if d, ok := e.parts.differ(e.src); ok && !tooLarge(e.src, name) {
		e.same = d.from
		if f, _, diags := e.parts.parse(e.src, name); f != nil {
			e.take(f, diags)
			return e.body, e.whole
		}
	}
	if guard(e.src, name, false).HasErrors() {
		return nil, false
	}
	f, diags := hclsyntax.ParseConfig(e.src, name, hcl.InitialPos)
	if body, ok := f.Body.(*hclsyntax.Body); ok && !diags.HasErrors() {
		e.parts = partsOf(e.src, body)
	}
	e.take(f, diags)
	return e.body, e.whole
}

func (e *Edited) take(f *hcl.File, diags hcl.Diagnostics) {
	e.body, _ = f.Body.(*hclsyntax.Body)
	if e.whole = !diags.HasErrors(); e.whole {
		e.same = len(e.src)
	}
}

// Begin returns a place at or above a byte of the last version, above which there are
// whole blocks only.
func (e *Edited) Begin(offset int) (at int) {
	for i := range e.parts.all {
		p := &e.parts.all[i]
		if end := at + len(p.text); !p.closed() || end > min(offset, e.same) {
			break
		}
		at += len(p.text)
	}
	return at
}
