package lsp

import (
	"maps"
	"slices"
	"sort"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"kiraform/internal/lang"
	"kiraform/schema"
)

// completeValues proposes the variables that a file of values has no value for.
func (s *server) completeValues(ix *index, file string, p placeParams) completionList {
	if ix == nil || !strings.HasSuffix(file, ".kiravars.hcl") {
		return completionList{Items: []completionItem{}}
	}
	text := ix.texts[file]
	offset := offsetOf(text, p.Position)
	c := &completing{scope: ix.scopeAt(file, offset), ix: ix, dir: ".", file: file, offset: offset, items: []completionItem{}}
	if len(c.frames) > 0 || c.value || len(c.line) > 1 {
		return c.list()
	}
	for _, u := range ix.uses {
		short, ok := strings.CutPrefix(u.text, "var.")
		given := func(o use) bool { return o.name == u.name && o.file == file && (offset < o.from || o.to < offset) }
		if ok && u.defines && u.dir == "." && !slices.ContainsFunc(ix.uses, given) {
			c.add(itemVariable, short, "variable", "", short+" = ")
		}
	}
	return c.list()
}

// values proposes the values that may stand behind an equals sign.
func (c *completing) values(header, path []string) {
	k, attrs := attrsAt(header, path)
	if c.attr != "" && len(path) > 0 && path[len(path)-1] == c.attr { // an element of a list of texts
		k, attrs = attrsAt(header, path[:len(path)-1])
	}
	var a *schema.Attr
	if i := slices.IndexFunc(attrs, func(a schema.Attr) bool { return a.Name == c.attr }); i >= 0 {
		a = &attrs[i]
	}
	variant := c.variant(k, header)
	if a != nil && a.Type != cty.NilType && !strings.Contains(c.word, ".") {
		for _, v := range a.Values(variant) {
			if c.quoted {
				c.add(itemValue, v, a.Name, "", v)
			} else {
				c.add(itemValue, `"`+v+`"`, a.Name, "", `"`+v+`"`)
			}
		}
		if a.Type == cty.Bool {
			c.words(itemValue, "true", "false")
		}
	}
	if c.quoted {
		if len(header) > 0 && header[0] == "provider" {
			c.words(itemValue, providerValues[c.attr]...)
		}
		return
	}
	c.references(a)
}

// references proposes the names that an expression may refer to.
func (c *completing) references(a *schema.Attr) {
	before, _, dotted := cutLast(c.word, ".")
	if dotted {
		c.members(before)
		return
	}
	own := c.own()
	if a != nil && a.Ref != "" {
		for _, u := range c.ix.uses {
			if u.defines && u.dir == c.dir && u.text != own && strings.HasPrefix(u.text, a.Ref+".") {
				c.add(itemReference, u.text+".id", a.Ref, "", u.text+".id")
			}
		}
	}
	seen := make(map[string]bool)
	for _, u := range c.ix.uses {
		if u.defines && u.dir == c.dir && u.text != own && !strings.HasPrefix(u.text, "output.") && !seen[u.text] {
			seen[u.text] = true
			c.add(itemVariable, u.text, "", "", u.text)
		}
	}
	c.words(itemKeyword, "each", "count", "self", "path", "true", "false", "null")
	c.functions()
}

func (c *completing) functions() {
	for _, name := range slices.Sorted(maps.Keys(lang.Closed(lang.Moment{}))) {
		if !strings.Contains(name, "::") {
			c.add(itemFunction, name, "function", "", name+"(")
		}
	}
}

// members proposes the names that may stand behind a dot.
func (c *completing) members(before string) {
	if i := strings.IndexByte(before, '['); i >= 0 && strings.HasSuffix(before, "]") {
		before = before[:i]
	}
	switch before {
	case "each":
		c.words(itemField, "key", "value")
		return
	case "count":
		c.words(itemField, "index")
		return
	case "path":
		c.words(itemField, "module", "root", "cwd")
		return
	}
	next, own := make(map[string]bool), c.own()
	for _, u := range c.ix.uses {
		if rest, ok := strings.CutPrefix(u.text, before+"."); ok && u.defines && u.dir == c.dir && u.text != own {
			word, _, _ := strings.Cut(rest, ".")
			next[word] = true
		}
	}
	c.words(itemVariable, slices.Sorted(maps.Keys(next))...)
	if in, ok := c.ix.calls[name{c.dir, before}]; ok {
		for _, u := range c.ix.uses {
			if out, is := strings.CutPrefix(u.text, "output."); is && u.defines && u.dir == in {
				c.add(itemField, out, "output of the module", "", out)
			}
		}
	}
	if k := kindOf(before); k != nil && len(next) == 0 {
		all := slices.Clone(k.Attrs)
		sort.SliceStable(all, func(i, j int) bool { return all[i].Computed && !all[j].Computed })
		for i := range all {
			c.add(itemField, all[i].Name, attrDetail(&all[i], ""), attrDoc(&all[i], ""), all[i].Name)
		}
	}
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return "", s, false
	}
	return s[:i], s[i+len(sep):], true
}
