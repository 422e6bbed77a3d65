package config

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

// shut is a folder whose files nobody may open.
type shut struct{ fstest.MapFS }

func (s shut) Open(name string) (fs.File, error) {
	if strings.HasSuffix(name, ".hcl") {
		return nil, &fs.PathError{Op: "openat", Path: name, Err: fs.ErrPermission}
	}
	return s.MapFS.Open(name)
}

func (s shut) ReadFile(name string) ([]byte, error) {
	_, err := s.Open(name)
	return nil, err
}

// A file that may not be read is named in words, and in none of Go's.
func TestAFileThatMayNotBeRead(t *testing.T) {
	_, diags := LoadTest(shut{}, "a.kiratest.hcl")
	if len(diags) != 1 || diags[0].Detail != "a.kiratest.hcl: you may not open it. Check that the file is there and that you may read it." {
		t.Errorf("got %v", diags)
	}
}
