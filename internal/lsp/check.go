package lsp

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kiraform/internal/config"
	"kiraform/internal/event"
	"kiraform/internal/sched"
)

// checks checks the configuration whenever a text has changed and then rests. A check that
// is overtaken by the next change ends without a word.
//
// The longer a check takes, the longer a text has to rest for the next one.
func (s *server) checks(ctx context.Context) {
	pause := rest
	for waiting := false; ; {
		if !waiting {
			select {
			case <-ctx.Done():
				return
			case <-s.dirty:
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-s.dirty:
			waiting = true
			continue
		case <-time.After(pause):
		}
		began := time.Now()
		if waiting = !s.unlessOvertaken(ctx, s.check); !waiting {
			pause = min(max(rest, time.Since(began)/2), longestRest)
		}
	}
}

// unlessOvertaken carries out a check, whose context ends with the next change. It reports
// whether there was none.
func (s *server) unlessOvertaken(ctx context.Context, check func(context.Context)) bool {
	ctx, cancel := context.WithCancel(ctx)
	overtaken := make(chan bool)
	go func() {
		select {
		case <-s.dirty:
			cancel()
			overtaken <- true
		case <-ctx.Done():
			overtaken <- false
		}
	}()
	_ = sched.Catch(func() error { // a bug in a check must not end the server
		check(ctx)
		return nil
	})
	cancel()
	return !<-overtaken
}

// check publishes the mistakes of each configuration of which a document is open, and
// takes back those that are none any more.
func (s *server) check(ctx context.Context) {
	texts, versions := s.snapshot()
	folders := make(map[string][]string) // with the documents that are open
	for file := range texts {
		dir := s.rootOf(filepath.Dir(file), texts)
		folders[dir] = append(folders[dir], file)
	}
	for dir := range s.published {
		if folders[dir] == nil {
			s.publish(dir, nil, texts, versions)
			delete(s.published, dir)
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(folders)) {
		opened, err := s.folder(dir, texts)
		if err != nil {
			continue
		}
		byFile := make(map[string][]event.Diagnostic)
		for _, file := range folders[dir] { // none is news as well
			if rel, err := filepath.Rel(dir, file); err == nil {
				byFile[filepath.ToSlash(rel)] = nil
			}
		}
		folder := stoppable{opened, ctx}
		s.Check(ctx, dir, folder, func(e event.Event) {
			d, ok := e.(event.Diagnostic)
			if !ok {
				return
			}
			file := firstFile(folder)
			if d.Source != nil {
				file = d.Source.File
			}
			byFile[file] = append(byFile[file], d)
		})
		opened.Close()
		if ctx.Err() != nil {
			return
		}
		s.publish(dir, byFile, texts, versions)
	}
}

// firstFile is the file at which a mistake is shown that is in no place.
func firstFile(folder fs.FS) string {
	entries, _ := fs.ReadDir(folder, ".")
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), config.NativeSuffix) {
			return e.Name()
		}
	}
	return "main" + config.NativeSuffix
}

// publish tells the editor of the mistakes in the configuration in dir. Of a file that is
// not open it says nothing that it has said already.
func (s *server) publish(dir string, byFile map[string][]event.Diagnostic, texts map[string]string, versions map[string]int) {
	before, now, uris := s.published[dir], make(map[string]string), s.names()
	for file := range before {
		if _, still := byFile[file]; !still {
			byFile = withNone(byFile, file)
		}
	}
	for _, file := range slices.Sorted(maps.Keys(byFile)) {
		at := filepath.Join(dir, filepath.FromSlash(file))
		p := publishParams{URI: firstOf(uris[at], uriOf(at)), Diagnostics: []diagnostic{}}
		text, open := texts[at]
		if open {
			v := versions[at]
			p.Version = &v
		} else if len(byFile[file]) > 0 {
			text = s.read(dir, file)
		}
		lines := linesOf(text)
		if !open && strings.HasPrefix(text, mark) {
			lines = linesOf(text[len(mark):])
			lines.marked = len(mark)
		}
		said := make(map[diagnostic]bool) // instances of a block mostly have the same mistakes
		for _, d := range byFile[file] {
			if m := diagnosticOf(d, lines); !said[m] && len(said) < mostMistakes {
				said[m] = true
				p.Diagnostics = append(p.Diagnostics, m)
			}
		}
		params, err := json.Marshal(p)
		if err != nil {
			continue
		}
		if open || before[file] != string(params) {
			_ = s.send(message{Method: "textDocument/publishDiagnostics", Params: params})
		}
		switch {
		case open:
			now[file] = "" // which the editor may forget when it is closed
		case len(p.Diagnostics) > 0:
			now[file] = string(params)
		}
	}
	s.published[dir] = now
}

// onlyTests reports whether the open documents in a folder are tests, which are about the
// folder above.
func onlyTests(dir string, texts map[string]string) bool {
	tests := false
	for file := range texts {
		if filepath.Dir(file) != dir {
			continue
		}
		if !config.IsTest(file) {
			return false
		}
		tests = true
	}
	return tests
}

func withNone(byFile map[string][]event.Diagnostic, file string) map[string][]event.Diagnostic {
	if byFile == nil {
		byFile = make(map[string][]event.Diagnostic)
	}
	byFile[file] = nil
	return byFile
}

// diagnosticOf is a mistake as editors show it.
func diagnosticOf(d event.Diagnostic, text lines) diagnostic {
	out := diagnostic{Severity: 1, Code: d.Code, Source: "kiraform", Message: d.Summary}
	if d.Severity == "warning" {
		out.Severity = 2
	}
	if d.Detail != "" {
		out.Message += ": " + d.Detail
	}
	if d.Source != nil {
		out.Range = text.span(d.Source.Byte, d.Source.EndByte)
	}
	return out
}

// folder is the configuration in dir with the texts that are not saved.
func (s *server) folder(dir string, texts map[string]string) (overlay, error) {
	folder, err := s.Folder(dir)
	if err != nil && !errors.Is(err, fs.ErrPermission) { // it is not there, or is none any more
		folder, err = nowhere{}, nil
	}
	if err != nil {
		return overlay{}, err
	}
	return overlay{folder, dir, texts}, nil
}

// read returns the text of a file that is not open, or "".
func (s *server) read(dir, file string) string {
	folder, err := s.folder(dir, nil)
	if err != nil {
		return ""
	}
	defer folder.Close()
	if !fs.ValidPath(file) {
		return ""
	}
	data, err := fs.ReadFile(folder, file)
	if err != nil {
		return ""
	}
	return string(data)
}

// rootOf returns the folder whose configuration the files in dir belong to: dir itself,
// unless a folder above it, within the one that the editor has open, calls it as a
// module.
func (s *server) rootOf(dir string, texts map[string]string) string {
	s.mu.Lock()
	root := s.rootAbove(dir)
	s.mu.Unlock()
	rel, err := filepath.Rel(root, dir)
	if root == "" || err != nil || rel == "." { // nothing is above it
		return dir
	}
	if filepath.Base(dir) == testFolder && onlyTests(dir, texts) {
		return filepath.Dir(dir)
	}
	parts := strings.Split(filepath.ToSlash(rel), "/")
	for i := range parts {
		above := filepath.Join(append([]string{root}, parts[:i]...)...)
		folder, err := s.folder(above, texts)
		if err != nil {
			continue
		}
		want := path.Join(parts[i:]...)
		modules := config.Skim(folder).Modules()[1:]
		folder.Close()
		if slices.ContainsFunc(modules, func(m *config.Module) bool { return m.Dir == want }) {
			return above
		}
	}
	return dir
}
