package lsp

import (
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"kiraform/internal/config"
)

// name is something that has a name in a module: a resource, a variable and so on.
type name struct {
	dir  string // the folder of the module, from that of the configuration
	text string // as an expression refers to it, such as var.people or kira_user.maria; or output.x
}

// use is one place in which a name stands: the last word of it, such as maria.
type use struct {
	name
	file     string // from the folder of the configuration
	from, to int    // bytes
	defines  bool
	kept     bool // in a moved or removed block: the name that something had
}

// index is all names of a configuration and their uses, as far as its files can be
// parsed.
type index struct {
	root  string            // the folder of the configuration, absolute
	texts map[string]string // of the files, by path from root
	uses  []use
	calls map[name]string   // the folders of called modules
	other map[string]string // texts in JSON, by path from root: their names are not known
	mods  []*config.Module

	edited map[string]*config.Edited // the documents that are open, by path from root
	unsure map[string]bool           // the files that make no sense as a whole
	uris   map[string]string         // of the editor, by absolute path
}

// index reads the configuration that a file belongs to, and returns the path of the
// file in it. Of a file that is neither open nor in a folder that the editor has open it
// reads nothing.
func (s *server) index(uri string) (ix *index, file string) {
	at := pathOf(uri)
	texts, _ := s.snapshot()
	uris := s.names()
	if _, open := texts[at]; at == "" || !open && s.rootAbove(filepath.Dir(at)) == "" {
		return nil, ""
	}
	root := s.rootOf(filepath.Dir(at), texts)
	folder, err := s.folder(root, texts)
	if err != nil {
		return nil, ""
	}
	defer folder.Close()
	ix = &index{root: root, texts: make(map[string]string), calls: make(map[name]string), other: make(map[string]string),
		unsure: make(map[string]bool), uris: uris}
	ix.mods = config.Skim(folder).Modules()
	for _, m := range ix.mods {
		for _, c := range m.Calls {
			if c.Module != nil {
				ix.calls[name{m.Dir, "module." + c.Name}] = c.Module.Dir
			}
		}
		ix.read(folder, texts, m.Dir, m.Dir)
	}
	ix.read(folder, texts, testFolder, ".")
	ix.edited = s.editing(root, texts)
	s.uses(ix)
	rel, err := filepath.Rel(root, at)
	if err != nil {
		return nil, ""
	}
	return ix, filepath.ToSlash(rel)
}

// testFolder is the folder below that of a configuration that has tests as well.
const testFolder = "tests"

// read reads the files of a folder, which are about the module in of.
func (ix *index) read(folder fs.FS, texts map[string]string, dir, of string) {
	if !fs.ValidPath(dir) {
		return // of another folder, which is not edited from here
	}
	entries, _ := fs.ReadDir(folder, dir)
	for _, e := range entries {
		file := path.Join(dir, e.Name())
		switch isJSON := strings.HasSuffix(file, ".json"); {
		case e.IsDir() || !ours(file) || dir != of && !config.IsTest(file):
			continue
		case dir != "." && dir == of && !isJSON && !strings.HasSuffix(file, config.NativeSuffix):
			continue // values, tests and policies are about the root module
		}
		src, err := fs.ReadFile(folder, file)
		switch {
		case err != nil:
		case strings.HasSuffix(file, ".json"):
			ix.other[file] = string(src)
		default:
			ix.texts[file] = string(src)
			if _, open := texts[filepath.Join(ix.root, filepath.FromSlash(file))]; !open { // an editor takes the mark for none of its characters
				ix.texts[file] = strings.TrimPrefix(ix.texts[file], mark)
			}
		}
	}
}

// tree is the tree of a file, as far as it makes sense.
func (ix *index) tree(file string) *hclsyntax.Body {
	body, _ := ix.parse(file)
	return body
}

// parse parses a file. It reports whether all of it makes sense.
func (ix *index) parse(file string) (body *hclsyntax.Body, whole bool) {
	text, ok := ix.texts[file]
	if !ok {
		return nil, false
	}
	if e := ix.edited[file]; e != nil {
		return e.Tree(text, file)
	}
	return config.Tree([]byte(text), file)
}

// file adds the uses in a file.
func (ix *index) file(dir, file string, body *hclsyntax.Body) {
	switch {
	case strings.HasSuffix(file, ".kiravars.hcl"):
		ix.values(dir, file, body)
		return
	case config.IsTest(file):
		ix.tests(file, body)
		return
	case config.IsPolicyFile(file):
		ix.expressions(dir, file, body, false)
		ix.addresses(dir, file, body)
		return
	}
	for _, b := range body.Blocks {
		ix.block(dir, file, b)
	}
}

// values adds the variables that a body gives values to.
func (ix *index) values(dir, file string, body *hclsyntax.Body) {
	for _, a := range body.Attributes {
		ix.add(use{name: name{dir, "var." + a.Name}, file: file}, a.NameRange)
	}
}

