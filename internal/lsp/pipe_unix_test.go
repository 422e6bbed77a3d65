//go:build unix

package lsp

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"kiraform/internal/engine"
	"kiraform/internal/event"
	"kiraform/state"
)

// A pipe that has the name of a file is waited for by no request and by no check, and the
// check says of it what validate says.
func TestAPipeIsNotWaitedFor(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"b.kira.hcl", "c.kiratest.hcl", "d.auto.kiravars.hcl", "e.kira.json", "f.kirapolicy.hcl"} {
		if err := syscall.Mkfifo(filepath.Join(dir, name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := &server{texts: map[string]string{}, versions: map[string]int{}, parsed: map[string]map[string]parsed{}, dirty: make(chan struct{}, 1), roots: []string{dir},
		Options: Options{State: func(string) *state.State { return nil }, Folder: func(dir string) (fs.FS, error) { return os.DirFS(dir), nil }}}
	uri := uriOf(filepath.Join(dir, "a.kira.hcl"))
	s.set(uri, "variable \"a\" {}\n", 1)
	if ix, _ := s.index(uri); ix == nil || !ix.defined(name{".", "var.a"}) || len(ix.texts) != 1 {
		t.Errorf("it has %v", ix)
	}
	codes := func(folder fs.FS) (all []string) {
		_, _ = engine.Validate(context.Background(), engine.Options{Version: "0.1.0", FS: folder, Closed: true, Emit: func(e event.Event) {
			if d, ok := e.(event.Diagnostic); ok {
				all = append(all, d.Code+": "+d.Detail)
			}
		}})
		return all
	}
	texts, _ := s.snapshot()
	folder, err := s.folder(dir, texts)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a.kira.hcl"), []byte(texts[filepath.Join(dir, "a.kira.hcl")]), 0o600); err != nil {
		t.Fatal(err)
	}
	got, want := codes(stoppable{folder, t.Context()}), codes(os.DirFS(dir))
	if len(want) == 0 || len(got) != len(want) || got[0] != want[0] {
		t.Errorf("the check says %q, want %q", got, want)
	}
}
