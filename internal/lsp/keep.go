package lsp

import (
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"kiraform/internal/config"
)

// parsed is the uses of the names in a file, as long as neither the text of the file nor
// the modules of the configuration change.
type parsed struct {
	text  string
	calls string // see signature
	uses  []use
	whole bool // the file makes sense as a whole
}

// uses fills the index with the uses in all files. Only files that have changed are
// parsed.
func (s *server) uses(ix *index) {
	calls := ix.signature()
	for file := range s.parsed[ix.root] {
		if _, there := ix.texts[file]; !there {
			delete(s.parsed[ix.root], file)
		}
	}
	if s.parsed[ix.root] == nil {
		s.parsed[ix.root] = make(map[string]parsed)
	}
	for _, file := range slices.Sorted(maps.Keys(ix.texts)) {
		k, have := s.parsed[ix.root][file]
		if !have || k.text != ix.texts[file] || k.calls != calls {
			k = parsed{text: ix.texts[file], calls: calls}
			k.uses, k.whole = ix.usesIn(file)
			s.parsed[ix.root][file] = k
		}
		ix.uses = append(ix.uses, k.uses...)
		ix.unsure[file] = !k.whole
	}
}

// editing returns the documents that are open below a folder, by their path from it.
func (s *server) editing(root string, texts map[string]string) map[string]*config.Edited {
	maps.DeleteFunc(s.edited, func(path string, _ *config.Edited) bool { _, open := texts[path]; return !open })
	below := make(map[string]*config.Edited)
	for path := range texts {
		rel, err := filepath.Rel(root, path)
		if err != nil || !strings.HasSuffix(path, ".hcl") {
			continue
		}
		if s.edited[path] == nil {
			if s.edited == nil {
				s.edited = make(map[string]*config.Edited)
			}
			s.edited[path] = new(config.Edited)
		}
		below[filepath.ToSlash(rel)] = s.edited[path]
	}
	return below
}

// usesIn finds the uses of names in a file, in the order in which they stand. It reports
// whether these are all.
func (ix *index) usesIn(file string) (all []use, whole bool) {
	one := &index{root: ix.root, texts: ix.texts, calls: ix.calls, edited: ix.edited}
	body, whole := ix.parse(file)
	if body != nil {
		one.file(path.Dir(file), file, body)
	}
	slices.SortFunc(one.uses, func(a, b use) int { return a.from - b.from })
	return one.uses, whole
}

// signature is the calls of modules as a text.
func (ix *index) signature() string {
	var b strings.Builder
	for _, n := range slices.SortedFunc(maps.Keys(ix.calls), func(a, b name) int {
		return strings.Compare(a.dir+" "+a.text, b.dir+" "+b.text)
	}) {
		fmt.Fprintf(&b, "%s %s %s\n", n.dir, n.text, ix.calls[n])
	}
	return b.String()
}

// rootAbove is the deepest of the folders that the editor has open which has dir in it,
// or "".
func (s *server) rootAbove(dir string) (root string) {
	for _, r := range s.roots {
		rel, err := filepath.Rel(r, dir)
		if err == nil && filepath.IsLocal(rel) && len(r) > len(root) {
			root = r
		}
	}
	return root
}
