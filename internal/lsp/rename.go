package lsp

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/addr"
	"kiraform/internal/config"
)

func (s *server) prepareRename(p placeParams) (any, *rpcError) {
	ix, u, ok := s.place(p)
	if !ok || u.kept || !ix.defined(u.name) {
		return nil, nil
	}
	return map[string]any{"range": ix.location(u).Range, "placeholder": ix.texts[u.file][u.from:u.to]}, nil
}

// rename gives something another name wherever it stands. Where the state knows it by
// its name, as a resource, a moved block says that it is still the same.
func (s *server) rename(p placeParams) (any, *rpcError) {
	ix, u, ok := s.place(p)
	if !ok || u.kept || !ix.defined(u.name) {
		return nil, &rpcError{requestFailed, "there is nothing here that has a name of its own"}
	}
	if !hclsyntax.ValidIdentifier(p.NewName) {
		return nil, &rpcError{requestFailed, fmt.Sprintf("%q cannot be a name: begin with a letter, and go on with letters, digits, underscores and dashes", p.NewName)}
	}
	now := name{u.dir, u.text[:strings.LastIndexByte(u.text, '.')+1] + p.NewName}
	if now == u.name {
		return workspaceEdit{Changes: map[string][]textEdit{}}, nil
	}
	if ix.defined(now) {
		return nil, &rpcError{requestFailed, now.text + " is there already"}
	}
	if strings.HasPrefix(u.text, "var.") && slices.Contains(config.ReservedNames, p.NewName) {
		return nil, &rpcError{requestFailed, fmt.Sprintf("a variable cannot be called %q: that means something in a module block", p.NewName)}
	}
	if file := ix.unsound(u); file != "" {
		return nil, &rpcError{requestFailed, fmt.Sprintf("%s has mistakes, and may name %s where they are: correct them first", file, u.text)}
	}
	if file := ix.unread(u.name); file != "" {
		return nil, &rpcError{requestFailed, fmt.Sprintf("%s names %s, and is in JSON: rename it by hand, there and here", file, u.text)}
	}
	edit := workspaceEdit{Changes: make(map[string][]textEdit)}
	for _, other := range ix.of(u.name) {
		if other.kept {
			continue // it tells of the past
		}
		uri := ix.uri(other.file)
		edit.Changes[uri] = append(edit.Changes[uri], textEdit{ix.location(other).Range, p.NewName})
		if other.defines && remembered(u.text) {
			edit.Changes[uri] = append(edit.Changes[uri], ix.moved(other.file, u.text, now.text, s.has(ix, u.name))...)
		}
	}
	return edit, nil
}

// unread is a file in JSON, of the module of n, that seems to name it: a rename would
// not reach it. It is "" if there is none.
func (ix *index) unread(n name) string {
	short := n.text[strings.LastIndexByte(n.text, '.')+1:]
	whole := regexp.MustCompile(`(^|[^\w.-])` + regexp.QuoteMeta(n.text) + `($|[^\w-])`)
	for _, file := range slices.Sorted(maps.Keys(ix.other)) {
		text := ix.other[file]
		switch {
		case path.Dir(file) != n.dir:
		case strings.HasSuffix(file, ".kiravars.json"):
			if strings.HasPrefix(n.text, "var.") && strings.Contains(text, `"`+short+`"`) {
				return file
			}
		case whole.MatchString(text):
			return file
		}
	}
	return ""
}

// unsound is a file that makes no sense as a whole and has the last word of a name outside
// of the places that are known: a rename might not reach all of them. It is "" if there is
// none.
func (ix *index) unsound(u use) string {
	short := u.text[strings.LastIndexByte(u.text, '.')+1:]
	for _, file := range slices.Sorted(maps.Keys(ix.unsure)) {
		if !ix.unsure[file] {
			continue
		}
		unknown := 0
		for _, word := range anyWord().FindAllString(ix.texts[file], -1) {
			if word == short {
				unknown++
			}
		}
		for _, other := range ix.uses {
			if other.file == file && strings.HasSuffix(other.text, "."+short) {
				unknown--
			}
		}
		if unknown > 0 {
			return file
		}
	}
	return ""
}

var anyWord = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[\pL\pN_-]+`) })

// remembered reports whether the state knows something by this name.
func remembered(text string) bool {
	first, _, _ := strings.Cut(text, ".")
	return !slices.Contains([]string{"var", "local", "output", "data"}, first)
}

// has reports whether the state may have something by this name: it has, or it cannot be
// read.
func (s *server) has(ix *index, n name) bool {
	st := s.State(ix.root)
	if st == nil || strings.HasPrefix(n.text, "action.") {
		return true
	}
	in := ix.modules(n.dir)
	return slices.ContainsFunc(st.Addrs(), func(a addr.Resource) bool {
		return isOf(a, in, n.text) || slices.ContainsFunc(in, func(m addr.Module) bool {
			called, ok := addr.ParseModule(n.text)
			return ok && m.Join(called).Covers(a.Module)
		})
	})
}

// moved writes the moved block of a rename at the end of a file, if there is something
// to move. A block that says the opposite goes: both together would be a circle.
func (ix *index) moved(file, from, to string, needed bool) (edits []textEdit) {
	text := ix.texts[file]
	if tree := ix.tree(file); tree != nil {
		for _, b := range tree.Blocks {
			if b.Type == "moved" && source(text, b, "from") == to && source(text, b, "to") == from {
				end := b.CloseBraceRange.End.Byte
				for end < len(text) && (text[end] == '\n' || text[end] == '\r') {
					end++
				}
				begin := b.TypeRange.Start.Byte
				for _, empty := range []string{"\r\n", "\n"} { // the empty line above
					if strings.HasSuffix(text[:begin], empty+empty) {
						begin -= len(empty)
					}
				}
				edits = append(edits, textEdit{spanOf(text, begin, end), ""})
			}
		}
	}
	if !needed {
		return edits
	}
	block := fmt.Sprintf("\nmoved {\n  from = %s\n  to   = %s\n}\n", from, to)
	if !strings.HasSuffix(text, "\n") {
		block = "\n" + block
	}
	return append(edits, textEdit{spanOf(text, len(text), len(text)), inLinesOf(text, block)})
}

// source is an argument of a block as it is written, or "".
func source(text string, b *hclsyntax.Block, argument string) string {
	a, ok := b.Body.Attributes[argument]
	if !ok {
		return ""
	}
	return strings.TrimSpace(cut(text, a.Expr.Range()))
}

// defined reports whether something has the name.
func (ix *index) defined(n name) bool {
	return slices.ContainsFunc(ix.uses, func(u use) bool { return u.name == n && u.defines })
}

// inOrder returns the attributes of a body as they are written.
func inOrder(body *hclsyntax.Body) (all []*hclsyntax.Attribute) {
	for _, a := range body.Attributes {
		all = append(all, a)
	}
	slices.SortFunc(all, func(a, b *hclsyntax.Attribute) int { return a.NameRange.Start.Byte - b.NameRange.Start.Byte })
	return all
}
