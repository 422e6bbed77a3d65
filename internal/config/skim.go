package config

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
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
	m.once()
}

// once leaves each name once, as Load does.
func (m *Module) once() {
	type name struct {
		data, action bool
		kind, name   string
	}
	resources := m.Resources
	m.Resources = nil // which may be thousands, of which nothing is said
	m.duplicates()
	seen := make(map[name]bool, len(resources))
	m.Resources = slices.DeleteFunc(resources, func(r *Resource) bool {
		n := name{r.Data, r.Action, r.Kind, r.Name}
		twice := seen[n]
		seen[n] = true
		return twice
	})
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
