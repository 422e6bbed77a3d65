package lsp

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
)

// addRoots takes note of folders that the editor has open.
func (s *server) addRoots(all ...documentID) {
	for _, f := range all {
		if root := pathOf(f.URI); root != "" && !slices.Contains(s.roots, root) {
			s.roots = append(slices.Clone(s.roots), root)
		}
	}
}

// initialized asks the editor to tell of files that change on disk.
func (s *server) initialized(struct{}) (any, *rpcError) {
	if !s.watches {
		return nil, nil
	}
	watchers := map[string]any{"watchers": []map[string]any{{"globPattern": "**/*.{kira,kiravars,kirapolicy,kiratest}.{hcl,json}"}}}
	params, err := json.Marshal(map[string]any{"registrations": []map[string]any{
		{"id": "files", "method": "workspace/didChangeWatchedFiles", "registerOptions": watchers}}})
	if err == nil {
		id := json.RawMessage(`"files"`)
		_ = s.send(message{ID: &id, Method: "client/registerCapability", Params: params})
	}
	return nil, nil
}

func (s *server) foldersChanged(p foldersParams) (any, *rpcError) {
	s.mu.Lock()
	for _, f := range p.Event.Removed {
		root := pathOf(f.URI)
		s.roots = slices.DeleteFunc(slices.Clone(s.roots), func(r string) bool { return r == root })
	}
	s.addRoots(p.Event.Added...)
	s.mu.Unlock()
	s.touch()
	return nil, nil
}

func (s *server) opened(p openParams) (any, *rpcError) {
	s.set(p.TextDocument.URI, p.TextDocument.Text, p.TextDocument.Version)
	return nil, nil
}

func (s *server) changed(p changeParams) (any, *rpcError) {
	path := pathOf(p.TextDocument.URI)
	s.mu.Lock()
	text, open := s.texts[path]
	s.mu.Unlock()
	if !open {
		return nil, nil
	}
	for _, c := range p.ContentChanges {
		if c.Range == nil {
			text = c.Text
			continue
		}
		from, to := offsetOf(text, c.Range.Start), offsetOf(text, c.Range.End)
		from, to = min(from, to), max(from, to) // as the library of VS Code reads a range from its end
		text = text[:from] + c.Text + text[to:]
	}
	s.set(p.TextDocument.URI, text, p.TextDocument.Version)
	return nil, nil
}

// set keeps the text of a document, unless it is none that kiraform could read.
func (s *server) set(uri, text string, version int) {
	path := pathOf(uri)
	if path == "" || !ours(filepath.ToSlash(path)) || len(text) > maxMessage {
		return
	}
	s.mu.Lock()
	s.texts[path], s.versions[path] = text, version
	if s.uris == nil {
		s.uris = make(map[string]string)
	}
	s.uris[path] = uri
	s.mu.Unlock()
	s.touch()
}

func (s *server) closed(p documentParams) (any, *rpcError) {
	path := pathOf(p.TextDocument.URI)
	s.mu.Lock()
	delete(s.texts, path)
	delete(s.versions, path)
	s.mu.Unlock()
	s.touch()
	return nil, nil
}

// names returns the URIs of the documents that were open, as the editor writes them. It may
// take another way to write the same one for another document.
func (s *server) names() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.uris)
}

// touch has the configuration checked soon.
func (s *server) touch() {
	select {
	case s.dirty <- struct{}{}:
	default:
	}
}

// snapshot returns the texts of the open documents, which do not change any more.
func (s *server) snapshot() (texts map[string]string, versions map[string]int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.texts), maps.Clone(s.versions)
}