func (ix *index) block(dir, file string, b *hclsyntax.Block) {
	define := func(text string, label int) {
		if label < len(b.LabelRanges) {
			ix.add(use{name: name{dir, text}, file: file, defines: true}, b.LabelRanges[label])
		}
	}
	switch labels := b.Labels; {
	case b.Type == "resource" && len(labels) == 2:
		define(labels[0]+"."+labels[1], 1)
	case (b.Type == "data" || b.Type == "action") && len(labels) == 2:
		define(b.Type+"."+labels[0]+"."+labels[1], 1)
	case b.Type == "variable" && len(labels) == 1:
		define("var."+labels[0], 0)
	case b.Type == "output" && len(labels) == 1:
		define("output."+labels[0], 0)
	case b.Type == "module" && len(labels) == 1:
		define("module."+labels[0], 0)
		if in, ok := ix.calls[name{dir, "module." + labels[0]}]; ok {
			for _, a := range b.Body.Attributes {
				if !slices.Contains(config.ReservedNames, a.Name) {
					ix.add(use{name: name{in, "var." + a.Name}, file: file}, a.NameRange)
				}
			}
		}
	case b.Type == "locals":
		for _, a := range b.Body.Attributes {
			ix.add(use{name: name{dir, "local." + a.Name}, file: file, defines: true}, a.NameRange)
		}
	}
	ix.expressions(dir, file, b.Body, b.Type == "moved" || b.Type == "removed")
}

// expressions adds the references in a body.
func (ix *index) expressions(dir, file string, body *hclsyntax.Body, kept bool) {
	for _, t := range traversalsIn(body) {
		ix.reference(dir, file, t, kept)
	}
}

// reference adds the names that a traversal goes through.
func (ix *index) reference(dir, file string, t hcl.Traversal, kept bool) {
	root := t.RootName()
	if config.Reserved(root) {
		return
	}
	parts, last := 2, "."
	if root == "data" || root == "action" {
		parts = 3
	}
	if len(t) < parts {
		return
	}
	var text strings.Builder
	text.WriteString(root)
	for _, step := range t[1:parts] {
		a, ok := step.(hcl.TraverseAttr)
		if !ok {
			return
		}
		text.WriteString(last + a.Name)
	}
	rng := ix.lastWord(file, t[parts-1].SourceRange(), t[parts-1].(hcl.TraverseAttr).Name)
	ix.add(use{name: name{dir, text.String()}, file: file, kept: kept}, rng)
	in, ok := ix.calls[name{dir, text.String()}]
	if !ok {
		return
	}
	rest := t[parts:]
	for len(rest) > 0 {
		if _, index := rest[0].(hcl.TraverseIndex); !index {
			break
		}
		rest = rest[1:]
	}
	switch step, ok := first(rest).(hcl.TraverseAttr); {
	case !ok:
	case len(rest) > 1 && strings.HasPrefix(step.Name, "kira_") || step.Name == "module" || step.Name == "data":
		inner := append(hcl.Traversal{hcl.TraverseRoot{Name: step.Name, SrcRange: step.SrcRange}}, rest[1:]...)
		ix.reference(in, file, inner, kept)
	default:
		ix.add(use{name: name{in, "output." + step.Name}, file: file, kept: kept}, ix.lastWord(file, step.SrcRange, step.Name))
	}
}

// lastWord is the place of the word that a range ends with.
func (ix *index) lastWord(file string, rng hcl.Range, word string) hcl.Range {
	end := min(rng.End.Byte, len(ix.texts[file]))
	rng.Start.Byte += max(0, end-rng.Start.Byte-len(word))
	return rng
}

func first(t hcl.Traversal) hcl.Traverser {
	if len(t) == 0 {
		return nil
	}
	return t[0]
}

// add adds a use; of a label in quotes the place is that of the text within them.
func (ix *index) add(u use, rng hcl.Range) {
	u.from, u.to = rng.Start.Byte, rng.End.Byte
	text := ix.texts[u.file]
	if u.to > len(text) || u.from > u.to {
		return
	}
	if u.to-u.from >= 2 && text[u.from] == '"' {
		u.from, u.to = u.from+1, u.to-1
	}
	ix.uses = append(ix.uses, u)
}

// at returns the use that a byte of a file is in.
func (ix *index) at(file string, offset int) (use, bool) {
	for _, u := range ix.uses {
		if u.file == file && u.from <= offset && offset <= u.to {
			return u, true
		}
	}
	return use{}, false
}

// of returns all uses of a name.
func (ix *index) of(n name) (all []use) {
	for _, u := range ix.uses {
		if u.name == n {
			all = append(all, u)
		}
	}
	return all
}

// location is the place of a use for the editor.
func (ix *index) location(u use) location {
	return location{URI: ix.uri(u.file), Range: spanOf(ix.texts[u.file], u.from, u.to)}
}

func (ix *index) uri(file string) string {
	at := filepath.Join(ix.root, filepath.FromSlash(file))
	return firstOf(ix.uris[at], uriOf(at))
}
