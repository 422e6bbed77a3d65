package config

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Skim reads only which blocks there are: the kinds and names of resources, the names
// of variables, outputs and calls, and the same of called modules. It takes a small
// part of the time of [Load], and judges nothing: of a file that is wrong it returns
// the blocks that it recognises.
func Skim(fsys fs.FS) *Module {
	m := &Module{Dir: "."}
	l := &loader{folder: fsys, root: m, read: map[string]*Module{".": m}}
	m.skim(fsys)
	l.skim(m, []string{"."})
	return m
}

// skim reads the modules that m calls, each folder once; chain is as in [loader.calls].
func (l *loader) skim(m *Module, chain []string) {
	for _, c := range m.Calls {
		dir, wrong := l.dir(m, c)
		if wrong != nil || slices.Contains(chain, dir) {
			continue
		}
		child, have := l.read[dir]
		if !have {
			child = &Module{Dir: dir, root: l.root}
			l.read[dir] = child
			if folder, err := l.sub(path.Clean(dir)); err == nil {
				child.skim(folder)
				l.skim(child, append(slices.Clone(chain), dir))
			}
		}
		c.Module = child
	}
}

// skim adds the blocks of the files of a folder.
func (m *Module) skim(fsys fs.FS) {
	names, _ := list(fsys, func(name string) bool {
		return strings.HasSuffix(name, NativeSuffix) || strings.HasSuffix(name, JSONSuffix)
	})
	for _, name := range names {
		src, err := read(fsys, name)
		switch {
		case err != nil:
		case strings.HasSuffix(name, JSONSuffix):
			m.skimJSON(src)
		default:
			s := blockSkimmer{src: src}
			s.blocks(func(header []string, body []byte) { m.note(header, body) })
		}
	}
	m.duplicates() // a name stands once
}

// note adds a block by its type and labels.
func (m *Module) note(header []string, body []byte) {
	switch kind := header[0]; {
	case len(header) == 3 && (kind == "resource" || kind == "data" || kind == "action"):
		m.Resources = append(m.Resources, &Resource{Data: kind == "data", Action: kind == "action", Kind: header[1], Name: header[2]})
	case len(header) != 2:
	case kind == "variable":
		m.Variables = append(m.Variables, &Variable{Name: header[1]})
	case kind == "output":
		m.Outputs = append(m.Outputs, &Output{Name: header[1]})
	case kind == "module":
		m.Calls = append(m.Calls, &Call{Name: header[1], Source: skimSource(body)})
	}
}

// skimSource is the source of a module block, or "".
func skimSource(body []byte) string {
	for line := range bytes.Lines(body) {
		name, value, ok := strings.Cut(strings.TrimSpace(string(line)), "=")
		if value = strings.TrimSpace(value); ok && strings.TrimSpace(name) == "source" && strings.HasPrefix(value, `"`) {
			source, _, _ := strings.Cut(value[1:], `"`)
			return source
		}
	}
	return ""
}

// skimJSON adds the blocks of a file in JSON syntax, as far as they are objects.
func (m *Module) skimJSON(src []byte) {
	var top map[string]json.RawMessage
	_ = json.Unmarshal(src, &top)
	for _, kind := range slices.Sorted(maps.Keys(top)) {
		var named map[string]json.RawMessage
		_ = json.Unmarshal(top[kind], &named)
		for _, first := range slices.Sorted(maps.Keys(named)) {
			var inner map[string]json.RawMessage
			_ = json.Unmarshal(named[first], &inner)
			if kind != "resource" && kind != "data" && kind != "action" {
				m.note([]string{kind, first}, append([]byte("source = "), inner["source"]...))
				continue
			}
			for _, second := range slices.Sorted(maps.Keys(inner)) {
				m.note([]string{kind, first, second}, nil)
			}
		}
	}
}

// blockSkimmer finds the blocks of a file in native syntax.
type blockSkimmer struct {
	src []byte
	at  int
}

// blocks calls visit with the type, the labels and the body of each block at the top.
func (s *blockSkimmer) blocks(visit func(header []string, body []byte)) {
	var header []string
	for s.at < len(s.src) {
		switch c := s.src[s.at]; {
		case c == '{':
			begin := s.at
			s.braces()
			if len(header) > 0 {
				visit(header, s.src[begin:s.at])
			}
			header = nil
		case c == '"':
			begin := s.at
			s.text()
			if label := strings.Trim(string(s.src[begin:s.at]), `"`); identifier(label) {
				header = append(header, label)
			}
		case letter(c):
			begin := s.at
			for s.at < len(s.src) && letter(s.src[s.at]) {
				s.at++
			}
			header = append(header, string(s.src[begin:s.at]))
		default:
			if c == '\n' {
				header = nil
			}
			s.step()
		}
	}
}

// identifier is [hclsyntax.ValidIdentifier], which reads a text as if it were a whole file,
// with a short way for the letters that most names are made of.
func identifier(text string) bool {
	for i := range len(text) {
		switch c := text[i]; {
		case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_':
		case i > 0 && ('0' <= c && c <= '9' || c == '-'):
		default:
			return hclsyntax.ValidIdentifier(text)
		}
	}
	return text != ""
}

// braces goes past the text in braces.
func (s *blockSkimmer) braces() {
	for depth := 0; s.at < len(s.src); {
		switch s.src[s.at] {
		case '{':
			depth++
		case '}':
			depth--
		case '"', '#', '/', '<':
		default:
			s.at++
			continue
		}
		if s.step(); depth == 0 {
			return
		}
	}
}

// step goes past one character, or a text, comment or heredoc.
func (s *blockSkimmer) step() {
	rest := s.src[s.at:]
	switch {
	case rest[0] == '"':
		s.text()
	case rest[0] == '#' || bytes.HasPrefix(rest, []byte("//")):
		s.past("\n")
	case bytes.HasPrefix(rest, []byte("/*")):
		s.past("*/")
	case bytes.HasPrefix(rest, []byte("<<")):
		s.heredoc()
	default:
		s.at++
	}
}

// past goes behind the next end, or to the end of the file.
func (s *blockSkimmer) past(end string) {
	i := bytes.Index(s.src[s.at:], []byte(end))
	if i < 0 {
		s.at = len(s.src)
		return
	}
	s.at += i + len(end)
}

// text goes past a text in quotes, which ends with its line at the latest, and past the
// expressions in it.
func (s *blockSkimmer) text() {
	for s.at++; s.at < len(s.src); s.at++ {
		switch c := s.src[s.at]; {
		case c == '\\':
			s.at++
		case c == '"':
			s.at++
			return
		case c == '\n':
			return
		case (c == '$' || c == '%') && bytes.HasPrefix(s.src[s.at+1:], []byte("{")) && s.src[s.at-1] != c:
			s.at++
			s.braces()
			s.at--
		}
	}
	s.at = min(s.at, len(s.src))
}

// heredoc goes past a heredoc, if one begins here.
func (s *blockSkimmer) heredoc() {
	line, _, _ := bytes.Cut(s.src[s.at:], []byte("\n"))
	word := strings.TrimSpace(strings.TrimPrefix(string(line[2:]), "-"))
	if s.at += 2; !hclsyntax.ValidIdentifier(word) {
		return
	}
	for s.past("\n"); s.at < len(s.src); s.past("\n") {
		if line, _, _ = bytes.Cut(s.src[s.at:], []byte("\n")); strings.TrimSpace(string(line)) == word {
			s.at += len(line)
			return
		}
	}
}

// letter reports whether c may be part of a name.
func letter(c byte) bool {
	return c == '_' || c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
