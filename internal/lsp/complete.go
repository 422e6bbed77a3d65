package lsp

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/config"
	"kiraform/schema"
	"kiraform/schema/kinds"
)

// completing is one request for proposals.
type completing struct {
	scope
	ix     *index
	dir    string // of the module
	file   string
	offset int
	items  []completionItem
}

func (s *server) complete(p placeParams) (any, *rpcError) {
	ix, file := s.index(p.TextDocument.URI)
	if ix == nil || ix.texts[file] == "" && ix.other[file] != "" {
		return completionList{Items: []completionItem{}}, nil
	}
	words := ownWords(file)
	if words == nil && !strings.HasSuffix(file, config.NativeSuffix) {
		return s.completeValues(ix, file, p), nil
	}
	text := ix.texts[file]
	offset := offsetOf(text, p.Position)
	c := &completing{scope: ix.scopeAt(file, offset), ix: ix, dir: path.Dir(file), file: file, offset: offset, items: []completionItem{}}
	if c.comment {
		return c.list(), nil
	}
	if words != nil {
		c.dir = ix.underTest(file, offset)
		c.proposeOwn(words)
	} else {
		c.propose()
	}
	return c.list(), nil
}

// most proposals are sent at once.
const mostProposals = 300

// list is the proposals. Where there are too many, those have precedence that have the
// typed letters in them.
func (c *completing) list() completionList {
	if len(c.items) <= mostProposals {
		return completionList{Items: c.items}
	}
	typed := strings.ToLower(c.ix.texts[c.file][c.from:c.offset])
	items := slices.DeleteFunc(c.items, func(i completionItem) bool { return !strings.Contains(strings.ToLower(i.Label), typed) })
	return completionList{IsIncomplete: len(items) > mostProposals, Items: items[:min(len(items), mostProposals)]}
}

// blocks are the types of the blocks that the cursor is in, and the attributes.
func (c *completing) blocks() (all []string) {
	for _, f := range c.frames {
		switch {
		case len(f.block) > 0:
			all = append(all, f.block[0])
		case f.attr != "":
			all = append(all, f.attr)
		}
	}
	return all
}

// own is the name that the cursor is in the declaration of, such as kira_user.maria:
// nothing can refer to itself.
func (c *completing) own() string {
	header, path := c.block()
	switch {
	case len(header) == 0:
		return ""
	case header[0] == "resource" && len(header) == 3:
		return header[1] + "." + header[2]
	case (header[0] == "data" || header[0] == "action" || header[0] == "module") && len(header) > 1:
		return strings.Join(header, ".")
	case header[0] == "locals" && len(path) > 0:
		return "local." + path[0]
	case header[0] == "locals":
		return "local." + c.attr
	}
	return ""
}

func (c *completing) propose() {
	header, path := c.block()
	switch {
	case !c.value && len(c.line) > 0 && c.quoted:
		c.labels()
	case !c.value && len(c.frames) == 0:
		for _, t := range blockTypes() {
			c.add(itemKeyword, t.Name, "", topicDoc(t), t.Name)
		}
	case c.value:
		c.values(header, path)
	case len(c.line) <= 1:
		c.names(header, path)
	}
}

// add proposes a word in place of the part that is typed.
func (c *completing) add(kind int, label, detail, doc, insert string) {
	text := c.ix.texts[c.file]
	item := completionItem{Label: label, Kind: kind, Detail: detail, SortText: fmt.Sprintf("%05d", len(c.items)),
		TextEdit: &textEdit{spanOf(text, c.from, c.offset), insert}}
	if doc != "" {
		item.Documentation = &markup{"markdown", doc}
	}
	c.items = append(c.items, item)
}

func (c *completing) words(kind int, words ...string) {
	for _, w := range words {
		c.add(kind, w, "", "", w)
	}
}

// labels proposes kinds within the quotes behind resource, data and action.
func (c *completing) labels() {
	given := 0
	for _, t := range c.line {
		if t.Type == hclsyntax.TokenCQuote {
			given++
		}
	}
	if given > 0 || len(c.frames) > 0 {
		return
	}
	known := kindsOf(string(c.line[0].Bytes))
	for _, name := range slices.Sorted(maps.Keys(known)) {
		c.add(itemClass, name, firstSentence(known[name].Doc), known[name].Doc, name)
	}
	if string(c.line[0].Bytes) == "provider" {
		c.words(itemClass, "kira")
	}
}

// kindsOf returns the schemas of the kinds of a type of block.
func kindsOf(block string) map[string]*schema.Kind {
	switch block {
	case "resource":
		return kinds.Schemas()
	case "data":
		return named(kinds.DataSchemas())
	case "action":
		return named(kinds.ActionSchemas())
	}
	return nil
}

// named returns schemas by the name that a block has, without data. or action.
func named(all map[string]*schema.Kind) map[string]*schema.Kind {
	short := make(map[string]*schema.Kind, len(all))
	for name, k := range all {
		short[name[strings.LastIndexByte(name, '.')+1:]] = k
	}
	return short
}

// attrsAt returns the attributes that may stand at a path in a block of a kind, and the
// attribute that holds them.
func attrsAt(header, path []string) (k *schema.Kind, attrs []schema.Attr) {
	if len(header) != 3 {
		return nil, nil
	}
	k = kindsOf(header[0])[header[1]]
	if k == nil {
		return nil, nil
	}
	attrs = k.Attrs
	if header[0] == "action" && len(path) > 0 && path[0] == "config" {
		path = path[1:]
	} else if header[0] == "action" {
		return k, nil
	}
	for _, name := range path {
		i := slices.IndexFunc(attrs, func(a schema.Attr) bool { return a.Name == name })
		if i < 0 {
			return k, nil
		}
		attrs = attrs[i].Nested
	}
	return k, attrs
}

// names proposes the attributes that are not written yet.
func (c *completing) names(header, path []string) {
	written := c.written()
	k, attrs := attrsAt(header, path)
	variant := c.variant(k, header)
	for i := range attrs {
		a := &attrs[i]
		if _, is := written[a.Name]; is || a.Computed || !a.Applies(variant) {
			continue
		}
		c.add(itemField, a.Name, attrDetail(a, variant), attrDoc(a, variant), a.Name+" = ")
	}
	if attrs == nil || len(header) == 3 && len(path) == 0 {
		for _, t := range wordsAt(c.blocks()...) {
			name := lastOf(t.Name)
			if _, is := written[name]; !is {
				c.add(itemKeyword, name, t.Form, topicDoc(t), name)
			}
		}
	}
	if len(header) == 2 && header[0] == "module" {
		in := c.ix.calls[name{c.dir, "module." + header[1]}]
		for _, u := range c.ix.uses {
			if short, ok := strings.CutPrefix(u.text, "var."); ok && u.defines && u.dir == in {
				c.add(itemField, short, "variable of the module", "", short+" = ")
			}
		}
	}
}

// written returns the attributes in the innermost braces, before the cursor and, in a
// block at the top, behind it.
func (c *completing) written() map[string]string {
	all := make(map[string]string)
	if n := len(c.frames); n > 0 {
		maps.Copy(all, c.frames[n-1].written)
	}
	if len(c.frames) == 1 {
		c.behind(all)
	}
	return all
}

// behind adds the attributes of the block that the cursor is in.
func (c *completing) behind(all map[string]string) {
	tree := c.ix.tree(c.file)
	if tree == nil {
		return
	}
	text := c.ix.texts[c.file]
	for _, b := range tree.Blocks {
		if c.offset < b.OpenBraceRange.End.Byte || c.offset > b.CloseBraceRange.Start.Byte {
			continue
		}
		for _, a := range b.Body.Attributes {
			if a.NameRange.Start.Byte <= c.offset && c.offset <= a.NameRange.End.Byte {
				continue // it is the one that is typed
			}
			all[a.Name] = strings.Trim(cut(text, a.Expr.Range()), `"`)
		}
	}
}

// variant is the value that decides which attributes apply, as far as it is written as
// a text.
func (c *completing) variant(k *schema.Kind, header []string) string {
	if k == nil || k.Variant == "" {
		return ""
	}
	all := make(map[string]string)
	names := strings.Split(k.Variant, ".")
	for _, f := range c.frames {
		if f.attr == "" && len(names) == 1 || f.attr == names[0] {
			maps.Copy(all, f.written)
		}
	}
	if len(names) == 1 {
		c.behind(all)
	}
	value := all[names[len(names)-1]]
	for _, a := range k.Attrs {
		if a.Name == names[0] && len(names) == 1 && !slices.Contains(a.OneOf, value) {
			return ""
		}
	}
	return value
}
